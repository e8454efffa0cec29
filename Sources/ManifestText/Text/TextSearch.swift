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

/// A text to be looked for in others, in which letters of either case can be the same.
///
/// Its first and its last byte are compared at eight places at once, and the rest where both are there.
package struct TextPattern: Sendable {
  private let text: [UInt8]
  private let ignoresCase: Bool
  /// In eight bytes each: the bit in which the cases of a letter differ, where that makes no difference, and the text's
  /// first and last byte with that bit.
  private let (fold, first, last): (UInt64, UInt64, UInt64)

  /// Prepares the search, for letters of A to Z in either case where it ignores that.
  package init(_ text: String, ignoringCase ignoresCase: Bool = false) {
    self.ignoresCase = ignoresCase
    self.text = text.utf8.map { ignoresCase ? ASCII.lowercased($0) : $0 }
    let fold = TextPattern.eight(ignoresCase ? 0x20 : 0)
    (first, last) = (TextPattern.eight(self.text.first ?? 0) | fold, TextPattern.eight(self.text.last ?? 0) | fold)
    self.fold = fold
  }

  private static func eight(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 * UInt64(byte) }

  /// True where the text stands in the range.
  package func isHeld(in bytes: [UInt8], _ range: Range<Int>) -> Bool { firstIndex(in: bytes, range) != nil }

  /// Where the text stands in the range first; nil where it does not.
  package func firstIndex(in bytes: [UInt8], _ range: Range<Int>) -> Int? {
    guard !text.isEmpty else { return range.lowerBound }
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "searched beyond the bytes")
    let end = range.upperBound - text.count + 1
    var start = range.lowerBound
    while start < end {
      start = unsafe bytes.withUnsafeBytes { unsafe firstEight(in: $0, start..<end) }
      let next = min(end, start + 8)
      while start < next {
        if UInt64(bytes[start]) | fold & 0xFF == first & 0xFF, isText(bytes[start..<start + text.count]) {
          return start
        }
        start += 1
      }
    }
    return nil
  }

  /// Where the first eight places begin of which one may be that of the text; fewer at the end count as well.
  private func firstEight(in bytes: UnsafeRawBufferPointer, _ places: Range<Int>) -> Int {
    let (fold, first, last, distance) = (fold, first, last, text.count - 1)
    let lastStart = places.upperBound - 8
    var start = places.lowerBound
    while start <= lastStart {
      let beginnings = unsafe bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self) | fold
      let ends = unsafe bytes.loadUnaligned(fromByteOffset: start &+ distance, as: UInt64.self) | fold
      if TextPattern.holdsZero((beginnings ^ first) | (ends ^ last)) { return start }
      start &+= 8
    }
    return start
  }

  /// True where one of eight bytes is 0: subtracting 1 from that alone, and from what follows it, sets the highest bit.
  private static func holdsZero(_ bytes: UInt64) -> Bool { (bytes &- eight(1)) & ~bytes & eight(0x80) != 0 }

  private func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
    ignoresCase ? bytes.lazy.map(ASCII.lowercased).elementsEqual(text) : ByteText.isEqual(bytes, text[...])
  }
}
