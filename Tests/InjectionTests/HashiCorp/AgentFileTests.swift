@testable import Injection
import TestSupport
import Testing

/// Which templates are found in agents' configurations that somebody wrote.
@Suite struct AgentFileTests {
  private static let secret = #"{{ with secret "secret/data/db" }}{{ .Data.data.password }}{{ end }}"#

  @Test(arguments: [
    "template {\n  contents = <<EOT\n\(secret)\nEOT\n}\n",
    "template {\n  contents = <<-EOT\n\(secret)\n  EOT\n  destination = \"/vault/secrets/db\"\n}\n",
    "\u{FEFF}# first\n// second\n/* third */ template { contents = <<A\r\n\(secret)\nA\r\n}",
    "auto_auth {\n  method \"kubernetes\" {\n    config = { role = \"web\", n = [1, -2.5, true,] }\n  }\n}\n"
      + "env_template \"DB\" {\n  contents = <<EOT\n\(secret)\nEOT\n}\n",
  ]) func heredocs(_ text: String) throws {
    let templates = AgentFile(text).templates
    #expect(templates.map(\.text) == ["\(Self.secret)\n"])
    let bytes = Array(text.utf8).dropFirst(try #require(templates.first).offset)
    #expect(bytes.starts(with: Self.secret.utf8))
  }

  @Test(arguments: [
    #"template { contents = "{{ secret \"a\" }}\n\u00e9" left_delimiter = "" error_on_missing_key = true }"#,
    #"{"template": [{"contents": "{{ secret \"a\" }}\n\u00e9", "error_on_missing_key": true}], "pid_file": "./p"}"#,
    #"{"env_template": [{"DB": {"contents": "{{ secret \"a\" }}\n\u00e9", "error_on_missing_key": true}}]}"#,
  ]) func textsInQuotes(_ text: String) {
    let templates = AgentFile(text).templates
    #expect(templates.map(\.text) == ["{{ secret \"a\" }}\né"])
    #expect(templates.map(\.failsOnMissingKey) == [true])
  }

  @Test func everyTemplateWithItsDelimiters() {
    let templates = AgentFile(
      """
      template { contents = "a" }
      vault { address = "https://vault.example.com" }
      template {
        left_delimiter = "[["
        right_delimiter = "]]"
        contents = "b"
      }
      template { source = "/etc/c.ctmpl" }
      """
    ).templates
    #expect(templates.map(\.text) == ["a", "b"])
    #expect(templates.map(\.delimiters.left) == ["{{", "[["])
    #expect(templates.map(\.delimiters.right) == ["}}", "]]"])
  }

  /// What cannot be read for certain is not judged.
  @Test(arguments: [
    "template { contents = \"a\" ", "template { contents = \"a }", "template { contents = <<EOT\na\n}",
    "template { contents = \"a${b}\" }", "template { contents = \"a\" } }", "template = [ { contents = \"a\" }",
    "template { contents = \"a\\q\" }", "template { contents = \"\\ud800\" }", "template { contents = \"a\" } /* b",
    "template { contents = \"a\" } = 1", "template { contents = <EOT }", "template", "template { contents = }",
    "template { contents = \"a\" }" + String(repeating: "a = [", count: 100_000),
    String(repeating: "a {", count: 100_000), "<", "<<", "\"", "\"\\", "\"\\u", "{", "}", "",
  ]) func unreadable(_ text: String) { #expect(AgentFile(text).templates.isEmpty) }

  /// No beginning of a configuration is anything but read or not.
  @Test func everyBeginning() {
    let text =
      "# a\ntemplate \"x\" {\n  contents = <<-EOT\n\(Self.secret)\n  EOT\n  a = [\"\\u00e9\", {b = 1}] /* c */\n}\n"
    for length in 0...text.utf8.count {
      let found = AgentFile(String(decoding: Array(text.utf8).prefix(length), as: UTF8.self)).templates.count
      #expect(found == (length >= text.utf8.count - 1 ? 1 : 0))
    }
  }
}
