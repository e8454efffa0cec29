/// Finds text in documents that have not been parsed.
package enum TextSearch {
  /// True where the text stands in the range, or could stand there spelt with escapes.
  ///
  /// In double quotes a key's characters may be written `\x2f`, `\u002f` or around a line break.
  package static func mayHold(_ text: [UInt8], in bytes: [UInt8], _ range: Range<Int>) -> Bool {
    holdsEscapes(in: bytes, range) || TextPattern(String(decoding: text, as: UTF8.self)).isHeld(in: bytes, range)
  }

  /// True where the range has a backslash that may begin an escape for a character of a name.
  package static func holdsEscapes(in bytes: [UInt8], _ range: Range<Int>) -> Bool {
    var start = range.lowerBound
    while let index = ByteText.firstIndex(of: ASCII.backslash, in: bytes, start..<range.upperBound) {
      if index + 1 < range.upperBound, mayEscapeLetter(bytes[index + 1]) { return true }
      start = index + 1
    }
    return false
  }

  private static func mayEscapeLetter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "x") || byte == UInt8(ascii: "u") || byte == UInt8(ascii: "U") || ASCII.isBreak(byte)
  }
}
