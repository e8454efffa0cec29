import Foundation
import Injection
import ManifestText
import TestSupport
import Testing
import VaultInjectCLI

/// What rules say: each one's messages whole, and their table in the README.
@Suite struct RuleTextTests {
  /// What is said about the failing example of every rule, word for word, but for the notes of other rules.
  ///
  /// `RECORD_FINDINGS=1 Tests/run RuleTextTests` writes it; read it before you keep it.
  @Test func messagesOfExamples() throws {
    let file = Fixtures.folder.appending(path: "findings/messages.txt")
    let expected = try RuleTests.findings.map(messages).joined(separator: "\n")
    let known = try String(contentsOf: file, encoding: .utf8)
    if ProcessInfo.processInfo.environment["RECORD_FINDINGS"] != nil {
      try Data(expected.utf8).write(to: file)
    }
    for (found, recorded) in zip(Self.parts(of: expected), Self.parts(of: known)) { #expect(found == recorded) }
    #expect(expected == known, "RECORD_FINDINGS=1 Tests/run RuleTextTests writes what is said")
  }

  private func messages(of rule: Rule) throws -> String {
    let text = try #require(rule.failingManifest)
    let source = SourceText(name: "example.yaml", bytes: Array(text.utf8))
    let findings = try RuleTests.found(in: text).filter { $0.rule == rule || $0.severity != .note }
    let lines = findings.map { finding in
      let place = finding.range.map { source.location(of: $0.lowerBound) }
      let start = place.map { "\($0.line):\($0.column): " } ?? ""
      let hint = finding.hint.map { "  hint: \($0)\n" } ?? ""
      return "\(start)\(finding.severity.rawValue): \(finding.message) [\(finding.rule)]\n\(hint)"
    }
    return "# \(rule)\n" + lines.joined()
  }

  private static func parts(of text: String) -> [String] { text.components(separatedBy: "\n\n") }

  /// `RECORD_README=1 Tests/run RuleTextTests` writes the table into the README.
  @Test func readmeHasEveryRule() throws {
    let rows = RuleTests.findings.map { rule in
      let injector = Dialects.all.first { $0.name == rule.dialect }.map { String($0.injector.prefix { $0 != "'" }) }
      return "| `\(rule)` | \(rule.level.rawValue) | \(injector ?? "both") | \(rule.summary) |"
    }
    let head = ["| rule | level | for | what is found |", "|---|---|---|---|"]
    try ReadmePart(from: "The rules", to: "end of the rules", by: "RuleTextTests")
      .expect("\n" + (head + rows).map { $0 + "\n" }.joined() + "\n")
  }
}
