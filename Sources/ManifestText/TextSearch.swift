/// Finds text in documents that have not been parsed.
package enum TextSearch {
  /// True where the text stands in the range, or could stand there spelt with escapes.
  ///
  /// In double quotes a key's characters may be written `\x2f`, `\u002f` or around a line break.
  package static func mayHold(_ text: [UInt8], in bytes: [UInt8], _ range: Range<Int>) -> Bool {
    mayHold(anyOf: [text], in: bytes, range)
  }

  /// True where one of the texts stands in the range, or could stand there spelt with escapes; one pass for them all.
  package static func mayHold(anyOf texts: [[UInt8]], in bytes: [UInt8], _ range: Range<Int>) -> Bool {
    var isNotable = [Bool](repeating: false, count: 256)
    isNotable[Int(ASCII.backslash)] = true
    for text in texts {
      guard let first = text.first else { return true }
      isNotable[Int(first)] = true
    }
    var index = range.lowerBound
    while index < range.upperBound {
      if isNotable[Int(bytes[index])], mayBegin(anyOf: texts, in: bytes[index..<range.upperBound]) { return true }
      index += 1
    }
    return false
  }

  private static func mayBegin(anyOf texts: [[UInt8]], in bytes: ArraySlice<UInt8>) -> Bool {
    if bytes.first == ASCII.backslash, let next = bytes.dropFirst().first, mayEscapeLetter(next) { return true }
    return texts.contains { ByteText.isEqual(bytes.prefix($0.count), $0[...]) }
  }

  private static func mayEscapeLetter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "x") || byte == UInt8(ascii: "u") || byte == UInt8(ascii: "U") || ASCII.isBreak(byte)
  }
}
