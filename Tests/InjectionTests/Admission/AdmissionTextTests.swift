import Injection
import ManifestText
import TestSupport
import Testing
import Yams

/// How the objects of a policy are written: CEL's literals, YAML, comments.
@Suite struct AdmissionTextTests {
  @Test(arguments: [
    ("plain", "'plain'"), ("", "''"), ("HashiCorp's", "\"HashiCorp's\""), ("say \"x\"", "'say \"x\"'"),
    ("it's \"x\"", #"'it\'s "x"'"#), (#"a\b"#, #"'a\\b'"#), ("a\nb\tc\rd", #"'a\nb\tc\rd'"#),
    ("\u{1}\u{7F}\u{85}", #"'\u0001\u007f\u0085'"#), ("\u{202E}x\u{2028}", #"'\u202ex\u2028'"#),
    ("e\u{301}é😀", "'e\u{301}é😀'"), ("a'\u{301}", "\"a'\u{301}\""),
  ])
  func literals(_ text: String, _ expected: String) {
    #expect(Array(CELText.string(text).utf8) == Array(expected.utf8))
  }

  @Test func lists() {
    #expect(CELText.list([]) == "[]")
    #expect(CELText.list(["a", "it's"]) == "['a', \"it's\"]")
  }

  /// Comments stand before what they are about, however deep, and change nothing.
  @Test func comments() throws {
    let value: Value = ["a": ["b": [["c": "x"], ["d": "'\"\\"]], "e": "two\nlines"]]
    let document = AdmissionDocument(
      value,
      comments: [
        .init(Path([.key("a"), .key("e")]), ["last", "", "of all"]), .init(Path(), ["first"]),
        .init(Path([.key("a"), .key("b"), .index(1)]), ["second element"]),
      ])
    let text = AdmissionText.text(of: [document, AdmissionDocument(["f": true])])
    #expect(
      text == """
        # first
        a:
          b:
            - c: x
            # second element
            - d: |-
                '"\\
          # last
          #
          # of all
          e: |-
            two
            lines
        ---
        f: true

        """)
    let read = try Yams.compose_all(yaml: text).map { _ in 1 }
    #expect(Array(read).count == 2)
    #expect(
      try Fixtures.value(
        Array(
          text.utf8.prefix { _ in true }.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).prefix(
            13
          ).joined(separator: [UInt8(ascii: "\n")]))) == value)
  }

  @Test(arguments: [
    ("team=a", "team", "a"), ("team", "team", nil), ("team=", "team", ""),
    ("example.com/x_y=Z.1", "example.com/x_y", "Z.1"),
  ])
  func labels(_ text: String, _ key: String, _ value: String?) throws {
    let label = try #require(ExemptNamespaces.Label(text))
    #expect(label.key == key && label.value == value)
  }

  @Test(arguments: ["", "=", "=a", "a=b=c", "a/b/c", "/a", "a/", "-a", "a-", "a=-", "A.com/x", "a b", "a=b c", "é"])
  func noLabels(_ text: String) { #expect(ExemptNamespaces.Label(text) == nil) }

  @Test func exemptNamespaces() throws {
    let exempt = ExemptNamespaces(
      labels: [try #require(ExemptNamespaces.Label("guard=off")), try #require(ExemptNamespaces.Label("free"))])
    #expect(exempt.holds("kube-system", labels: nil) && exempt.holds("kube-public", labels: [:]))
    #expect(exempt.holds("a", labels: ["guard": "off"]) && exempt.holds("a", labels: ["free": "whatever"]))
    #expect(!exempt.holds("a", labels: ["guard": "on"]) && !exempt.holds("kube-node-lease", labels: nil))
    let expressions = try #require(exempt.selector["matchExpressions"]?.array)
    #expect(expressions.map { $0["operator"]?.string } == ["NotIn", "NotIn", "DoesNotExist"])
  }

  /// Every one of the three places in a group of three bytes, decoded among other bytes.
  @Test func base64Marks() {
    let bytes = Array("\"vault\":{\"address\":\"x\"".utf8)
    for before in 0..<6 {
      for after in 0..<4 {
        let text = Base64.encoded(
          [UInt8](repeating: 0xA7, count: before) + bytes + [UInt8](repeating: 0x5C, count: after))
        #expect(text.contains(Base64.marks(of: bytes)[before % 3]), "\(before) \(after)")
      }
    }
  }
}
