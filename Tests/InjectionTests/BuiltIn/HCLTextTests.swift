import Injection
import Testing

@Suite struct HCLTextTests {
  @Test(arguments: [
    ("plain", "plain"),
    ("two words", "two words"),
    ("say \"hi\"", #"say \"hi\""#),
    (#"back\slash"#, #"back\\slash"#),
    ("line\nbreak\ttab", #"line\nbreak\ttab"#),
    ("bell\u{7}", #"bell\u0007"#),
    ("$HOME", "$HOME"),
    ("at the end $", "at the end $"),
    ("${HOME}", #"\u0024{HOME}"#),
    ("$(id)", #"\u0024(id)"#),
    ("$$", #"\u0024\u0024"#),
    ("$$$(x)", #"\u0024\u0024\u0024(x)"#),
    ("größe 🔑", "größe 🔑"),
    ("kept by HCL \u{E123}", #"kept by HCL \ue123"#),
  ])
  func quotedTextSpellsOutSubstitutions(text: String, expected: String) {
    #expect(HCLText.escaped(text) == expected)
    #expect(HCLText.quoted(text) == "\"\(expected)\"")
  }

  @Test func plainLinesAreAHereDocument() {
    #expect(HCLText.literal(lines: "a \"b\"\n$c") == "<<TEMPLATE\na \"b\"\n$c\nTEMPLATE")
  }

  @Test(arguments: [
    ("a\nTEMPLATE\nb", #""a\nTEMPLATE\nb\n""#),
    ("  TEMPLATE", #""  TEMPLATE\n""#),
    ("${x}", #""\u0024{x}\n""#),
    ("a $(b)", #""a \u0024(b)\n""#),
    ("a $$ b", #""a \u0024\u0024 b\n""#),
    ("kept by HCL \u{E123}", #""kept by HCL \ue123\n""#),
    ("carriage\r\nreturn", #""carriage\u000d\nreturn\n""#),
  ])
  func specialLinesAreQuoted(text: String, expected: String) {
    #expect(HCLText.literal(lines: text) == expected)
  }
}
