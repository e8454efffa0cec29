/// Finds text in documents that have not been parsed.
package enum TextSearch {
  /// True where the text stands in the range, or could stand there spelt with escapes.
  ///
  /// In double quotes a key's characters may be written `\x2f`, `\u002f` or around a line break.
  package static func mayHold(_ text: [UInt8], in bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard let first = text.first else { return true }
    var index = range.lowerBound
    let end = range.upperBound
    while index < end {
      let byte = bytes[index]
      if byte == first {
        if index + text.count <= end, ByteText.isEqual(bytes[index..<index + text.count], text[...]) { return true }
      } else if byte == ASCII.backslash, index + 1 < end, mayEscapeLetter(bytes[index + 1]) {
        return true
      }
      index += 1
    }
    return false
  }

  private static func mayEscapeLetter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "x") || byte == UInt8(ascii: "u") || byte == UInt8(ascii: "U") || ASCII.isBreak(byte)
  }
}
