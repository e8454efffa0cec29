/// The lines of a text as its reader sees them.
///
/// YAML 1.1, which kubectl's parser follows, also ends lines with U+0085, U+2028 and U+2029; JSON does not.
struct LineBreaks: Sendable {
  let bytes: [UInt8]
  /// Where to look: nothing outside is seen.
  let range: Range<Int>
  let isYAML: Bool

  /// How many bytes the line break at an offset takes; 0 where none begins there.
  func length(at offset: Int) -> Int {
    guard offset < range.upperBound else { return 0 }
    let byte = bytes[offset]
    if byte == ASCII.lineFeed { return 1 }
    if byte == ASCII.carriageReturn {
      return offset + 1 < range.upperBound && bytes[offset + 1] == ASCII.lineFeed ? 2 : 1
    }
    return byte < 0x80 || !isYAML ? 0 : LineBreaks.wideLength(bytes[offset..<range.upperBound].prefix(3))
  }

  /// How many bytes the line break takes that ends in front of an offset; 0 where none does.
  func length(before offset: Int) -> Int {
    guard offset > range.lowerBound else { return 0 }
    let byte = bytes[offset - 1]
    if byte == ASCII.carriageReturn { return 1 }
    if byte == ASCII.lineFeed {
      return offset - 1 > range.lowerBound && bytes[offset - 2] == ASCII.carriageReturn ? 2 : 1
    }
    guard byte >= 0x80, isYAML else { return 0 }
    for length in 2...3 where offset - length >= range.lowerBound {
      if LineBreaks.wideLength(bytes[offset - length..<offset]) == length { return length }
    }
    return 0
  }

  /// The line breaks beyond ASCII: U+0085, U+2028, U+2029.
  private static func wideLength(_ bytes: ArraySlice<UInt8>) -> Int {
    if bytes.starts(with: [0xC2, 0x85]) { return 2 }
    return bytes.starts(with: [0xE2, 0x80, 0xA8]) || bytes.starts(with: [0xE2, 0x80, 0xA9]) ? 3 : 0
  }

  /// The first byte of the line an offset is on.
  func lineStart(of offset: Int) -> Int {
    // Between the two bytes of one line break, the line is the one they end.
    let isInside = length(at: offset) == 1 && length(before: offset) == 1 && length(at: offset - 1) == 2
    var index = isInside ? offset - 1 : offset
    while index > range.lowerBound, isPrintable(bytes[index - 1]) || length(before: index) == 0 { index -= 1 }
    return index
  }

  /// The line break after an offset, or the end.
  func lineBreak(after offset: Int) -> Int {
    var index = offset
    while index < range.upperBound, isPrintable(bytes[index]) || length(at: index) == 0 { index += 1 }
    return index
  }

  /// True for most bytes, which are no part of a line break.
  private func isPrintable(_ byte: UInt8) -> Bool { byte &- ASCII.space < 0x7F - ASCII.space }

  /// The number of characters in front of an offset on its line.
  func column(of offset: Int) -> Int {
    bytes[lineStart(of: offset)..<offset].reduce(0) { $1 & 0xC0 != 0x80 ? $0 + 1 : $0 }
  }

  /// After a space, a tab, a line break, or a byte order mark that begins a line, at an offset; nil where something
  /// else is there.
  func afterWhite(at offset: Int) -> Int? {
    guard offset < range.upperBound else { return nil }
    if ASCII.isBlank(bytes[offset]) { return offset + 1 }
    let length = length(at: offset)
    if length > 0 { return offset + length }
    return isByteOrderMark(at: offset) ? offset + ByteOrderMark.utf8.count : nil
  }

  /// True for a byte order mark that YAML's reader passes over, as it does at the beginning of every line; further on
  /// it is text.
  func isByteOrderMark(at offset: Int) -> Bool {
    guard offset < range.upperBound, bytes[offset] == ByteOrderMark.utf8[0], isYAML else { return false }
    guard offset == range.lowerBound || length(before: offset) > 0 else { return false }
    return bytes[offset..<range.upperBound].starts(with: ByteOrderMark.utf8)
  }

  /// The first byte from an offset on that is neither white space nor in a comment.
  func skippingWhiteAndComments(from offset: Int) -> Int {
    var index = offset
    while true {
      if let next = afterWhite(at: index) {
        index = next
      } else if index < range.upperBound, bytes[index] == ASCII.hash {
        index = lineBreak(after: index)
      } else {
        return index
      }
    }
  }
}
