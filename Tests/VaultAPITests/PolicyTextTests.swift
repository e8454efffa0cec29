import Testing
import VaultAPI

/// What is read of policies' texts.
@Suite struct PolicyTextTests {
  private func rules(_ text: String) -> [String]? {
    PolicyText.rules(of: text)?.map { "\($0.path): \($0.capabilities.joined(separator: " "))" }
  }

  @Test func hcl() {
    #expect(
      rules(
        """
        # a comment { "
        path "kv/data/a" { capabilities = ["read", "list"] } // another
        /* and
           a third */
        path "kv/data/\\"b\\"" {
          policy = "write"
          allowed_parameters = { "capabilities" = ["deny"], "x" = [] }
          min_wrapping_ttl = "1s"
        }
        "path" "+/c/*" { "capabilities" = ["deny"] }
        """)
        == ["kv/data/a: read list", "kv/data/\"b\": create read update delete list", "+/c/*: deny"])
    #expect(rules("") == [])
  }

  @Test func json() {
    #expect(
      rules(#"{"path": {"kv/a": {"capabilities": ["read"]}, "kv/b": {"policy": "deny"}}}"#) == [
        "kv/a: read", "kv/b: deny",
      ])
    #expect(rules(#"{"path": [{"kv/a": {"capabilities": ["read"]}}]}"#) == ["kv/a: read"])
  }

  @Test(arguments: [
    "path", "path \"a\"", "path \"a\" {", "path \"a", "path <<END\na\nEND\n{ }", "name = \"x\"", "path = \"a\" { }",
  ])
  func whatIsNotRead(_ text: String) { #expect(PolicyText.rules(of: text) == nil) }
}
