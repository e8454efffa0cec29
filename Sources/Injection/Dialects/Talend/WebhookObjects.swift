internal import ManifestText

/// The Kubernetes objects in one of the webhook's files, with a look at the parts that injecting reads.
struct WebhookObjects {
  private let document: Document
  private let root: NodeID

  /// Reads a file; nil where it holds nothing.
  /// - Throws: A `Diagnostic` where the file is not YAML or not a map.
  init?(_ source: SourceText) throws(Diagnostic) {
    guard let document = try WebhookObjects.document(of: source), let root = document.root else { return nil }
    guard document.isMapping(root) else {
      throw .webhookShape("this file", document.kindName(of: root), "a map", range: document.range(of: root))
    }
    self.document = document
    self.root = root
  }

  /// The first document that holds something.
  private static func document(of source: SourceText) throws(Diagnostic) -> Document? {
    for piece in try DocumentStream(source) {
      let document = try Document(piece, of: source)
      if !document.isEmpty { return document }
    }
    return nil
  }

  /// The containers under a key; none where it is absent.
  func containers(_ key: String) throws(Diagnostic) -> [Value] {
    let nodes = try named(key)
    for node in nodes {
      for list in ["env", "volumeMounts"] { try checkList(list, of: node) }
    }
    return try values(nodes)
  }

  /// The volumes under a key; none where it is absent.
  func volumes(_ key: String) throws(Diagnostic) -> [Value] { try values(named(key)) }

  /// The lifecycle handler under a key; nil where it is absent.
  func handler(_ key: String) throws(Diagnostic) -> Value? {
    guard let node = try document.value(key, in: root), !document.isNull(node) else { return nil }
    guard document.isMapping(node) else { throw shape(key, node, "a map with exec") }
    return try document.value(of: node)
  }

  private func values(_ nodes: [NodeID]) throws(Diagnostic) -> [Value] {
    try nodes.map { (node) throws(Diagnostic) in try document.value(of: node) }
  }

  /// The elements of a list of maps, each with a `name`.
  private func named(_ key: String) throws(Diagnostic) -> [NodeID] {
    guard let list = try document.value(key, in: root) else { return [] }
    return try elements(of: list, key)
  }

  private func checkList(_ key: String, of container: NodeID) throws(Diagnostic) {
    guard let list = try document.value(key, in: container) else { return }
    for element in try elements(of: list, key) {
      guard key == "env", let value = try document.value("value", in: element) else { continue }
      if !document.isString(value), !document.isNull(value) {
        throw shape("value", value, "a string: quote it")
      }
    }
  }

  private func elements(of list: NodeID, _ key: String) throws(Diagnostic) -> [NodeID] {
    if document.isNull(list) { return [] }
    guard document.isSequence(list) else { throw shape(key, list, "a list") }
    let elements = Array(document.items(of: list))
    for element in elements {
      guard document.isMapping(element) else { throw shape("an element of \(key)", element, "a map") }
      guard let name = try document.value("name", in: element) else {
        throw .webhookObjectWithoutName(key, range: document.range(of: element))
      }
      guard document.isString(name) else { throw shape("name", name, "a string") }
    }
    return elements
  }

  private func shape(_ what: String, _ node: NodeID, _ wanted: String) -> Diagnostic {
    .webhookShape(what, document.kindName(of: node), wanted, range: document.range(of: node))
  }
}
