import Testing
import VaultAPI

/// What policies allow, matched without a server.
@Suite struct PolicyMatcherTests {
  private func allows(_ rules: [(String, [String])], _ capability: String, at path: String) -> Bool {
    PolicyMatcher(rules.map { ACLRule(path: $0.0, capabilities: $0.1) }).capabilities(at: path).allow(capability)
  }

  @Test func patterns() {
    let table: [(String, String, Bool)] = [
      ("kv/data/a", "kv/data/a", true), ("kv/data/a", "kv/data/ab", false), ("kv/data/a", "kv/data/a/b", false),
      ("kv/data/*", "kv/data/a/b", true), ("kv/data/a*", "kv/data/abc", true), ("kv/data/a*", "kv/data/b", false),
      ("*", "anything/at/all", true), ("kv/*", "kv", false), ("kv/*/a", "kv/x/a", false),
      ("kv/+/a", "kv/x/a", true), ("kv/+/a", "kv/x/y/a", false), ("kv/+", "kv/x", true), ("kv/+", "kv/x/y", false),
      ("+/data/a", "kv/data/a", true), ("kv/+/*", "kv/x/y/z", true),
      ("kv/metadata/", "kv/metadata/", true), ("kv/metadata/", "kv/metadata", false),
      ("kv/metadata", "kv/metadata/", true), ("/kv/data/a", "kv/data/a", true),
    ]
    for (pattern, path, matches) in table {
      #expect(allows([(pattern, ["read"])], "read", at: path) == matches, "\(pattern) \(path)")
    }
  }

  @Test func theRuleThatSaysMostCounts() {
    let rules = [("kv/*", ["read", "update"]), ("kv/data/*", ["read"]), ("kv/data/shop/+", ["deny"])]
    #expect(allows(rules, "update", at: "kv/other"))
    #expect(!allows(rules, "update", at: "kv/data/a"))
    #expect(allows(rules, "read", at: "kv/data/a"))
    #expect(!allows(rules, "read", at: "kv/data/shop/a"))
    #expect(allows([("kv/a", ["read"]), ("kv/*", ["deny"])], "read", at: "kv/a"))
    #expect(!allows([("kv/+/a", ["read"]), ("kv/x/*", ["deny"])], "read", at: "kv/x/a"))
    #expect(allows([("kv/+/a", ["read"]), ("kv/+/*", ["deny"])], "read", at: "kv/x/a"))
  }

  @Test func rulesOfOnePathAreOne() {
    #expect(allows([("kv/a", ["read"]), ("kv/a", ["update"])], "update", at: "kv/a"))
    #expect(!allows([("kv/a", ["read"]), ("kv/a", ["deny"])], "read", at: "kv/a"))
    #expect(!allows([("kv/a", [])], "read", at: "kv/a"))
  }
}
