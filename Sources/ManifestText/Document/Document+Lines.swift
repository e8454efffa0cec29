/// Lines and columns of a document, as the places where text can be put need them.
extension Document {
  /// The document's lines; they may begin in front of the document, on a line it shares with another.
  var lines: LineBreaks {
    LineBreaks(bytes: source.bytes, range: lineFloor..<range.upperBound, isYAML: format == .yaml)
  }

  /// True for an offset directly after a line break.
  package func isLineStart(_ offset: Int) -> Bool { lines.length(before: offset) > 0 }

  /// The first byte of the input's text, after a byte order mark.
  var lineFloor: Int {
    let hasMark = range.lowerBound == 0 && source.bytes.starts(with: ByteOrderMark.utf8)
    return hasMark ? ByteOrderMark.utf8.count : 0
  }

  /// The number of characters in front of an offset on its line.
  func column(of offset: Int) -> Int { lines.column(of: offset) }

  /// The first byte of the line an offset is on.
  func lineStart(of offset: Int) -> Int { lines.lineStart(of: offset) }

  /// The line break after an offset, or the document's end.
  func lineBreak(after offset: Int) -> Int { lines.lineBreak(after: offset) }

  /// The start of the line after the one that ends an offset's; nil where the input ends on that line.
  func startOfLine(after end: Int) -> Int? {
    if end > range.lowerBound, lines.length(before: end) > 0 {
      return end == range.upperBound && !ASCII.isBreak(source.bytes[end - 1]) ? nil : end
    }
    let lineBreak = lineBreak(after: end)
    return lineBreak < range.upperBound ? lineBreak + lines.length(at: lineBreak) : nil
  }

  /// The white space at the start of a line.
  func indent(ofLine start: Int) -> ArraySlice<UInt8> {
    source.bytes[start..<range.upperBound].prefix(while: ASCII.isBlank)
  }

  /// The line ending next to an offset: the one before it or, on a first line, the one after it.
  ///
  /// What is inserted takes none of those beyond ASCII, which editors do not show as such.
  func newline(near offset: Int) -> [UInt8] {
    let bytes = source.bytes
    let lines = LineBreaks(bytes: bytes, range: bytes.indices, isYAML: false)
    let start = lines.lineStart(of: offset)
    if start > 0 { return Array(bytes[start - lines.length(before: start)..<start]) }
    let end = lines.lineBreak(after: offset)
    return end < bytes.count ? Array(bytes[end..<end + lines.length(at: end)]) : [ASCII.lineFeed]
  }
}
