/// Lines and columns of a document, as the places where text can be put need them.
extension Document {
  /// The number of characters in front of an offset on its line.
  func column(of offset: Int) -> Int {
    let bytes = source.bytes
    var index = offset
    var column = 0
    while index > lineFloor, !ASCII.isBreak(bytes[index - 1]) {
      index -= 1
      if bytes[index] & 0xC0 != 0x80 { column += 1 }
    }
    return column
  }

  /// The first byte of the line an offset is on.
  func lineStart(of offset: Int) -> Int {
    var index = offset
    while index > lineFloor, !ASCII.isBreak(source.bytes[index - 1]) { index -= 1 }
    return index
  }

  /// The line break behind an offset, or the document's end.
  func lineBreak(after offset: Int) -> Int {
    var index = offset
    while index < range.upperBound, !ASCII.isBreak(source.bytes[index]) { index += 1 }
    return index
  }

  /// The start of the line behind the break at this offset.
  func nextLine(behindBreak offset: Int) -> Int {
    let bytes = source.bytes
    let isCRLF =
      offset + 1 < range.upperBound && bytes[offset] == ASCII.carriageReturn && bytes[offset + 1] == ASCII.lineFeed
    return min(offset + (isCRLF ? 2 : 1), range.upperBound)
  }

  /// The white space at the start of a line.
  func indent(ofLine start: Int) -> ArraySlice<UInt8> {
    source.bytes[start..<range.upperBound].prefix(while: ASCII.isBlank)
  }

  /// The line ending next to an offset: the one before it or, on a first line, the one behind it.
  func newline(near offset: Int) -> [UInt8] {
    let bytes = source.bytes
    let start = lineStart(of: offset)
    if start > 0, ASCII.isBreak(bytes[start - 1]) { return lineEnding(at: start - 1) }
    let end = lineBreak(after: offset)
    guard end < bytes.count else { return [ASCII.lineFeed] }
    return lineEnding(at: end)
  }

  private func lineEnding(at index: Int) -> [UInt8] {
    let bytes = source.bytes
    if bytes[index] == ASCII.lineFeed {
      let isCRLF = index > 0 && bytes[index - 1] == ASCII.carriageReturn
      return isCRLF ? [ASCII.carriageReturn, ASCII.lineFeed] : [ASCII.lineFeed]
    }
    let isCRLF = index + 1 < bytes.count && bytes[index + 1] == ASCII.lineFeed
    return isCRLF ? [ASCII.carriageReturn, ASCII.lineFeed] : [ASCII.carriageReturn]
  }

  /// The first byte of the document's text, behind a byte order mark.
  var lineFloor: Int {
    let hasMark = range.lowerBound == 0 && source.bytes.starts(with: ByteOrderMark.utf8)
    return hasMark ? ByteOrderMark.utf8.count : 0
  }
}
