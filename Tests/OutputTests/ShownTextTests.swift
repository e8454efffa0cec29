import KubernetesAPI
import Testing
import Output

@Suite struct ShownTextTests {
  private static func shown(_ text: ShownText) -> String { text.line }

  @Test func literalsAreTrustedAndNothingElse() {
    let name = "web\n\u{1B}[2J\u{202E}\u{85}"
    #expect(Self.shown("a\n\(name): b") == "a\nweb<U+000A><U+001B>[2J<U+202E><U+0085>: b")
    #expect(Self.shown("\(ShownText(of: "\u{1B}")) \(7)") == "<U+001B> 7")
    #expect(Self.shown(ShownText(of: "\u{7F}\u{2028}\u{E0041}")) == "<U+007F><U+2028><U+E0041>")
  }

  @Test(arguments: ["grün", "e\u{301}", "中文", "😀", "⚠\u{FE0F}", "a\u{A0}b", ""])
  func textStaysAsItIs(text: String) {
    #expect(Self.shown(ShownText(of: text)) == text)
  }

  @Test func furtherLinesStandBehindABar() {
    #expect(Self.shown("x: \(lines: "a\r\n\tb\n::error::c\r")") == "x: a\n  |  b\n  | ::error::c<U+000D>")
  }

  // A word that no other test takes for a secret: those in use are the whole process's.
  @Test(arguments: [
    ("::error::shown", "<U+003A>:error::shown"), (" \u{A0}::shown", " \u{A0}<U+003A>:shown"),
    ("a ::shown", "a ::shown"),
    ("##[group]", "#<U+0023>[group]"), ("a ##vso[shown", "a #<U+0023>vso[shown"), ("## shown", "## shown"), (":", ":"),
  ])
  func nothingIsACommand(text: String, expected: String) {
    #expect(Self.shown(ShownText(of: text)) == expected)
  }

  @Test func everyLineIsLookedAt() {
    #expect(Self.shown("a\n\("::shown")") == "a\n<U+003A>:shown")
  }

  @Test func secretsAreTakenOut() {
    let secret = Secret("correct horse+battery")
    #expect("\(secret)" == "<redacted>")
    let forms = [
      "correct horse+battery", "correct%20horse%2Bbattery", "Y29ycmVjdCBob3JzZStiYXR0ZXJ5", "correct horse+ba",
    ]
    for text in forms {
      #expect(Self.shown(ShownText(of: "you sent \(text)")) == "you sent <redacted>")
    }
    #expect(Self.shown(ShownText(of: "correct horse")) == "<redacted>")
    #expect(Self.shown(ShownText(of: "correct horses")) == "correct horses")
  }

  @Test(arguments: [
    ("is `http://u:p@x:8200`", "is `http://…@x:8200`"), ("HTTPS://token@x/y?z", "HTTPS://…@x/y?z"),
    ("a postgres://u:p@@db/x, b redis://:p@c#d", "a postgres://…@db/x, b redis://…@c#d"),
    ("http://a/?next=http://u:p@b", "http://a/?next=http://…@b"),
    ("ssh://git@example.com/x", "ssh://git@example.com/x"), ("http://x/y@z", "http://x/y@z"),
    ("https://$(USER)@x, a://u:${PASSWORD}@x", "https://$(USER)@x, a://u:${PASSWORD}@x"),
    ("https://$(A)b@x", "https://…@x"), ("http://x and a@b", "http://x and a@b"), ("x:1@sha256:0", "x:1@sha256:0"),
    ("http://u:p/w@x:1", "http://…@x:1"), ("http://x:80/y@z", "http://x:80/y@z"),
    ("http://[::1]/y@z", "http://[::1]/y@z"),
    ("'u:p@x:3128'", "'…@x:3128'"), ("--set a=u:p=q@x:1, u:p/w@y:2", "--set a=…@x:1, …@y:2"),
    ("a://${v:a/b#u}:${v:a/b#p}@x", "a://${v:a/b#u}:${v:a/b#p}@x"), ("a://${v:a}:p@x", "a://…@x"),
    ("{{.u}}:{{.p}}@x:1", "{{.u}}:{{.p}}@x:1"),
    ("oidc:me@example.com", "oidc:me@example.com"), ("u:$(P)@x:1", "u:$(P)@x:1"), ("git@x:22", "git@x:22"),
    ("://", "://"),
  ])
  func passwordsInURLsAreLeftOut(text: String, expected: String) {
    #expect(Self.shown(ShownText(of: text)) == expected)
  }

  @Test func shortSecretsAreWords() {
    _ = Secret("qzx")
    #expect(Self.shown(ShownText(of: "qzx, 'qzx' and qzxa or aqzx")) == "<redacted>, '<redacted>' and qzxa or aqzx")
  }

  /// A text stays readable, and the credential is hidden wherever it is one.
  @Test func shortestSecretsAreHiddenWhereTheyAreCredentials() {
    _ = Secret("q")
    _ = Secret("zq")
    for text in ["container q of q/zq", "`q` not found", "a q b", "key-q: zq-1"] {
      #expect(Self.shown(ShownText(of: text)) == text)
    }
    for text in [
      "Authorization: Bearer q", "bearer zq", "password=q&a=b", "{\"token\": \"zq\"}", "wrong password \"q\"",
      "token `zq` is invalid", "ftp://q@host/",
    ] {
      #expect(Self.shown(ShownText(of: text)).contains("<redacted>"), "\(text)")
    }
    for text in ["https://q@host/q", "https://someone:zq@host/q", "https://zq:q@host/q"] {
      #expect(Self.shown(ShownText(of: text)) == "https://…@host/q")
    }
  }

  @Test func addressesHoldSecrets() {
    SecretsInUse.note(url: "https://me:pa%24sword@example.com/a?sig=0123456789abcdefX&ref=main")
    #expect(Self.shown(ShownText(of: "pa%24sword pa$sword main")) == "<redacted> <redacted> main")
    #expect(Self.shown(ShownText(of: "sig 0123456789abcdefX")) == "sig <redacted>")
    SecretsInUse.note(url: "me:pass/wor2@proxy:3128")
    SecretsInUse.note(url: "http://me:pass?wor3@proxy:3128")
    SecretsInUse.note(url: "me:pass://wor4@proxy")
    for secret in ["pass/wor2", "pass?wor3", "pass://wor4"] {
      #expect(Self.shown(ShownText(of: "is \(secret)")) == "is <redacted>")
    }
  }
}
