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

/// A text to be looked for in many others (Horspool's method: most bytes are never looked at).
///
/// Its preparation is worth it from the second search on, and letters of either case can be the same;
/// `ByteText.firstIndex(of:in:_:)` searches once, at once.
package struct TextPattern: Sendable {
  private let text: [UInt8]
  private let ignoresCase: Bool
  /// For each byte, how far the text may be moved on where that byte stands under its end.
  private let shifts: [Int]

  /// Prepares the search, for letters of A to Z in either case where it ignores that.
  package init(_ text: String, ignoringCase ignoresCase: Bool = false) {
    self.ignoresCase = ignoresCase
    self.text = text.utf8.map { ignoresCase ? ASCII.lowercased($0) : $0 }
    var shifts = [Int](repeating: max(1, self.text.count), count: 256)
    for (index, byte) in self.text.enumerated().dropLast() {
      shifts[Int(byte)] = self.text.count - 1 - index
      if ignoresCase { shifts[Int(ASCII.uppercased(byte))] = shifts[Int(byte)] }
    }
    self.shifts = shifts
  }

  /// True where the text stands in the range.
  package func isHeld(in bytes: [UInt8], _ range: Range<Int>) -> Bool { firstIndex(in: bytes, range) != nil }

  /// Where the text stands in the range first; nil where it does not.
  package func firstIndex(in bytes: [UInt8], _ range: Range<Int>) -> Int? {
    guard let last = text.last else { return range.lowerBound }
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "searched beyond the bytes")
    var end = range.lowerBound + text.count - 1
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe shifts.withUnsafeBufferPointer { shifts in
        while end < range.upperBound {
          let byte = unsafe buffer[end]
          if fold(byte) == last, isText(bytes[(end + 1 - text.count)...end]) { return end + 1 - text.count }
          unsafe end += shifts[Int(byte)]
        }
        return nil
      }
    }
  }

  private func fold(_ byte: UInt8) -> UInt8 { ignoresCase ? ASCII.lowercased(byte) : byte }

  private func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
    ignoresCase ? bytes.lazy.map(ASCII.lowercased).elementsEqual(text) : ByteText.isEqual(bytes, text[...])
  }
}
