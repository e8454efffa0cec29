internal import ManifestText

/// Looks in text that was not read for everything a review of its annotations could point out: the keys of the dialects,
/// and keys that are near to them.
struct AnnotationSearch: Sendable {
  private let prefixes: [AnnotationPrefix]
  /// The marks of dialects whose keys have no domain before a slash.
  private let marks: [TextPattern]

  init(_ dialects: [any Dialect]) {
    prefixes = dialects.compactMap { AnnotationPrefix($0.annotations.prefix) }
    marks = dialects.filter { AnnotationPrefix($0.annotations.prefix) == nil }.map { TextPattern($0.marker) }
  }

  /// True where a document in this range may be of interest; false where it certainly is not.
  func mayHold(in bytes: [UInt8], _ range: Range<Int>) -> Bool {
    holdsKey(in: bytes, range) || TextSearch.holdsEscapes(in: bytes, range)
      || prefixes.contains { $0.mayBeJoined(in: bytes, range) } || marks.contains { $0.isHeld(in: bytes, range) }
  }

  /// True where a slash has a prefix before it, or what may be one.
  private func holdsKey(in bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard !prefixes.isEmpty else { return false }
    var start = range.lowerBound
    while let slash = ByteText.firstIndex(of: UInt8(ascii: "/"), in: bytes, start..<range.upperBound) {
      for prefix in prefixes where prefix.mayStand(before: slash, in: bytes, from: range.lowerBound) { return true }
      start = slash + 1
    }
    return false
  }
}
