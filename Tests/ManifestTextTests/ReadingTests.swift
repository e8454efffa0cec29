import ManifestText
import TestSupport
import Testing
import Yams

/// What texts mean, and what is said of those that mean nothing.
@Suite struct ReadingTests {
  @Test(arguments: [
    (#"{"a":"\ud83c\udf88\u00e9\/\n","b":[1,-0.5e3,true,false,null,{}],"c":{}}"#, "🎈é/\n"),
    (#"{"a":"\ud83c x"}"#, "\u{FFFD} x"),
  ])
  func readsJSON(_ text: String, _ expected: String) throws {
    let value = try Fixtures.value(Array(text.utf8))
    #expect(value["a"] == .string(expected))
  }

  /// Every refusal points at the byte that cannot be read.
  @Test(arguments: [
    (#"{"a":1,}"#, 7, "this is not JSON: found `}`"),
    (#"{"a" 1}"#, 5, "this is not JSON: found `1`"),
    (#"{"a":01}"#, 5, "this is not JSON: found `0`"),
    (#"{"a":"\x"}"#, 6, #"this is not JSON: found `\`"#),
    (#"{"a":"\u+123"}"#, 6, #"this is not JSON: found `\`"#),
    (#"{"a":"\u-000"}"#, 6, #"this is not JSON: found `\`"#),
    (#"{"a":"\u12g4"}"#, 6, #"this is not JSON: found `\`"#),
    ("{\"a\":\"b\n\"}", 7, "this is not JSON: found a control character (line break or tab) in a string"),
    (#"{"a":[1,2}"#, 9, "this is not JSON: found `}`"),
    (#"{"a":{"b":1}"#, 12, "this is not JSON: found the end of the input"),
    ("a: [1\nb: 2\n", 7, "this is not YAML: did not find expected ',' or ']' while parsing a flow sequence"),
    ("a:\n\tb: 1\n", 3, "this line is indented with a tab"),
    ("a: *x\n", 3, "the alias *x stands for nothing that ends before it in this document"),
    (
      "a: {{ .Values.x }}\n", 3, "this is a Helm template that was never rendered: `{{` stands where YAML wants a value"
    ),
    (
      "a: {{ secret.name }}: \"b\"\n", 3,
      "this is a Helm template that was never rendered: `{{` stands where YAML wants a value"
    ),
    (
      "a: {{- with secret `secret/data/db` }}{{ .Data.data.a }}{{ end }}\n", 3,
      "a template of Vault's agent stands here without quotes, where `{{` begins a map in YAML"
    ),
    (
      "a: {{ .Data.data.a }}\n", 3,
      "a template of Vault's agent stands here without quotes, where `{{` begins a map in YAML"
    ),
    ("é: 1\nb: c: d\n", 10, "this is not YAML: mapping values are not allowed in this context"),
  ])
  func refuses(_ text: String, _ offset: Int, _ message: String) {
    let error = #expect(throws: Diagnostic.self) { try Fixtures.document(Array(text.utf8), name: "x.json") }
    #expect(error?.message == message)
    #expect(error?.range?.lowerBound == offset)
  }

  @Test func refusesAliasBombs() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      text += "a\(level): &a\(level) [\((0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ", "))]\n"
    }
    let document = try Fixtures.document(Array(text.utf8))
    let error = #expect(throws: Diagnostic.self) { try document.value(of: #require(document.root)) }
    #expect(error?.rule == .aliasBomb)
  }

  @Test func namesTheFirstOfTwoKeys() throws {
    let document = try Fixtures.document(Array("a: 1\nb: 2\n\"a\": 3\n".utf8))
    let error = #expect(throws: Diagnostic.self) { try document.value("a", in: #require(document.root)) }
    #expect(error?.message == "the key `a` stands twice in this map, first in line 1, column 1")
    #expect(error?.range?.lowerBound == 10)
  }

  /// What is written for a text is read as that text again, by this reader and by another.
  @Test(arguments: [
    "", " ", "a", "a b", "a: b", "a #b", "#", "- a", "-", "--", "---", "...", "-c", "--flag=1", "true", "Yes", "no",
    "off",
    "null", "~", "1", "1.5", "0x1F", "0o7", "1e3", "1_000", "+1", "-1", ".5", ".inf", ".nan", "12:30:45", "2001-01-01",
    "=", "<<",
    "200m", "64Mi", "10.0.0.1", "a,b", "[a]", "{a}", "a]", "*a", "&a", "!a", "|", ">", "%a", "@a", "`a", "'", "\"",
    "\\", "a'b",
    "say \"x\"", "{{ with secret \"a\" }}", "tab\there", "\ttab", "line\nline", "line\n", "\nline", " line\nline",
    "line\n\n",
    "line \nline", "a\r\nb", "\u{85}", "a\u{2028}b\n", "\u{FEFF}", "\u{7}", "é", "🎈 x", "/path", "./x", ".hidden", "a:",
    ":a",
    "http://x:1", "?", "? a", "y", "N", "0", "00", "0b1", "a  b", "x\n  y\n\nz", "# not a comment\n", "\n\n", "é\nü\n",
  ])
  func spellsText(_ text: String) throws {
    let value: Value = [
      "a": .string(text), "b": .array([.string(text)]), "c": .array([["d": .string(text)], .array([.string(text)])]),
    ]
    for bytes in [YAMLWriter.block(value), Array("# flow\na: [\(YAMLWriter.inline(value))]\n".utf8)] {
      let spelt = String(decoding: bytes, as: UTF8.self)
      let read = try Fixtures.value(bytes)
      let inner = bytes.first == UInt8(ascii: "#") ? read["a"]?.array?.first : read
      #expect(inner == value, "\(spelt)")
      // Yams drops a byte order mark at the start of a value.
      if text == "\u{FEFF}" { continue }
      let judged = try #require(try Yams.load(yaml: spelt) as? [String: Any])
      let map = bytes.first == UInt8(ascii: "#") ? (judged["a"] as? [[String: Any]])?.first : judged
      #expect(map?["a"] as? String == text, "\(spelt)")
      #expect((map?["b"] as? [String])?.first == text, "\(spelt)")
    }
    #expect(try Fixtures.value(JSONWriter.pretty(value)) == value)
    #expect(try Fixtures.value(JSONWriter.compact(value)) == value)
  }
}
