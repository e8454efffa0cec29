/// A text to be looked for in many others (Horspool's method: most bytes are never looked at).
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
    var end = range.lowerBound + text.count - 1
    while end < range.upperBound {
      let byte = bytes[end]
      if fold(byte) == last, isText(bytes[(end + 1 - text.count)...end]) { return end + 1 - text.count }
      end += shifts[Int(byte)]
    }
    return nil
  }

  private func fold(_ byte: UInt8) -> UInt8 { ignoresCase ? ASCII.lowercased(byte) : byte }

  private func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
    ignoresCase ? bytes.lazy.map(ASCII.lowercased).elementsEqual(text) : ByteText.isEqual(bytes, text[...])
  }
}
