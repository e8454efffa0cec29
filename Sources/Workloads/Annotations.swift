public import ManifestText

/// The annotations of a pod template, seen inside a document.
public struct Annotations: Sendable {
  /// An annotation's text and where it stands.
  public struct Located: Sendable {
    /// The text.
    public let text: String
    /// The value's bytes in the input.
    public let range: Range<Int>
    /// The value.
    public let node: NodeID
  }

  private let document: Document
  private let map: NodeID?

  init(document: Document, map: NodeID?) {
    self.document = document
    self.map = map
  }

  /// Those of a pod that has none.
  package static var none: Annotations {
    let source = SourceText(name: "", bytes: Array("{}".utf8))
    let piece = DocumentStream.Piece(range: 0..<source.bytes.count, mayBeJSON: true)
    guard let document = try? Document(piece, of: source) else { preconditionFailure("an empty map cannot be read") }
    return Annotations(document: document, map: nil)
  }

  /// Where the annotations stand in the input; nil where there are none.
  public var range: Range<Int>? { map.map(document.range(of:)) }

  /// An annotation by its full key; null counts as empty text, as the API server reads it.
  /// - Throws: A `Diagnostic` where the value is not a string, or the key stands twice.
  public func value(_ key: String) throws(Diagnostic) -> Located? {
    guard let map, let value = try document.value(key, in: map) else { return nil }
    return try located(value, key)
  }

  /// True where there is an annotation of this full key.
  /// - Throws: A `Diagnostic` where the key stands twice.
  public func holds(_ key: String) throws(Diagnostic) -> Bool {
    guard let map else { return false }
    return try document.value(key, in: map) != nil
  }

  private func located(_ value: NodeID, _ key: @autoclosure () -> String) throws(Diagnostic) -> Located {
    guard !document.isNull(value) else { return Located(text: "", range: document.range(of: value), node: value) }
    guard document.isString(value) else { throw .annotationNotAString(key(), value, in: document) }
    return Located(text: document.text(of: value), range: document.range(of: value), node: value)
  }

  /// An annotation found by its key's beginning.
  public final class Named: Sendable {
    /// The key after that beginning.
    public let key: String
    /// The key's bytes in the input.
    public let keyRange: Range<Int>
    /// The value.
    public let value: Located

    init(key: String, keyRange: Range<Int>, value: Located) {
      (self.key, self.keyRange, self.value) = (key, keyRange, value)
    }
  }

  /// The annotations whose keys begin with a prefix, in byte order of the keys, those that merge keys bring included.
  /// - Throws: A `Diagnostic` where the value of one is not a string, or its key stands twice.
  public func all(withPrefix prefix: String) throws(Diagnostic) -> [Named] {
    guard let map else { return [] }
    var found: [Named] = []
    var names = NameIndex()
    for source in try [map] + document.mergeSources(of: map) {
      try collect(Array(prefix.utf8), in: source, isOwn: source == map, &names, into: &found)
    }
    found.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return found
  }

  private func collect(
    _ prefix: [UInt8], in map: NodeID, isOwn: Bool, _ names: inout NameIndex, into found: inout [Named]
  ) throws(Diagnostic) {
    for (key, node) in document.entries(of: map) {
      let bytes = document.textBytes(of: key)
      guard ByteText.isEqual(bytes.prefix(prefix.count), prefix[...]) else { continue }
      let name = String(decoding: bytes.dropFirst(prefix.count), as: UTF8.self)
      let fullKey = String(decoding: bytes, as: UTF8.self)
      guard names.insert(name, at: found.count) else {
        // Refuses a key that stands twice; one that is merged as well counts as it is written.
        if isOwn { _ = try document.entry(fullKey, in: map) }
        continue
      }
      let value = try located(node, fullKey)
      found.append(Named(key: name, keyRange: document.range(of: key), value: value))
    }
  }

  /// Every key, those that merge keys bring included.
  /// - Throws: A `Diagnostic` where merge keys expand to more than the budget has.
  package func allKeys() throws(Diagnostic) -> Set<ExactText> {
    guard let map else { return [] }
    return Set(
      exactly: try ([map] + document.mergeSources(of: map)).flatMap { document.entries(of: $0) }
        .map { document.text(of: $0.key) })
  }

  /// Every key as it is written here, merge keys unmerged, with the place of its key.
  public func keys() -> [(key: String, range: Range<Int>)] {
    guard let map else { return [] }
    return document.entries(of: map).map { (document.text(of: $0.key), document.range(of: $0.key)) }
  }
}

extension Diagnostic {
  static func annotationNotAString(_ key: String, _ value: NodeID, in document: Document) -> Diagnostic {
    let kind = document.kindName(of: value)
    let isScalar = !document.isMapping(value) && !document.isSequence(value)
    let hint =
      isScalar
      ? "quote it: \(key): \"\(document.text(of: value))\"; the API server takes only strings there too"
      : "give it one string; the API server takes only strings there too"
    let range = document.range(of: value)
    let path = isScalar ? document.path(at: range.lowerBound) : nil
    return Diagnostic(
      rule: .annotationType, message: "the annotation `\(key)` is \(kind), and has to be a string", hint: hint,
      range: range, fix: path.map { .text(at: $0, document.text(of: value)) })
  }
}
