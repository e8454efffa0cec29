import ManifestText
import TestSupport
import Testing

/// The difference of two values as JSON Patch.
@Suite struct DifferenceTests {
  @Test(arguments: [
    ("{}", "{}", "[]"),
    (#"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#, "[]"),
    (#"{"a":1,"b":{"c":1}}"#, #"{"b":{"c":2,"d":3}}"#, """
      [{"op":"remove","path":"/a"},{"op":"replace","path":"/b/c","value":2},{"op":"add","path":"/b/d","value":3}]
      """),
    (#"{"a":{}}"#, #"{"a":[]}"#, #"[{"op":"replace","path":"/a","value":[]}]"#),
    ("[1,2,3]", "[2,3,4]", #"[{"op":"remove","path":"/0"},{"op":"add","path":"/2","value":4}]"#),
    ("[1,2]", "[]", #"[{"op":"remove","path":"/0"},{"op":"remove","path":"/0"}]"#),
    (
      #"[{"name":"a","x":1},{"name":"b"}]"#, #"[{"name":"n"},{"name":"a","x":2},{"name":"b"}]"#,
      #"[{"op":"add","path":"/0","value":{"name":"n"}},{"op":"replace","path":"/1/x","value":2}]"#
    ),
    (#"{"a/b":1}"#, "{}", #"[{"op":"remove","path":"/a~1b"}]"#),
    ("1", "2", #"[{"op":"replace","path":"","value":2}]"#),
  ])
  func tellsWhatDiffers(_ old: String, _ new: String, _ expected: String) throws {
    let (before, after) = try (#require(Value(json: Array(old.utf8))), #require(Value(json: Array(new.utf8))))
    let operations = PatchOperation.difference(from: before, to: after)
    let text = JSONWriter.compact(.array(operations.map { $0.json(relativeTo: Path()) }))
    #expect(String(decoding: text, as: UTF8.self) == expected)
  }
}
