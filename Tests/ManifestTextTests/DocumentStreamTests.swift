import ManifestText
import Testing

/// Documents told apart without being parsed.
@Suite struct DocumentStreamTests {
  private func pieces(_ text: String) throws -> [String] {
    let source = SourceText(name: "test", bytes: Array(text.utf8))
    return try DocumentStream(source).map { String(decoding: source.bytes[$0.range], as: UTF8.self) }
  }

  @Test(arguments: [
    ("a: 1\n", ["a: 1\n"]),
    ("a: 1\n---\nb: 2\n", ["a: 1\n", "---\nb: 2\n"]),
    ("# head\n---\na: 1\n--- # two\nb: 2", ["# head\n---\na: 1\n", "--- # two\nb: 2"]),
    ("---\n---\na: 1\n", ["---\n", "---\na: 1\n"]),
    ("%YAML 1.1\n---\na: 1\n...\n%YAML 1.1\n---\nb: 2\n", ["%YAML 1.1\n---\na: 1\n...\n", "%YAML 1.1\n---\nb: 2\n"]),
    ("a: |\n  ---\n  x\nb: ---x\n---y: 1\n", ["a: |\n  ---\n  x\nb: ---x\n---y: 1\n"]),
    ("a: 1\r\n---\r\nb: 2\r\n", ["a: 1\r\n", "---\r\nb: 2\r\n"]),
    ("a: 1\r---\rb: 2\r", ["a: 1\r", "---\rb: 2\r"]),
    ("\u{FEFF}---\na: 1\n", ["\u{FEFF}---\na: 1\n"]),
    ("{\"a\":\"}{\"} {\"b\":1}\n{\"c\":{}}\n", ["{\"a\":\"}{\"}", " {\"b\":1}", "\n{\"c\":{}}\n"]),
    ("{\"a\":1}\n---\n{\"b\":1}{\"c\":1}", ["{\"a\":1}\n", "---\n{\"b\":1}", "{\"c\":1}"]),
    ("", []),
  ])
  func splits(_ text: String, _ expected: [String]) throws {
    #expect(try pieces(text) == expected)
  }

  @Test(
    arguments: [
      ([0xFF, 0xFE, 0x61, 0], "this is UTF-16 text, and manifests are UTF-8"),
      ([0x61, 0, 0x62, 0], "this is UTF-16 text, and manifests are UTF-8"),
      ([0, 0, 0xFE, 0xFF], "this is UTF-32 text, and manifests are UTF-8"),
      ([0x61, 0x62, 0x63, 0x64, 0], "this is binary data: byte 4 is zero"),
    ] as [([UInt8], String)])
  func refusesWhatIsNoText(_ bytes: [UInt8], _ message: String) {
    let error = #expect(throws: Diagnostic.self) { _ = try DocumentStream(SourceText(name: "test", bytes: bytes)) }
    #expect(error?.message == message)
  }
}
