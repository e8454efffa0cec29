internal import ManifestText

/// The kubeconfig files in force, merged: of an entry that several files have, the first file's counts, whole.
struct Kubeconfig: Sendable {
  private let files: [KubeconfigFile]
  /// The files that were looked for and are not there.
  let missing: [String]

  init(_ files: [KubeconfigFile], missing: [String] = []) {
    self.files = files
    self.missing = missing
  }

  /// Reads the file that is named, or those of `KUBECONFIG`, or `~/.kube/config`.
  static func load(naming path: String?, on host: Host) throws(KubeconfigError) -> Kubeconfig {
    if let path {
      guard let file = try file(path, on: host) else {
        throw KubeconfigError(.missing, at: path, .noKubeconfig)
      }
      return Kubeconfig([file])
    }
    var files: [KubeconfigFile] = []
    var missing: [String] = []
    for path in paths(on: host) {
      if let file = try file(path, on: host) { files.append(file) } else { missing.append(path) }
    }
    return Kubeconfig(files, missing: missing)
  }

  private static func paths(on host: Host) -> [String] {
    guard let list = host.nonEmptyVariable("KUBECONFIG") else {
      return host.nonEmptyVariable("HOME").map { ["\($0)/.kube/config"] } ?? []
    }
    return list.split(separator: ":").map(String.init).reduce(into: []) { paths, path in
      if !paths.contains(path) { paths.append(path) }
    }
  }

  private static func file(_ path: String, on host: Host) throws(KubeconfigError) -> KubeconfigFile? {
    let bytes: [UInt8]
    do throws(Host.FileFailure) {
      bytes = try host.contents(path)
    } catch {
      guard case .unreadable(let reason) = error else { return nil }
      throw KubeconfigError(at: path, .unreadableFile(reason))
    }
    return try KubeconfigFile(SourceText(name: path, bytes: bytes))
  }

  /// The context to use where none is named; nil where no file says.
  var currentContext: String? {
    get throws(KubeconfigError) {
      for file in files {
        if let name = try file.currentContext { return name }
      }
      return nil
    }
  }

  /// The entry of this name in the first file that has it.
  func entry(_ list: KubeconfigFile.List, _ name: String) -> KubeconfigEntry? {
    files.lazy.compactMap { $0.entry(list, name) }.first
  }

  /// The entry that a flag names.
  /// - Throws: A usage error where no file has it.
  func required(_ list: KubeconfigFile.List, _ name: String, flag: String) throws(KubeconfigError) -> KubeconfigEntry {
    if let entry = entry(list, name) { return entry }
    let names = files.flatMap { $0.names(list) }
    throw KubeconfigError(.usage, .noEntry(list.item, name, flag: flag, names: names, missing: missing))
  }
}

/// One kubeconfig file: its lists of clusters, users and contexts.
struct KubeconfigFile: Sendable {
  /// The lists of named entries, and the key that holds each entry beside its name.
  enum List: String, CaseIterable, Sendable {
    case clusters, users, contexts

    var item: String { String(rawValue.dropLast()) }
  }

  private let root: KubeconfigEntry?
  private var named: [List: [(name: String, entry: KubeconfigEntry)]] = [:]

  /// Reads a file in YAML or JSON; one that holds nothing has no entries.
  init(_ source: SourceText) throws(KubeconfigError) {
    root = try KubeconfigFile.root(of: source)
    guard let root else { return }
    try KubeconfigFile.checkHead(root)
    for list in List.allCases { named[list] = try KubeconfigFile.named(list, of: root) }
  }

  /// The context to use where none is named; nil where the file does not say.
  var currentContext: String? {
    get throws(KubeconfigError) { try root?.text("current-context") }
  }

  /// The entry of this name; nil where the file has none.
  func entry(_ list: List, _ name: String) -> KubeconfigEntry? {
    named[list]?.first { $0.name == name }?.entry
  }

  /// The names of a list, in order.
  func names(_ list: List) -> [String] { named[list]?.map(\.name) ?? [] }

  private static func root(of source: SourceText) throws(KubeconfigError) -> KubeconfigEntry? {
    do throws(Diagnostic) {
      for piece in try DocumentStream(source) {
        let document = try Document(piece, of: source)
        guard let root = document.root, !document.isNull(root) else { continue }
        guard document.isMapping(root) else { throw .notAKubeconfig(document.range(of: root)) }
        return KubeconfigEntry(document: document, node: root)
      }
      return nil
    } catch {
      throw KubeconfigError(error, in: source)
    }
  }

  /// Refuses a file whose `kind` or `apiVersion` is another one.
  private static func checkHead(_ root: KubeconfigEntry) throws(KubeconfigError) {
    if let version = try root.text("apiVersion"), version != "v1" {
      throw root.error(at: "apiVersion", .kubeconfigHead("apiVersion", version, wanted: "v1"))
    }
    if let kind = try root.text("kind"), kind != "Config" {
      throw root.error(at: "kind", .kubeconfigHead("kind", kind, wanted: "Config"))
    }
  }

  private static func named(
    _ list: List, of root: KubeconfigEntry
  ) throws(KubeconfigError) -> [(name: String, entry: KubeconfigEntry)] {
    var result: [(name: String, entry: KubeconfigEntry)] = []
    var known: Set<String> = []
    for element in try root.entries(list.rawValue) {
      let name = try element.text("name") ?? ""
      guard known.insert(name).inserted else { throw element.error(at: "name", .secondEntry(list.item, name)) }
      // An entry without content is one with nothing set.
      let entry = try element.entry(list.item) ?? KubeconfigEntry(document: element.document, node: element.node)
      result.append((name, entry))
    }
    return result
  }
}
