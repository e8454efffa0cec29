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
    let findings = try RuleTests.found(in: text).filter { $0.rule == rule || $0.severity != .note }
    return "# \(rule)\n" + Self.lines(findings, in: text)
  }

  /// The same for what else rules say: other words for other values, settings and pods.
  ///
  /// `RECORD_FINDINGS=1 Tests/run RuleTextTests` writes it; read it before you keep it.
  @Test func messagesOfVariants() throws {
    let file = Fixtures.folder.appending(path: "findings/variants.txt")
    let known = try String(contentsOf: file, encoding: .utf8)
    let variants = try FindingVariant.all()
    let told = try variants.map { variant in
      "\(variant.question)\(FindingVariant.mark)\(Self.lines(try variant.findings(), in: variant.manifest))"
    }
    for (variant, text) in zip(variants, told) {
      #expect(text.contains("[\(variant.rule)]"), "no finding of the rule it is about")
    }
    let expected = told.joined(separator: "\n")
    if ProcessInfo.processInfo.environment["RECORD_FINDINGS"] != nil { try Data(expected.utf8).write(to: file) }
    for (found, recorded) in zip(Self.parts(of: expected), Self.parts(of: known)) { #expect(found == recorded) }
    #expect(variants.count > 20)
  }

  /// Findings as they are recorded.
  private static func lines(_ findings: [Diagnostic], in text: String) -> String {
    let source = SourceText(name: "example.yaml", bytes: Array(text.utf8))
    let lines = findings.map { finding in
      let place = finding.range.map { source.location(of: $0.lowerBound) }
      let start = place.map { "\($0.line):\($0.column): " } ?? ""
      let hint = finding.hint.map { "  hint: \($0)\n" } ?? ""
      return "\(start)\(finding.severity.rawValue): \(finding.message) [\(finding.rule)]\n\(hint)"
    }
    return lines.joined()
  }

  /// Whose pods a rule is about; HashiCorp's are OpenBao's as well.
  private static func injectors(of rule: Rule) -> String {
    let names = Dialects.all.filter { $0.name == rule.dialect || rule.dialect == "hashicorp" && $0.name == "openbao" }
      .map { String($0.injector.prefix { $0 != "'" }) }
    return names.isEmpty ? "all" : names.joined(separator: ", ")
  }

  static func parts(of text: String) -> [String] { text.components(separatedBy: "\n\n") }

  /// `RECORD_README=1 Tests/run RuleTextTests` writes the table into the README.
  @Test func readmeHasEveryRule() throws {
    let rows = RuleTests.findings.map { rule in
      "| `\(rule)` | \(rule.level.rawValue) | \(Self.injectors(of: rule)) | \(rule.summary) |"
    }
    let head = ["| rule | level | for | what is found |", "|---|---|---|---|"]
    try ReadmePart(from: "The rules", to: "end of the rules", by: "RuleTextTests")
      .expect("\n" + (head + rows).map { $0 + "\n" }.joined() + "\n")
  }
}

/// What is to be said about a pod, in the form it is written down: a title with the rule and the dialect, settings,
/// annotations or a whole manifest, and after a mark what is said.
struct FindingVariant {
  static let mark = "=>\n"

  let rule: String
  /// What comes before the mark.
  let question: String
  private let dialect: String
  private let settings: [String]
  private let lines: [String]

  init?(_ part: String) {
    guard let end = part.range(of: FindingVariant.mark.dropLast()) else { return nil }
    question = String(part[..<end.lowerBound])
    let lines = question.split(separator: "\n").map(String.init)
    let title = lines.first?.split(separator: " ").map(String.init) ?? []
    guard title.count == 3, title[0] == "#" else { return nil }
    (rule, dialect) = (title[1], title[2])
    settings = lines.dropFirst().filter { $0.hasPrefix("set ") }.map { String($0.dropFirst(4)) }
    self.lines = lines.dropFirst().filter { !$0.hasPrefix("set ") }
  }

  var manifest: String {
    if lines.first?.hasPrefix("apiVersion:") == true { return lines.map { $0 + "\n" }.joined() }
    let prefix = dialect == "talend" ? "sidecar.vault.talend.org/" : "vault.hashicorp.com/"
    let request = dialect == "talend" ? "inject" : "agent-inject"
    let annotations = (["\(request): \"true\""] + lines).map { line in
      line.hasPrefix(" ") ? "    \(line)\n" : "    \(prefix)\(line)\n"
    }
    return """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
      \(annotations.joined())spec:
        containers:
          - name: web
            image: registry.example.com/web:1

      """
  }

  /// Those that are recorded.
  static func all() throws -> [FindingVariant] {
    let text = try String(contentsOf: Fixtures.folder.appending(path: "findings/variants.txt"), encoding: .utf8)
    return try RuleTextTests.parts(of: text).map { part in try #require(FindingVariant(part)) }
  }

  /// The dialects with the settings that the variant is about.
  func dialects() throws -> [any Dialect] {
    var configuration = Configuration()
    for setting in settings { try configuration.set(assignment: setting) }
    return Dialects.all.map { $0.init(configuration, DialectOptions(isExact: false)) }
  }

  func findings() throws -> [Diagnostic] {
    let injector = Injector(dialects: try dialects())
    let source = SourceText(name: "example.yaml", bytes: Array(manifest.utf8))
    var findings: [Diagnostic] = []
    for piece in try DocumentStream(source) {
      let plan = injector.informed(by: source).plan(for: try Document(piece, of: source))
      findings += plan.objects.flatMap(\.findings)
      findings += plan.refusals.filter { refusal in !findings.contains { $0.message == refusal.message } }
    }
    return findings
  }
}
