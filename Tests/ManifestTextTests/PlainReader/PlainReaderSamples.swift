import Foundation
import ManifestText
import TestSupport

/// What the reader for plain YAML is tried on.
enum PlainReaderSamples {
  static let examples = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent().appending(
    path: "examples")

  /// Every text of the fixtures and examples; of a file with one value on each line, the first ones.
  static func files() throws -> [SourceText] { try files(in: Fixtures.folder) + files(in: examples) }

  static func files(in folder: URL) throws -> [SourceText] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    return try names.flatMap { name -> [SourceText] in
      let file = folder.appending(path: name)
      switch file.pathExtension {
      case "yaml", "json": return [SourceText(name: name, bytes: Array(try Data(contentsOf: file)))]
      case "jsonl": return try lines(of: Array(try Data(contentsOf: file)), name)
      default: return []
      }
    }
  }

  /// Pods that are kept on a line of a file, as a person would write them.
  private static func lines(of bytes: [UInt8], _ name: String) throws -> [SourceText] {
    try bytes.split(separator: UInt8(ascii: "\n")).prefix(40).enumerated().map { number, line in
      let value = try Fixtures.value(Array(line), name: name)
      return SourceText(name: "\(name), line \(number + 1)", bytes: YAMLWriter.block(value))
    }
  }

  /// All that is told to be taken or left, to be changed a little.
  static let texts = (taken + left).map { Array($0.utf8) }

  static let taken = [
    "", "\n", "# nothing\n", "a: b\n", "---\na: b\n", "--- # note\n# more\na: b\n...\n# end\n", "a: b\n...\n\n...\n",
    "  a: b\n  c: d\n", "a:\n", "a:\nb:\n", "a: # note\nb: c # note\n", "a:\n  b:\n    c: d\n  e:\n\n# note\nf: g\n",
    "- a\n- b\n", "- a\n-\n- - b\n  -\n- c: d\n  e:\n  - f\n  -\n", "a:\n- b\n- c\nd:\n  - e\n",
    "-\n  a: b\n- # note\n  c\n",
    "- a:\n  - b:\n    - c\n  - d\n- e\n", "a:\n  b\nc:\n  'd'\n", "a:\n  [b]\n", "a:\n    |\n  b\n",
    "a : b\n\"c\" : d\n'e': f\n", "\"a\\\"b\\\\\\n\\r\\t\": 'it''s'''\n", "a: \"\"\nb: ''\nc: \"x\ty # z: w\"\n",
    "a: http://x:80/#y\nb: -1\nc: --d\ne: a,b [c] {d}?\nf: x & y * z ! ?\n", "---a: b\n...b: c\n",
    "- -1\n- .5\n- ---\n",
    "a: []\nb: {}\nc: [d, 'e', \"f\", [g], {h: i}]\n", "a: {\n  b: c, # note\n  \"d\":e, 'f' : [\n]\n\n}\n",
    "a: [b, ]\n",
    "{a: b, c: [d]}\n", "# flow\n[a,\nb]\n", "a: [-1, .5, x y, a#b, -b]\n", "- [a, b]\n- {c: d}\n",
    "a: |\n  b\n   c\n\n  d # no comment\n\n# note\ne: |-\n    f\n\n\ng: |+\n h\n\n", "a: |\n  b  \n   \n  \nc: d\n",
    "a: >\n  b\n  c\n\n  d\n   e\n\n   f\n  g\n\n\n  h\nb: >-\n c\n d\n\nc: >+\n d\n\n",
    "- |\n b\n- c: |-\n   d\n", "a: |\n  b\n  \tc\td\n", "é: ü # ß\n\"🎈\": 'ñ'\na: |\n  é\n", "<<: {a: b}\n",
    "a: ~\nb: null\n",
    "a: b\na: c\n", "a: x%b\n", "a: b \nc: d\n",
  ]

  static let left = [
    "a: b", "a: b\r\n", "\u{FEFF}a: b\n", "a: \u{2028}\n", "a: \u{85}\n", "a: \u{7F}\n", "\ta: b\n", "a:\tb\n",
    "a: b\tc\n",
    "a: &b c\n", "a: *b\n", "a: !!str b\n", "%YAML 1.1\n---\na: b\n", "? a\n: b\n", "[a]: b\n", "{a: b}: c\n",
    "a: b\n  c\n",
    "a: \"b\n  c\"\n", "a: 'b\n  c'\n", "a: >2\n  b\n", "a: |2\n   b\n", "a: |\n\n  b\n", "a: | # note\n  b\n",
    "a: |\nb: c\n",
    "a: |\n \tb\n", "a: |\n  b\n\tc\n", "a: \"\\x41\"\n", "a: \"\\/\"\n", "a: \"\\u00e9\"\n", "a\n", "--- a\n", "---\n",
    "...\n",
    "---\n---\na: b\n", "{a, b}\n", "{a: }\n", "[a: b]\n", "[a:b]\n", "[a?]\n", "{a\n: b}\n", "{\"a\"\n: b}\n",
    "[a\nb]\n", "[a,,b]\n",
    "[,]\n", "[a\n", "[a}\n", "[a, b]]\n", "a: [b]#c\n", "a: \"b\"#c\n", "a: \"b\" c\n", "a: b: c\n", "a: - b\n",
    "a: -\n", "a: @b\n",
    "a: b\n c: d\n", " a: b\nc: d\n", "a:\n    b: c\n  d: e\n", "- a\nb: c\n", "a: b\n- c\n", "a:\n  - b\n c: d\n",
    "- a\n - b\n",
    "a: {{ b }}\n", "a\nb: c\n", "a:\n  b\n  c: d\n", "\(String(repeating: "k", count: 1025)): a\n",
    String(repeating: "[", count: 257) + String(repeating: "]", count: 257) + "\n", "[---]\n", "[...]\n", "a: ?b\n",
    "a: :b\n", ":\n",
  ]
}
