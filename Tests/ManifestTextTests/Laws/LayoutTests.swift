import ManifestText
import TestSupport
import Testing

/// Where new text goes and how it is laid out, to the byte.
@Suite struct LayoutTests {
  /// What is planned for a text.
  enum Change: Sendable {
    case append([Value], String)
    case prepend([Value], String)
    case set(Value, String)
  }

  /// A text, a change of it, and the text that gives.
  static let cases: [(String, Change, String)] = [
    // Lists: at the key's column or indented, and with the gap after the dash that is there.
    ("a:\n- x\nb: 1\n", .append(["w"], "a"), "a:\n- x\n- w\nb: 1\n"),
    ("a:\n  - x\n", .append([["k": "v", "l": [1]]], "a"), "a:\n  - x\n  - k: v\n    l:\n      - 1\n"),
    ("a:\n-   x\n", .prepend([["k": "v", "l": "w"]], "a"), "a:\n-   k: v\n    l: w\n-   x\n"),
    ("a:\n# of x\n- x # x\n", .prepend(["w"], "a"), "a:\n- w\n# of x\n- x # x\n"),
    ("a: # none\nb: 1\n", .append(["x"], "a"), "a: # none\n  - x\nb: 1\n"),
    ("a: []\n", .append(["x"], "a"), "a: [x]\n"),
    ("a: [x, y] # z\n", .append(["w"], "a"), "a: [x, y, w] # z\n"),
    ("a: [\n  x,\n  y, # y\n]\n", .append(["z"], "a"), "a: [\n  x,\n  y, # y\n  z,\n]\n"),
    // Maps: with the neighbours' step, after the last line.
    ("a:\n    b: 1\n", .set(["d": "e"], "a.c"), "a:\n    b: 1\n    c:\n        d: e\n"),
    ("a: {b: 1}\n", .set(["d": "e"], "a.c"), "a: {b: 1, c: {d: e}}\n"),
    ("a: 1\n", .set("x", "b.c"), "a: 1\nb:\n  c: x\n"),
    ("a: old # why\n", .set("new", "a"), "a: new # why\n"),
    // Line endings, and the lack of one.
    ("a:\r\n- x\r\n", .append(["w"], "a"), "a:\r\n- x\r\n- w\r\n"),
    ("a:\r- x\r", .append(["w"], "a"), "a:\r- x\r- w\r"),
    ("a:\n- x", .append(["w"], "a"), "a:\n- x\n- w"),
    ("a:\r\n- |+\r\n  x\r\n\r\nb: 1\r\n", .append(["w"], "a"), "a:\r\n- |+\r\n  x\r\n\r\n- w\r\nb: 1\r\n"),
    // Block scalars that keep their blank lines give way with those.
    ("a:\n- |+\n  x\n\nb: 1\n", .set(["w", "z"], "a"), "a:\n- w\n- z\nb: 1\n"),
    ("a: |+\n  x\n\nb: 1\n", .set("w", "a"), "a: w\nb: 1\n"),
    ("a:\n- x \t\nb: 1\n", .set(["two\nlines\n"], "a"), "a:\n- \"two\\nlines\\n\" \t\nb: 1\n"),
    // JSON, in every layout.
    ("{\"a\":[1]}", .append([2], "a"), "{\"a\":[1,2]}"),
    ("{\"a\": [1]}", .set(["c": []], "b"), "{\"a\": [1], \"b\": {\"c\": []}}"),
    ("{\n\t\"a\": []\n}\n", .append(["x"], "a"), "{\n\t\"a\": [\n\t\t\"x\"\n\t]\n}\n"),
  ]

  @Test(arguments: cases.indices) func isLaidOutLikeItsNeighbours(_ index: Int) throws {
    let (text, change, expected) = Self.cases[index]
    let document = try Fixtures.document(Array(text.utf8), name: text.debugDescription)
    var edits = Edits(document: document)
    try Self.plan(change, in: &edits)
    expectSame(try edits.spliced().source.bytes, Array(expected.utf8), text.debugDescription)
  }

  /// Several changes in maps that are made for the first of them: each joins those before it.
  static let together: [(String, [Change], String)] = [
    ("a: 1\n", [.set("x", "b.c.d"), .set("w", "b.c.e")], "a: 1\nb:\n  c:\n    d: x\n    e: w\n"),
    ("a: 1\n", [.set("x", "b.c.d"), .set("w", "b.e"), .set("z", "b.c.d")], "a: 1\nb:\n  c:\n    d: z\n  e: w\n"),
    ("a: {b: ~}\n", [.set("x", "a.b.c.d"), .set("w", "a.b.c.e")], "a: {b: {c: {d: x, e: w}}}\n"),
    (
      "a: 1\n", [.append(["x"], "b.c.d"), .append(["y"], "b.c.d"), .prepend(["w"], "b.c.d")],
      "a: 1\nb:\n  c:\n    d:\n      - w\n      - x\n      - \"y\"\n"
    ),
    ("a: 1\n", [.set("x", "b.c"), .set("y", "b.c.d")], "a: 1\nb:\n  c:\n    d: \"y\"\n"),
  ]

  @Test(arguments: together.indices) func changesJoinThoseBefore(_ index: Int) throws {
    let (text, changes, expected) = Self.together[index]
    let document = try Fixtures.document(Array(text.utf8), name: text.debugDescription)
    var edits = Edits(document: document)
    for change in changes { try Self.plan(change, in: &edits) }
    expectSame(try edits.spliced().source.bytes, Array(expected.utf8), text.debugDescription)
  }

  private static func plan(_ change: Change, in edits: inout Edits) throws {
    switch change {
    case .append(let values, let path): try edits.append(values, to: Self.path(path))
    case .prepend(let values, let path): try edits.prepend(values, to: Self.path(path))
    case .set(let value, let path): try edits.set(value, at: Self.path(path))
    }
  }

  private static func path(_ keys: String) -> Path {
    keys.split(separator: ".").reduce(Path()) { $0.appending(String($1)) }
  }

  @Test(arguments: ["text\n", "# nothing\n", "{}", "- 1\n"]) func nothingPlannedChangesNothing(_ text: String) throws {
    let document = try Fixtures.document(Array(text.utf8))
    expectSame(try Edits(document: document).spliced().source.bytes, Array(text.utf8), text)
  }
}
