import Foundation
import Injection
import ManifestText
import Testing
import TestSupport
import VaultInjectCLI

/// The tables of rules: complete, and true in their examples.
@Suite struct RuleTests {
  static let findings = Rule.all.filter { $0.examples != nil }

  @Test func everyNameIsThereOnce() {
    let ids = Rule.all.map(\.id)
    #expect(Set(ids).count == ids.count, "\(Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }.keys)")
    for id in ids { #expect(id.allSatisfy { $0.isLowercase || $0 == "-" }, "\(id)") }
  }

  /// A row that is declared and stands in no list would be missing from `explain rule` and the documentation.
  @Test func everyDeclaredRuleIsListed() throws {
    let sources = Fixtures.folder.appendingPathComponent("../../Sources").standardized
    let pattern = try Regex(
      "static let [a-zA-Z]+ = Rule\\(\\s*(?:fault: )?\"([a-z-]+)\"", as: (Substring, Substring).self)
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
    var declared: Set<String> = []
    for case let file as URL in try #require(files) where file.lastPathComponent.hasSuffix("Rules.swift") {
      let text = try String(contentsOf: file, encoding: .utf8)
      declared.formUnion(text.matches(of: pattern).map { String($0.output.1) })
    }
    #expect(declared == Set(Rule.all.map(\.id)))
  }

  @Test func everyRuleIsToldInWholeSentences() {
    let programs = ["kubectl", "helm", "libcurl"]
    for rule in Rule.all {
      for text in [rule.summary, rule.reason] {
        let beginsWell = text.first?.isLowercase == false || programs.contains { text.hasPrefix($0) }
        #expect(text.hasSuffix(".") && beginsWell, "\(rule): \(text)")
      }
    }
  }

  @Test(arguments: findings) func examplesFailAndPass(_ rule: Rule) throws {
    let failing = try Self.found(in: #require(rule.failingManifest))
    #expect(failing.contains { $0.rule == rule && $0.severity == rule.level }, "\(rule) in \(failing)")
    let passing = try Self.found(in: #require(rule.passingManifest))
    #expect(passing.filter { $0.severity != .note } == [], "\(rule)")
    #expect(!passing.contains { $0.rule == rule }, "\(rule)")
  }

  /// What is said about every object of a manifest.
  static func found(in text: String) throws -> [Diagnostic] {
    let injector = Injector(dialects: Dialects.all.map { $0.init(Configuration(), DialectOptions(isExact: false)) })
    let source = SourceText(name: "example.yaml", bytes: Array(text.utf8))
    var findings: [Diagnostic] = []
    for piece in try DocumentStream(source) {
      let plan = injector.informed(by: source).plan(for: try Document(piece, of: source))
      findings += plan.objects.flatMap(\.findings) + plan.refusals
      let addresses = plan.objects.compactMap(\.assumedAddress)
      if !addresses.isEmpty { findings.append(.builtInAddress(addresses)) }
    }
    return findings
  }
}
