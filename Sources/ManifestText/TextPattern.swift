/// A text to be looked for in many others (Horspool's method: most bytes are never looked at).
package struct TextPattern: Sendable {
  private let text: [UInt8]
  /// For each byte, how far the text may be moved on where that byte stands under its end.
  private let shifts: [Int]

  /// Prepares the search.
  package init(_ text: String) {
    self.text = Array(text.utf8)
    var shifts = [Int](repeating: max(1, self.text.count), count: 256)
    for (index, byte) in self.text.enumerated().dropLast() { shifts[Int(byte)] = self.text.count - 1 - index }
    self.shifts = shifts
  }

  /// True where the text stands in the range.
  package func isHeld(in bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard let last = text.last else { return true }
    var end = range.lowerBound + text.count - 1
    while end < range.upperBound {
      let byte = bytes[end]
      if byte == last, ByteText.isEqual(bytes[(end + 1 - text.count)...end], text[...]) { return true }
      end += shifts[Int(byte)]
    }
    return false
  }
}
