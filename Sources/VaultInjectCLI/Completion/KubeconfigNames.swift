internal import ManifestText
internal import Platform

/// The names in a kubeconfig, and nothing else of it.
///
/// What cannot be read has no names: completion is no place for errors.
struct KubeconfigNames: Equatable, Sendable {
  private(set) var contexts: [String] = []
  private(set) var clusters: [String] = []
  private(set) var users: [String] = []
  /// The namespaces that contexts choose.
  private(set) var namespaces: [String] = []

  /// Reads the file of this path; where it is nil, those of `KUBECONFIG` or `~/.kube/config`.
  init(path: String?) {
    for path in path.map({ [$0] }) ?? KubeconfigNames.standardPaths {
      guard let bytes = try? OpenFile.contents(of: path) else { continue }
      try? read(SourceText(name: path, bytes: bytes))
    }
  }

  private static var standardPaths: [String] {
    if let list = Environment.nonEmpty("KUBECONFIG") { return list.split(separator: ":").map(String.init) }
    return Environment.nonEmpty("HOME").map { ["\($0)/.kube/config"] } ?? []
  }

  private mutating func read(_ source: SourceText) throws(Diagnostic) {
    for piece in try DocumentStream(source) {
      let document = try Document(piece, of: source)
      add(try names(in: "contexts", of: document), to: \.contexts)
      add(try names(in: "clusters", of: document), to: \.clusters)
      add(try names(in: "users", of: document), to: \.users)
      for context in try items("contexts", of: document) {
        guard let fields = try document.value("context", in: context) else { continue }
        add([try text("namespace", in: fields, of: document)].compactMap(\.self), to: \.namespaces)
      }
    }
  }

  private mutating func add(_ names: [String], to list: WritableKeyPath<KubeconfigNames, [String]>) {
    for name in names where !self[keyPath: list].contains(name) { self[keyPath: list].append(name) }
  }

  private func names(in key: String, of document: Document) throws(Diagnostic) -> [String] {
    var names: [String] = []
    for item in try items(key, of: document) {
      if let name = try text("name", in: item, of: document) { names.append(name) }
    }
    return names
  }

  private func items(_ key: String, of document: Document) throws(Diagnostic) -> [NodeID] {
    guard let root = document.root, let list = try document.value(key, in: root) else { return [] }
    return Array(document.items(of: list))
  }

  /// A name that can be shown as it is, on one line; nil for everything else.
  private func text(_ key: String, in map: NodeID, of document: Document) throws(Diagnostic) -> String? {
    guard let value = try document.value(key, in: map), document.isString(value) else { return nil }
    let text = document.text(of: value)
    return text.isEmpty || text.unicodeScalars.contains(where: VisibleText.hides) ? nil : text
  }
}
