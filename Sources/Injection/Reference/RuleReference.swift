package import ManifestText

/// Rules, to be looked up by their ids.
package struct RuleReference: Reference {
  package let noun = "rule"
  private let rules: [Rule]

  /// Knows these rules.
  package init(_ rules: [Rule]) { self.rules = rules }

  /// The rules about manifests first, and then the faults.
  package var list: ReferenceList {
    let titles = [("errors and warnings about manifests", true), ("why something cannot be read, done or had", false)]
    return ReferenceList(
      groups: titles.map { title, isIgnorable in
        let lines = rules.filter { $0.isIgnorable == isIgnorable }.sorted { $0.id < $1.id }
          .map { ReferenceList.Line(name: $0.id, summary: $0.summary) }
        return ReferenceList.Group(title: title, lines: lines)
      })
  }

  package func entries(named name: String) -> [ReferenceEntry] { rules.filter { $0.id == name }.map(entry) }

  package func nearest(to name: String) -> [String] {
    NearestName.nearest(to: name, among: rules.map(\.id)).map { [$0] } ?? []
  }

  private func entry(_ rule: Rule) -> ReferenceEntry {
    let owner = rule.dialect.map { Dialects.injectors(of: [$0]).joined() } ?? ""
    var entry = ReferenceEntry(rule.id, owner: owner, rule.summary)
    entry.facts = [
      ReferenceEntry.Fact("level", rule.level.rawValue), ReferenceEntry.Fact("because", rule.reason),
    ]
    if let examples = rule.examples {
      entry.facts += [RuleReference.example("fails", examples.fails), RuleReference.example("passes", examples.passes)]
      entry.facts.append(
        ReferenceEntry.Fact(
          "ignore", lines: ["--ignore \(rule.id)"], value: .string("--ignore \(rule.id)"), isCode: true))
    }
    return entry
  }

  private static func example(_ name: String, _ text: String) -> ReferenceEntry.Fact {
    let lines = ByteText.pieces(of: text, around: "\n")
    return ReferenceEntry.Fact(
      name, lines: lines.last == "" ? lines.dropLast() : lines, value: .string(text), isCode: true)
  }
}
