public import ManifestText

/// The annotations of a pod template, seen inside a document.
public struct Annotations: Sendable {
  /// An annotation's text and where it stands.
  public struct Located: Sendable {
    /// The text.
    public let text: String
    /// The value's bytes in the input.
    public let range: Range<Int>
  }

  private let document: Document
  private let map: NodeID?

  init(document: Document, map: NodeID?) {
    self.document = document
    self.map = map
  }

  /// Where the annotations stand in the input; nil where there are none.
  public var range: Range<Int>? { map.map(document.range(of:)) }

  /// An annotation by its full key; null counts as empty text, as the API server reads it.
  /// - Throws: A `Diagnostic` where the value is no string, or the key stands twice.
  public func value(_ key: String) throws(Diagnostic) -> Located? {
    guard let map, let value = try document.value(key, in: map) else { return nil }
    guard !document.isNull(value) else { return Located(text: "", range: document.range(of: value)) }
    guard document.isString(value) else { throw .annotationNotAString(key, value, in: document) }
    return Located(text: document.text(of: value), range: document.range(of: value))
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
    return Diagnostic(
      rule: "annotation-type", message: "the annotation `\(key)` is \(kind), and has to be a string", hint: hint,
      range: document.range(of: value))
  }
}
