internal import ManifestText
internal import Workloads

/// The ConfigMaps of one input, by which it is known what the pods beside them find in their files.
package struct InputConfigMaps: Sendable {
  /// None: nothing is known of any ConfigMap.
  package static let none = InputConfigMaps()

  /// By namespace and name, with a slash between them, which neither can hold.
  private var found: [String: InputConfigMap] = [:]

  private init() {}

  /// Reads the ConfigMaps of an input, each in the namespace that objects are in for the scope.
  ///
  /// What cannot be read is left out: that it cannot be is said where the document itself is read.
  init(of source: SourceText, in scope: InjectionScope) {
    guard let pieces = try? DocumentStream(source) else { return }
    let mark = TextPattern(InputConfigMap.kind)
    for piece in pieces where mark.isHeld(in: source.bytes, piece.range) {
      guard let document = try? Document(piece, of: source), let objects = try? ManifestObject.objects(of: document)
      else { continue }
      for object in objects
      where object.kind == InputConfigMap.kind && object.group.isEmpty && object.hasName(in: document) {
        found["\(scope.namespace(of: object))/\(object.name)"] = InputConfigMap(object, in: document)
      }
    }
  }

  /// A ConfigMap of the input, the last of its name, as it is the one that counts once all are applied; nil where the
  /// input has none of this name.
  func named(_ name: String, in namespace: String) -> InputConfigMap? { found["\(namespace)/\(name)"] }
}

/// A ConfigMap as it is written.
struct InputConfigMap: Sendable {
  static let kind = "ConfigMap"

  /// A file of it.
  struct File: Sendable {
    let name: String
    /// What is in it, decoded.
    let text: String
    /// The scalar that holds the text as it is; nil for one in base64.
    let node: NodeID?
  }

  let name: String
  let document: Document
  /// In the order they are written.
  let files: [File]

  init(_ object: ManifestObject, in document: Document) {
    self.document = document
    name = object.name
    let texts = InputConfigMap.entries("data", of: object, in: document).map { name, node in
      File(name: name, text: document.text(of: node), node: node)
    }
    let others = InputConfigMap.entries("binaryData", of: object, in: document).map { name, node in
      let bytes = Base64.decoded(document.textBytes(of: node)) ?? []
      return File(name: name, text: String(decoding: bytes, as: UTF8.self), node: nil)
    }
    files = texts + others
  }

  func file(_ name: String) -> File? { files.first { $0.name == name } }

  private static func entries(
    _ member: String, of object: ManifestObject, in document: Document
  ) -> [(name: String, node: NodeID)] {
    guard let map = try? document.value(member, in: object.node) else { return [] }
    var names = NameIndex()
    return ([map] + ((try? document.mergeSources(of: map)) ?? [])).flatMap { document.entries(of: $0) }
      .filter { !document.isMergeKey($0.key) && names.add(document.text(of: $0.key)) }
      .map { (document.text(of: $0.key), $0.value) }
  }
}

extension ManifestObject {
  /// False for an object that gets its name from the API server.
  fileprivate func hasName(in document: Document) -> Bool {
    (try? document.node(at: Path([.key("metadata"), .key("name")]), from: node)) ?? nil != nil
  }
}
