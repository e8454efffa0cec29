import ManifestText
import TestSupport
import Testing

/// Members taken out of collections, with the lines and separators that are their own.
@Suite struct RemovalTests {
  private func removing(_ paths: [Path], from text: String) throws -> String {
    let document = try Fixtures.document(Array(text.utf8))
    var removals = Removals(document: document)
    for path in paths { removals.remove(at: path) }
    let result = try removals.spliced(by: removals.textEdits())
    return String(decoding: result.source.bytes, as: UTF8.self)
  }

  private static let a = Path().appending("a")

  @Test(arguments: [
    // Block style: whole lines; comments above belong to the neighbours.
    ("a: 1\nb: 2\n", [a], "b: 2\n"),
    ("# of a\na: 1  # one\n# of b\nb: 2\n", [a], "# of a\n# of b\nb: 2\n"),
    ("b: 2\na:\n  - x\n  - y: |\n      text\n\nc: 3\n", [a], "b: 2\n\nc: 3\n"),
    ("b: 2\r\na: 1\r\n", [a], "b: 2\r\n"),
    ("b: 2\na: 1", [a], "b: 2"),
    ("b: 2\r\na: 1", [a], "b: 2"),
    ("b: 2\nc: 4\na:\n- 1", [a, Path().appending("c")], "b: 2"),
    ("? a\n: 1\nb: 2\n", [a], "b: 2\n"),
    ("? a\nb: 2\n", [a], "b: 2\n"),
    ("a: 1\n", [a], "{}\n"),
    ("\u{FEFF}a: 1\nb: 2\n", [a], "\u{FEFF}b: 2\n"),
    ("a:\n- x # one\n# of y\n- y\n", [a.appending(0)], "a:\n# of y\n- y\n"),
    ("a:\n- x\n- y\n", [a.appending(0), a.appending(1)], "a: []\n"),
    ("a: # why\n  - x\n", [a.appending(0)], "a: [] # why\n"),
    ("a:\n-   k: 1\n    l: 2\n", [a.appending(0).appending("k")], "a:\n-   l: 2\n"),
    ("a:\n- - x\n  - y\n", [a.appending(0).appending(0)], "a:\n- - y\n"),
    ("a:\n-\n  k: 1\n- z\n", [a.appending(0)], "a:\n- z\n"),
    ("a:\n- é: 1\n- z\n", [a.appending(1)], "a:\n- é: 1\n"),
    // Flow style: with the comma that is its own.
    ("{a: 1, b: 2}\n", [a], "{b: 2}\n"),
    ("{b: 2, a: 1}\n", [a], "{b: 2}\n"),
    ("{b: 2, a: 1, c: 3}\n", [a], "{b: 2, c: 3}\n"),
    ("{ a: 1 }\n", [a], "{ }\n"),
    ("a: [x, y, z]\n", [a.appending(0), a.appending(2)], "a: [y]\n"),
    ("a: [x, y,]\n", [a.appending(1)], "a: [x,]\n"),
    ("a: [\n  x, # one\n  y # two\n]\n", [a.appending(1)], "a: [\n  x # one # two\n]\n"),
    ("a: [\n  x, # one\n  y # two\n]\n", [a.appending(0)], "a: [\n  # one\n  y # two\n]\n"),
    ("{\n  \"a\": [\n    1,\n    2\n  ]\n}", [a.appending(0)], "{\n  \"a\": [\n    2\n  ]\n}"),
    ("{\n  \"a\": [\n    1,\n    2\n  ]\n}", [a.appending(0), a.appending(1)], "{\n  \"a\": []\n}"),
    ("{\"a\":1,\"b\":2}", [a], "{\"b\":2}"),
    // What others refer to stays with them.
    ("a: &x 1\nb: *x\n", [a], "b: 1\n"),
    ("b: &x {c: 1}\na: *x\n", [a], "b: &x {c: 1}\n"),
    ("m: &m {a: 1}\nn:\n  <<: *m\n  a: 2\n", [Path().appending("n").appending("a")], "m: &m {a: 1}\nn:\n  <<: *m\n"),
  ])
  func takesOut(_ text: String, _ paths: [Path], _ expected: String) throws {
    #expect(try removing(paths, from: text) == expected)
  }

  /// Former texts find their place again, whatever stands there now.
  @Test(arguments: [
    ("a:\n  - x\nb: 1\n", FormerText(text: Array("~".utf8), isBelow: false, column: 0), "a: ~\nb: 1\n"),
    ("a: # why\n  - x\nb: 1\n", FormerText(text: [], isBelow: false, column: 0), "a: # why\nb: 1\n"),
    ("a:\n- x", FormerText(text: Array("null".utf8), isBelow: false, column: 0), "a: null"),
    ("b: 1\na: x\n", FormerText(text: Array("'y'".utf8), isBelow: false, column: 0), "b: 1\na: 'y'\n"),
    ("a: x # why\n", FormerText(text: [], isBelow: false, column: 0), "a: # why\n"),
    ("a:\n    x: 1\n", FormerText(text: Array("y:\n  z: 2".utf8), isBelow: true, column: 2), "a:\n    y:\n      z: 2\n"),
    ("a: {x: 1}\n", FormerText(text: Array("y: 2".utf8), isBelow: true, column: 2), "a: \n  y: 2\n"),
    ("{\"a\": [1]}", FormerText(text: Array("~".utf8), isBelow: false, column: 0), "{\"a\": null}"),
    ("{b: 1, a: [1]}\n", FormerText(text: Array("x: y".utf8), isBelow: true, column: 2), "{b: 1, a: {x: y}}\n"),
  ])
  func putsBack(_ text: String, _ former: FormerText, _ expected: String) throws {
    let document = try Fixtures.document(Array(text.utf8))
    let root = try #require(document.root)
    let node = try #require(try document.value("a", in: root))
    var removals = Removals(document: document)
    try removals.restore(former, in: node, of: root, at: Self.a)
    let result = try removals.spliced(by: removals.textEdits())
    #expect(String(decoding: result.source.bytes, as: UTF8.self) == expected)
  }
}
