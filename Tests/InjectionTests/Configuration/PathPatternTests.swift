@testable import Injection
import Testing

/// Which paths a pattern of a configuration's overrides matches.
@Suite struct PathPatternTests {
  @Test(arguments: [
    ("overlays/prod", ["overlays/prod", "overlays/prod/a.yaml", "./overlays/prod/b/c.yaml", "overlays//prod"]),
    ("./overlays/prod/", ["overlays/prod/a.yaml"]),
    ("prod", ["prod", "prod/a.yaml", "overlays/prod/a.yaml", "a/b/prod"]),
    ("*.prod.yaml", ["web.prod.yaml", "a/b/web.prod.yaml", ".prod.yaml"]),
    ("*/prod/**", ["overlays/prod/a.yaml", "overlays/prod"]),
    ("**/prod/*.yaml", ["prod/a.yaml", "a/b/prod/c.yaml"]),
    ("a/**/b", ["a/b", "a/x/b", "a/x/y/b/c"]), ("**", ["a", "a/b", ""]), ("a?c", ["abc", "x/abc/d"]),
    ("a*b*c", ["abc", "aXbYc", "abbc", "abcbc"]), ("[a]", ["[a]"]),
  ])
  func matches(pattern: String, paths: [String]) throws {
    let found = try #require(PathPattern(pattern))
    #expect(paths.filter { !found.matches($0) } == [])
  }

  @Test(arguments: [
    ("overlays/prod", ["overlays/production/a.yaml", "x/overlays/prod", "overlays", "overlays/stage/prod", ""]),
    ("*.prod.yaml", ["web.prod.yml", "web.prodXyaml"]), ("*/prod/**", ["prod/a.yaml", "a/b/prod/c"]),
    ("**/prod/*.yaml", ["prod/a.json", "prod"]), ("a?c", ["ac", "abbc"]), ("a*b*c", ["acb", "ab"]), ("[a]", ["a"]),
    ("a/**/b", ["a", "b", "x/a/b"]),
  ])
  func doesNotMatch(pattern: String, paths: [String]) throws {
    let found = try #require(PathPattern(pattern))
    #expect(paths.filter { found.matches($0) } == [])
  }

  @Test(arguments: ["", "/", "/a", "../a", "a/../b", ".", "./"])
  func isNone(text: String) { #expect(PathPattern(text) == nil) }

  @Test(arguments: [
    ("overlays/prod", "overlays/prod"), ("overlays/*/x", "overlays"), ("prod", ""), ("*.yaml", ""), ("a/b?/c", "a"),
  ])
  func fixedPath(pattern: String, path: String) { #expect(PathPattern(pattern)?.fixedPath == path) }

  /// A name with many wildcards is told without trying all there is.
  @Test func endsSoon() throws {
    let pattern = try #require(PathPattern(String(repeating: "*a", count: 40) + "b"))
    #expect(!pattern.matches(String(repeating: "a", count: 4_000)))
    let folders = try #require(PathPattern(String(repeating: "**/a*/", count: 20) + "b"))
    #expect(!folders.matches(String(repeating: "a/", count: 200)))
    #expect(folders.matches(String(repeating: "a/", count: 200) + "b/c.yaml"))
  }
}
