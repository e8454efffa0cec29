public import ManifestText

/// One Kubernetes object of a document: the document's root, or an item of a list.
public final class ManifestObject: Sendable {
  /// Where the object stands in its document; empty for the root.
  public let path: Path
  /// The object's node.
  public let node: NodeID
  /// Its `apiVersion`; empty where it has none.
  public let apiVersion: String
  /// Its `kind`; empty where it has none.
  public let kind: String
  /// Its `metadata.name` or, failing that, its `metadata.generateName`; empty where it has neither.
  public let name: String
  /// Its `metadata.namespace`; nil where absent or empty.
  public let namespace: String?

  fileprivate init(_ node: NodeID, at path: Path, of document: Document) throws(Diagnostic) {
    self.node = node
    self.path = path
    apiVersion = try ManifestObject.text("apiVersion", in: node, of: document) ?? ""
    kind = try ManifestObject.text("kind", in: node, of: document) ?? ""
    guard let metadata = try document.value("metadata", in: node) else {
      (name, namespace) = ("", nil)
      return
    }
    let given = try ManifestObject.text("name", in: metadata, of: document)
    let prefix = try ManifestObject.text("generateName", in: metadata, of: document)
    name = given ?? prefix ?? ""
    namespace = try ManifestObject.text("namespace", in: metadata, of: document)
  }

  /// The API group: `apps` of `apps/v1`, empty for the core group.
  public var group: String {
    apiVersion.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(apiVersion[..<$0]) } ?? ""
  }

  /// The object as kubectl names it: `deployment.apps/web`.
  public var qualifiedName: String {
    let kind = group.isEmpty ? kind.lowercased() : "\(kind.lowercased()).\(group)"
    return "\(kind)/\(name)"
  }

  /// The object as a person names it: `Deployment/web`.
  public var displayName: String {
    let kind = kind.isEmpty ? "object" : kind
    return name.isEmpty ? kind : "\(kind)/\(name)"
  }
}

extension ManifestObject {
  /// The objects of a document, the items of lists in the place of the lists.
  ///
  /// Lists are `List`, every typed `…List` with `items`, and KRM's `ResourceList`.
  /// - Throws: A `Diagnostic` where a key that tells the objects apart stands twice.
  public static func objects(of document: Document) throws(Diagnostic) -> [ManifestObject] {
    guard let root = document.root, !document.isNull(root) else { return [] }
    var objects: [ManifestObject] = []
    try collect(root, at: Path(), of: document, into: &objects)
    return objects
  }

  /// The objects that an item of a list is.
  /// - Throws: As for those of a document.
  package static func objects(
    of item: NodeID, at path: Path, in document: Document
  ) throws(Diagnostic) -> [ManifestObject] {
    var objects: [ManifestObject] = []
    try collect(item, at: path, of: document, into: &objects)
    return objects
  }

  /// The items of the list that a document is; nil where it is none.
  /// - Throws: As for its objects.
  package static func items(of document: Document) throws(Diagnostic) -> NodeID? {
    guard let root = document.root else { return nil }
    return try ManifestObject(root, at: Path(), of: document).items(in: document)
  }

  private func items(in document: Document) throws(Diagnostic) -> NodeID? {
    guard kind.hasSuffix("List"), let items = try document.value("items", in: node), document.isSequence(items)
    else { return nil }
    return items
  }

  private static func collect(
    _ node: NodeID, at path: Path, of document: Document, into objects: inout [ManifestObject]
  ) throws(Diagnostic) {
    let object = try ManifestObject(node, at: path, of: document)
    guard let items = try object.items(in: document) else { return objects.append(object) }
    let itemsPath = path.appending("items")
    var index = 0
    for item in document.items(of: items) {
      try collect(item, at: itemsPath.appending(index), of: document, into: &objects)
      index += 1
    }
  }

  /// The text of an entry; nil where it is absent, empty or no string.
  private static func text(_ key: String, in map: NodeID, of document: Document) throws(Diagnostic) -> String? {
    guard let value = try document.value(key, in: map), document.isString(value) else { return nil }
    let text = document.text(of: value)
    return text.isEmpty ? nil : text
  }
}
