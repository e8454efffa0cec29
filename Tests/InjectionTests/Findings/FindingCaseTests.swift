import Foundation
import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

/// What is said about manifests as people write them, and that nothing is said about those that are right.
@Suite struct FindingCaseTests {
  private static let folder = Fixtures.folder.appending(path: "findings")

  /// A manifest and what has to be said about it: a level, a rule and a line for each finding.
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let expected: [String]
    var testDescription: String { name }

    static let all: [Case] = rows("expected.tsv").map { row in
      Case(name: row[0], expected: row.dropFirst().filter { !$0.isEmpty })
    }
  }

  @Test(arguments: Case.all) func saysWhatIsRight(_ test: Case) throws {
    let source = try Fixtures.source("findings/cases/\(test.name).yaml")
    #expect(try said(about: source, Self.injector).sorted() == test.expected.sorted())
  }

  /// A manifest that no row expects anything of would be tested by nobody.
  ///
  /// `RECORD_FINDINGS=1 Tests/run FindingCaseTests` writes the rows as things are; read them before you keep them.
  @Test func everyManifestHasARow() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.appending(path: "cases").path)
    if Self.isRecording { try record(files.map { String($0.dropLast(5)) }.sorted()) }
    #expect(Set(files) == Set(Case.all.map { $0.name + ".yaml" }))
  }

  /// What is said about the examples of the documentation, and about pods that webhooks were asked about.
  ///
  /// Each pair of a set and a finding stands with the number of its manifests in a file, so that a new warning is seen
  /// in review. `RECORD_FINDINGS=1 Tests/run FindingCaseTests` writes it.
  @Test func nothingNewIsSaidAboutWhatIsAccepted() throws {
    var counts: [String: Int] = [:]
    for finding in try examples() + webhookCases() { counts[finding, default: 0] += 1 }
    let found = counts.map { "\($0.key)\t\($0.value)" }.sorted()
    let file = Self.folder.appending(path: "accepted.tsv")
    if Self.isRecording {
      try Data((found.joined(separator: "\n") + "\n").utf8).write(to: file)
    }
    let known = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    #expect(found.filter { !known.contains($0) } == [], "RECORD_FINDINGS=1 Tests/run FindingCaseTests records them")
    #expect(known.filter { !found.contains($0) } == [], "RECORD_FINDINGS=1 Tests/run FindingCaseTests records them")
    #expect(found.filter { $0.hasPrefix("examples\terror") } == [])
  }

  private func examples() throws -> [String] {
    let folder = Fixtures.folder.appending(path: "../../examples").standardized
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var findings: [String] = []
    for case let file as URL in try #require(files) where ["yaml", "json"].contains(file.pathExtension) {
      let source = SourceText(name: file.lastPathComponent, bytes: Array(try Data(contentsOf: file)))
      findings += try said(about: source, Self.injector).map { "examples\t\(Self.withoutLine($0))" }
    }
    return findings
  }

  private func webhookCases() throws -> [String] {
    var findings: [String] = []
    for file in ["hashicorp/cases", "hashicorp/random", "talend/cases"] {
      for verdict in try Fixtures.jsonLines("\(file).jsonl") where verdict["outcome"] == "injected" {
        let input = JSONWriter.pretty(try #require(verdict["input"]))
        let source = SourceText(name: verdict["name"]?.string ?? file, bytes: input)
        findings += try said(about: source, Self.injector).map { "\(file)\t\(Self.withoutLine($0))" }
      }
    }
    return findings
  }

  // MARK: Recording

  private static let isRecording = ProcessInfo.processInfo.environment["RECORD_FINDINGS"] != nil

  private func record(_ names: [String]) throws {
    var lines = ["# What is right to say about each manifest in cases: a level, a rule and a line for each finding."]
    for name in names {
      let source = try Fixtures.source("findings/cases/\(name).yaml")
      lines.append(([name] + (try said(about: source, Self.injector))).joined(separator: "\t"))
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: Self.folder.appending(path: "expected.tsv"))
  }

  // MARK: What is said

  private static let injector = Injector(
    dialects: Dialects.all.map { $0.init(Configuration(), DialectOptions(isExact: false)) })

  /// A level, a rule and a line for each finding.
  private func said(about source: SourceText, _ injector: Injector) throws -> [String] {
    var findings: [String] = []
    for piece in try DocumentStream(source) {
      let plan = injector.plan(for: try Document(piece, of: source))
      for finding in plan.objects.flatMap(\.findings) + plan.refusals {
        let line = finding.range.map { source.location(of: $0.lowerBound).line } ?? 0
        findings.append("\(finding.severity.rawValue) \(finding.rule.id) \(line)")
      }
    }
    return findings
  }

  private static func withoutLine(_ finding: String) -> String {
    finding.split(separator: " ").dropLast().joined(separator: " ")
  }

  private static func rows(_ name: String) -> [[String]] {
    let text = (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: "\t").map(String.init) }
  }
}
