import ManifestText
import TestSupport
import Testing

/// A search that looks at eight places at once finds what one that looks at each of them does.
struct TextPatternTests {
  /// Letters of both cases, the signs that differ from them or from each other by the bit for the case, and a dot.
  private static let signs = Array("abAB@`[{.".utf8)

  @Test(arguments: [false, true])
  func findsWhatIsThere(ignoringCase: Bool) {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in Self.sign(&generator) }
      let text = (0..<Int.random(in: 0...4, using: &generator)).map { _ in Self.sign(&generator) }
      let start = Int.random(in: 0...bytes.count, using: &generator)
      let range = start..<Int.random(in: start...bytes.count, using: &generator)
      let pattern = TextPattern(String(decoding: text, as: UTF8.self), ignoringCase: ignoringCase)
      let expected = Self.firstIndex(of: text, in: bytes, range, ignoringCase)
      #expect(pattern.firstIndex(in: bytes, range) == expected, "\(text) in \(bytes) \(range)")
    }
  }

  private static func sign(_ generator: inout SeededGenerator) -> UInt8 {
    signs.randomElement(using: &generator) ?? ASCII.dot
  }

  private static func firstIndex(
    of text: [UInt8], in bytes: [UInt8], _ range: Range<Int>, _ ignoresCase: Bool
  ) -> Int? {
    let fold = { (byte: UInt8) in ignoresCase ? ASCII.lowercased(byte) : byte }
    return range.first { start in
      start + text.count <= range.upperBound && zip(text, bytes[start...]).allSatisfy { fold($0) == fold($1) }
    } ?? (text.isEmpty ? range.lowerBound : nil)
  }
}
