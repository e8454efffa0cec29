internal import ManifestText

/// The kubeconfig files in force, as one: of what several files have, the first file's counts, whole.
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
