import ManifestText
import TestSupport
import Testing

/// Where the bytes of a scalar's text are written, asked of the reader itself: what is replaced there is read there.
struct ScalarPlaceTests {
  private func scalar(_ source: String) throws -> (NodeID, Document) {
    let document = try Fixtures.document(Array(source.utf8))
    let root = try #require(document.root)
    return (try #require(try document.value("k", in: root)), document)
  }

  /// Puts a letter in the place of each character that shows, one after another, and reads each result.
  private func check(_ source: String, _ comment: Comment) throws {
    let (node, document) = try scalar(source)
    let text = Array(document.textBytes(of: node))
    let places = ScalarPlaces(of: node, in: document)
    var last = 0
    var index = 0
    while index < text.count {
      let width = text[index] < 0x80 ? 1 : text[index] < 0xE0 ? 2 : text[index] < 0xF0 ? 3 : 4
      let range = places.range(of: index..<index + width)
      #expect(range.lowerBound >= last && range.upperBound <= document.source.bytes.count, comment)
      last = range.lowerBound
      if text[index] > 0x20 {
        let changed =
          Array(document.source.bytes[..<range.lowerBound]) + [UInt8(ascii: "Q")]
          + Array(document.source.bytes[range.upperBound...])
        let expected = text[..<index] + [UInt8(ascii: "Q")] + text[(index + width)...]
        let (node, document) = try scalar(String(decoding: changed, as: UTF8.self))
        #expect(Array(document.textBytes(of: node)) == Array(expected), comment)
      }
      index += width
    }
  }

  @Test(arguments: [
    "k: plain text\n", "k: plain\n  over   \n\n  lines\n", "k: 'it''s\n  two\n\n\n  lines'\n",
    #"k: "a\tb\"\\ \u00e9\x41\U0001F600é"\#n"#, "k: \"one \\\n  two\n  three\n\n   four\\n\\\n\n  five\"\n",
    "k: |\n  a\n   b\n\n  c\n", "k: |-\n  {{ a }}\n\n", "k: |+\n  a\n\n\nz: 1\n", "k: >\n  a\n  b\n\n  c\n   d\n  e\n",
    "k: >-\n\n  a\n  b\n", "k: |2\n    a\n  b\n", "k: >1\n   a\n  b\n c\n", "k: |\r\n  a\r\n  b\r\n", "k:  &x |\n  a\n",
    #"{"k": "a\u0041\ud83d\ude00\/\n\"é"}"#, "{k: 'a\n  b', z: 1}\n", "k: |\n  a\n  b", "k: ''\n", "k: |\n",
    "k: >+\n\n\n",
    "k: |\n\ta\n", "k: !!str \"x\\\n y\"\n",
  ]) func everyCharacterIsFound(source: String) throws {
    guard (try? scalar(source)) != nil else { return }
    try check(source, "\(source)")
  }

  @Test func everyCharacterOfGeneratedScalarsIsFound() throws {
    var generator = SeededGenerator(seed: 13)
    var read = 0
    for round in 0..<4_000 {
      let source = ScalarSource(&generator).text
      guard (try? scalar(source)) != nil else { continue }
      read += 1
      try check(source, "round \(round): \(source.debugDescription)")
    }
    #expect(read > 2_500)
  }

  @Test func anAliasStandsWhereItsAnchorIs() throws {
    let document = try Fixtures.document(Array("a: &t 'x''y'\nk: *t\n".utf8))
    let root = try #require(document.root)
    let node = try #require(try document.value("k", in: root))
    #expect(ScalarPlaces(of: node, in: document).range(of: 1..<2) == 8..<10)
  }
}

/// A scalar of any style, written at random.
private struct ScalarSource {
  let text: String

  init(_ generator: inout SeededGenerator) {
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: text = "k: " + ScalarSource.flow(&generator, ["a", "b:c", "{{", "}}", "é", "\"x", "it's", "#"]) + "\n"
    case 1: text = "k: '" + ScalarSource.flow(&generator, ["a", "''", "{{ x }}", "é", "\"", "\\", "#"]) + "'\n"
    case 2:
      let words = ["a", "\\\"", "\\n", "\\t", "\\u00e9", "\\x41", "\\\\", "\\\n  ", "é", "'", "😀", "\\N", "\\_", "\\L"]
      text = "k: \"" + ScalarSource.flow(&generator, words) + "\"\n"
    case 3:
      let words = ["a", "\\\"", "\\n", "\\u00e9", "\\ud83d\\ude00", "\\/", "é", " ", "{{"]
      text = "{\"k\": \"" + (0..<6).map { _ in generator.pick(words) }.joined() + "\"}"
    default: text = ScalarSource.block(&generator)
    }
  }

  private static func flow(_ generator: inout SeededGenerator, _ words: [String]) -> String {
    (0..<Int.random(in: 1..<8, using: &generator)).map { _ in
      generator.pick(words) + generator.pick(["", "", " ", "  ", "\n  ", " \n   ", "\n\n  ", "\n \n\n  "])
    }.joined()
  }

  private static func block(_ generator: inout SeededGenerator) -> String {
    let isExplicit = generator.oneIn(3)
    let indent = Int.random(in: 1..<4, using: &generator)
    let header = generator.pick(["|", ">"]) + (isExplicit ? "\(indent)" : "") + generator.pick(["", "-", "+"])
    let end = generator.pick(["\n", "\n", "\n", "\r\n"])
    var lines = ["k: " + header]
    for _ in 0..<Int.random(in: 0..<8, using: &generator) {
      let margin = String(repeating: " ", count: indent)
      lines.append(
        generator.pick([
          margin + "a", margin + "{{ x }}", margin + "b c ", margin + "  more", "", margin, margin + "é\t",
          margin + "   ", " ", margin + "\tt",
        ]))
    }
    return lines.joined(separator: end) + generator.pick(["", end, end + end, end + "z: 1" + end])
  }
}
