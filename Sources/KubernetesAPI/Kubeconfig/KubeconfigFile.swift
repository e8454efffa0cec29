internal import ManifestText

/// One kubeconfig file: its lists of clusters, users and contexts.
struct KubeconfigFile: Sendable {
  /// The lists of named entries, and what the entry is called beside its name.
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

  /// Refuses what is marked as something else.
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
