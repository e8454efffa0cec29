import AgentTemplates
import ManifestText
import TestSupport
import Testing

/// What OpenBao's agent said of each of a thousand templates, recorded by `Tests/EndToEnd/test_templates.py`, and what
/// is said here.
struct VerdictTests {
  /// A template, and the agent's verdict on it.
  private struct Row {
    let name: String
    let text: String
    let delimiters: TemplateDelimiters
    let stage: String
    /// What the agent said, without the place.
    let agent: String

    init(_ row: Value) {
      func member(_ key: String) -> String { row[key]?.string ?? "" }
      name = member("name")
      text = member("template")
      delimiters = TemplateDelimiters(left: member("left"), right: member("right"))
      stage = member("stage")
      // `template: :7: …`, and of an execution `template: :7:3: executing "" at <…>: …`.
      let said = member("agent")
      let words = said.components(after: ": ", count: stage == "execution" ? 3 : 2)
      agent = words.replacingTrim(of: " in action started at ")
    }
  }

  private static let rows = Result { try Fixtures.jsonLines("templates/verdicts.jsonl").map(Row.init) }

  /// What is a function of HashiCorp's agents and not of OpenBao's.
  private func isMissingInOpenBao(_ row: Row) -> Bool {
    let name = row.agent.split(separator: "\"").dropFirst().first.map(String.init) ?? ""
    return row.agent.hasSuffix("not defined") && TemplateFunctions.isHashiCorpsAlone(name)
  }

  @Test func theAgentsRefusalsAreOurs() throws {
    let rows = try VerdictTests.rows.get()
    #expect(rows.count >= 900)
    for row in rows where !isMissingInOpenBao(row) {
      let expected = row.stage == "parsing" ? row.agent : ""
      #expect(parsingFault(row)?.agent ?? "" == expected, "\(row.name): \(row.text)")
    }
  }

  @Test func everyRefusalHasItsPlaceInTheText() throws {
    for row in try VerdictTests.rows.get() {
      guard let fault = parsingFault(row) else { continue }
      #expect(fault.range.lowerBound >= 0 && fault.range.upperBound <= row.text.utf8.count, "\(row.name)")
      #expect(!fault.message.isEmpty && !fault.message.hasSuffix("."), "\(row.name)")
    }
  }

  /// What certainly fails here fails there, with the same words; not the other way round, as values are not known here.
  @Test func whatCertainlyFailsWhenExecutedFailsInTheAgent() throws {
    var found = 0
    for row in try VerdictTests.rows.get() where row.stage != "parsing" {
      let template = try AgentTemplate(Array(row.text.utf8), delimiters: row.delimiters)
      guard let fault = TemplateUse(of: template).faults.first(where: { $0.stage == .execution }) else { continue }
      #expect(row.stage == "execution" && row.agent == fault.agent, "\(row.name): \(row.text)")
      found += 1
    }
    #expect(found > 300)
  }

  private func parsingFault(_ row: Row) -> TemplateFault? {
    do throws(TemplateFault) {
      _ = try AgentTemplate(Array(row.text.utf8), delimiters: row.delimiters)
      return nil
    } catch {
      return error
    }
  }
}

extension String {
  /// What is after so many separators.
  fileprivate func components(after separator: String, count: Int) -> String {
    var rest = self[...]
    for _ in 0..<count {
      guard let found = rest.firstRange(of: separator) else { return "" }
      rest = rest[found.upperBound...]
    }
    return String(rest)
  }

  /// Without what the agent adds of the line an action began on.
  fileprivate func replacingTrim(of mark: String) -> String {
    let cut = firstRange(of: mark).map { String(self[..<$0.lowerBound]) } ?? self
    guard let started = cut.firstRange(of: " started at :") else { return cut }
    return String(cut[..<started.lowerBound])
  }
}
