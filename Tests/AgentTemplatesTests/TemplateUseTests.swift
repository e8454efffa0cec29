import AgentTemplates
import Testing

/// What templates read, and what of it.
struct TemplateUseTests {
  private func use(_ text: String) throws -> TemplateUse { TemplateUse(of: try AgentTemplate(Array(text.utf8))) }

  /// Each read as `function path parameters: fields`.
  private func reads(_ text: String) throws -> [String] {
    try use(text).reads.map { read in
      let words = [read.function, read.path ?? "?"] + read.parameters.map { $0 ?? "?" }
      let fields = read.fields.map { $0.names.joined(separator: ".") }
      let marks = (read.writes ? "!" : "") + (read.isCertain ? "" : "~")
      return words.joined(separator: " ") + marks + (fields.isEmpty ? "" : ": " + fields.joined(separator: " "))
    }
  }

  /// What has to be there, and what is only looked for.
  @Test(arguments: [
    (#"{{ with secret "a" }}{{ .Data.x }}{{ .Data.x }}{{ end }}"#, [["Data", "x"]]),
    (#"{{ with secret "a" }}{{ if .Data.x }}{{ .Data.x }}{{ end }}{{ end }}"#, []),
    (#"{{ with secret "a" }}{{ if .Data.x }}{{ .Data.y }}{{ else }}{{ .Data.z }}{{ end }}{{ end }}"#, []),
    (#"{{ with secret "a" }}{{ or .Data.x "none" }}{{ .Data.y }}{{ end }}"#, [["Data", "y"]]),
    (#"{{ with secret "a" }}{{ .Data.x | sprig_default "none" }}{{ end }}"#, []),
    (#"{{ with secret "a" }}{{ if not .Data.x }}none{{ end }}{{ end }}"#, []),
    (#"{{ with secret "a" }}{{ with .Data.x }}{{ .y }}{{ end }}{{ end }}"#, []),
    (#"{{ with secret "a" }}{{ .Data.data | toJSON }}{{ end }}"#, [["Data", "data"]]),
  ])
  func fieldsThatAreNeeded(_ text: String, _ needed: [[String]]) throws {
    #expect(try use(text).reads[0].neededFields == needed)
  }

  @Test(arguments: [
    (#"{{ with secret "kv/data/a" }}{{ .Data.data.password }}{{ end }}"#, ["secret kv/data/a: Data.data.password"]),
    (#"{{ with secret "kv/data/a" }}{{ index .Data.data "x-y" }}{{ end }}"#, ["secret kv/data/a: Data.data.x-y"]),
    (#"{{ (secret "kv/a").Data.user }}"#, ["secret kv/a: Data.user"]),
    (#"{{ $s := secret "kv/a" }}{{ $s.Data.user }}{{ $s.Data.pw | toJSON }}"#, ["secret kv/a: Data.user Data.pw"]),
    (#"{{ with secret "kv/a" }}{{ with .Data }}{{ .user }}{{ end }}{{ end }}"#, ["secret kv/a: Data.user"]),
    (
      #"{{ with secret "kv/a" }}{{ range $k, $v := .Data.data }}{{ $k }}={{ $v }}{{ end }}{{ end }}"#,
      ["secret kv/a: Data.data.* Data.data.*"]
    ),
    (#"{{ with secret "kv/a" }}{{ range .Data }}{{ . }}{{ end }}{{ end }}"#, ["secret kv/a: Data.*"]),
    (
      #"{{ with secret "kv/a" }}{{ $d := .Data }}{{ with secret "kv/b" }}{{ $d.x }}{{ .Data.y }}{{ end }}{{ end }}"#,
      ["secret kv/a: Data.x", "secret kv/b: Data.y"]
    ),
    (
      #"{{ with secret "pki/issue/w" "common_name=a" }}{{ .Data.certificate }}{{ end }}"#,
      ["secret pki/issue/w common_name=a!: Data.certificate"]
    ),
    (
      #"{{ with pkiCert "pki/issue/w" "common_name=a" }}{{ .Cert }}{{ end }}"#,
      ["pkiCert pki/issue/w common_name=a!: Cert"]
    ),
    (
      #"{{ range secrets "kv/" }}{{ with secret (printf "kv/%s" .) }}{{ .Data }}{{ end }}{{ end }}"#,
      ["secrets kv/: *", "secret ?~: Data"]
    ),
    (#"{{ with secret (printf "kv/%s/db" "app") }}{{ .Data }}{{ end }}"#, ["secret kv/app/db: Data"]),
    (
      #"{{ if env "X" }}{{ with secret "kv/a" }}{{ .Data.x }}{{ end }}{{ else }}{{ secret "kv/b" }}{{ end }}"#,
      ["secret kv/a~: Data.x", "secret kv/b~"]
    ),
    (
      #"{{ define "t" }}{{ (secret .).Data.x }}{{ end }}{{ template "t" "kv/a" }}{{ template "t" "kv/b" }}"#,
      ["secret kv/a: Data.x", "secret kv/b: Data.x"]
    ),
    (#"{{ define "t" }}{{ secret "kv/a" }}{{ end }}"#, []),
    (#"{{ "kv/a" | secret }}{{ secret `kv/b` }}"#, ["secret kv/a", "secret kv/b"]),
    (#"{{ $p := "kv/a" }}{{ if env "X" }}{{ $p = "kv/b" }}{{ end }}{{ secret $p }}"#, ["secret ?"]),
    (#"{{ key "a/b" }}{{ range service "web" }}{{ .Address }}{{ end }}"#, ["key a/b", "service web: *.Address"]),
    (#"{{ with secret "a" }}{{ or .Data.x "none" }}{{ end }}"#, ["secret a: Data.x"]),
    ("no actions", []),
  ])
  func readsAreFound(template: String, expected: [String]) throws {
    #expect(try reads(template) == expected, "\(template)")
  }

  @Test func fieldsOfNothingAreFound() throws {
    #expect(try use("{{ .Data.x }}").fieldsOfNothing.count == 1)
    #expect(try use(#"{{ with secret "a" }}{{ .Data.x }}{{ end }}"#).fieldsOfNothing.isEmpty)
    #expect(try use("{{ range . }}{{ .x }}{{ end }}").fieldsOfNothing.isEmpty)
  }

  @Test func templatesThatCallOneAnotherEnd() throws {
    var text = #"{{ define "t0" }}{{ secret "kv/a" }}{{ end }}"#
    for level in 1...30 {
      text += "{{ define \"t\(level)\" }}{{ template \"t\(level - 1)\" }}{{ template \"t\(level - 1)\" }}{{ end }}"
    }
    #expect(try use(text + #"{{ template "t30" }}"#).reads.count == 1)
    #expect(try use(#"{{ define "t" }}{{ template "t" }}{{ end }}{{ template "t" }}"#).reads.isEmpty)
  }

  @Test func aLargeTemplateIsReadInAnInstant() throws {
    let line = "{{ $x := .Data.data.password }}{{ with $x }}{{ . | toJSON }}{{ end }}\n"
    let text = #"{{ with secret "kv/a" }}"# + String(repeating: line, count: 10_000) + "{{ end }}"
    let started = ContinuousClock.now
    _ = try use(text)
    #expect(ContinuousClock.now - started < .seconds(10))
  }

  @Test func whatNestsTooDeepIsLeftAlone() {
    for text in [
      String(repeating: "{{ if 1 }}", count: 10_000), "{{ " + String(repeating: "(", count: 10_000),
      "{{ if 1 }}" + String(repeating: "{{ else if 1 }}", count: 10_000),
    ] {
      #expect(throws: TemplateFault.self) { try AgentTemplate(Array(text.utf8)) }
      #expect((try? AgentTemplate(Array(text.utf8))) == nil)
    }
  }
}
