import AgentTemplates
import Injection
import ManifestText
import TestSupport
import Testing

/// Go's text functions, on recorded answers and on what lies between them.
@Suite struct GoTextTests {
  @Test func joinedPaths() throws {
    try GoTables.check("pathjoin", rows: 529) { row in
      GoText.joined(row["a"]?.string ?? "", row["b"]?.string ?? "")
    }
  }

  @Test func anyNumberOfPathElements() {
    #expect(GoText.joined() == "")
    #expect(GoText.joined("", "", "") == "")
    #expect(GoText.joined("/a/", "", "../b", "c/") == "/b/c")
    #expect(GoText.cleaned("") == ".")
    #expect(GoText.cleaned("/\u{301}a/..") == "/")
  }

  @Test func lowerCase() throws {
    try GoTables.check("tolower", rows: 13) { GoText.lowercased($0.input) }
  }

  @Test func orderOfBytes() {
    let keys = ["b", "a_", "a.", "aB", "a-", "a0", "aa", "\u{1F600}", "\u{FFFD}"]
    #expect(
      keys.sorted(by: GoText.precedes) == ["a-", "a.", "a0", "aB", "a_", "aa", "b", "\u{FFFD}", "\u{1F600}"])
  }

  @Test func quotedText() throws {
    try GoTables.check("goquote", rows: 113) { GoQuote.quoted($0.input) }
  }

  @Test func quotedEscapes() {
    #expect(GoQuote.quoted("\u{7}\u{8}\u{B}\u{C}") == #""\a\b\v\f""#)
    #expect(GoQuote.quoted("\u{E000}\u{F0000}\u{200D}e\u{301}") == #""\ue000\U000f0000\u200d"# + "e\u{301}\"")
  }
}
