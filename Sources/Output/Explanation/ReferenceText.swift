package import Injection
internal import ManifestText

/// The form of an explanation.
package enum ExplanationFormat: String, CaseIterable, Sendable {
  case text, json
}

/// What is known of an annotation, a setting or a rule, for people and for machines.
package struct ReferenceText {
  /// What the JSON is of; it goes up by one where members change their meaning or go away.
  static let schemaVersion = 1

  private let noun: String
  private let answer: ReferenceAnswer

  /// Tells an answer about things that are called so.
  package init(_ answer: ReferenceAnswer, about noun: String) { (self.answer, self.noun) = (answer, noun) }

  /// The text of a form.
  package func text(_ format: ExplanationFormat) -> String {
    switch format {
    case .json: String(decoding: JSONWriter.pretty(ShownText.safe(value)), as: UTF8.self)
    case .text: page.text
    }
  }

  private var value: Value {
    let things: Value =
      switch answer {
      case .entries(let entries): .array(entries.map(\.value))
      case .list(let list): list.value
      }
    return .object([
      Value.Member(key: "schemaVersion", value: .number(String(ReferenceText.schemaVersion))),
      Value.Member(key: "\(noun)s", value: things),
    ])
  }

  private var page: Page {
    var page = Page()
    switch answer {
    case .entries(let entries):
      for (index, entry) in entries.enumerated() {
        if index > 0 { page.line() }
        add(entry, to: &page)
      }
    case .list(let list): add(list, to: &page)
    }
    return page
  }

  private func add(_ entry: ReferenceEntry, to page: inout Page) {
    let owner: ShownText = entry.owner.isEmpty ? "" : "  \(page.styled("\(entry.owner)", .faint))"
    page.line("\(page.styled("\(entry.name)", .strong))\(owner)")
    page.wrapped(entry.summary, after: "  ", width: 2)
    page.line()
    let width = (entry.facts.map(\.name.count).max() ?? 0) + 4
    for fact in entry.facts {
      for (index, line) in fact.lines.enumerated() {
        let label = index == 0 ? fact.name : ""
        let gap = String(repeating: " ", count: width - 2 - label.count)
        let start: ShownText = "  \(page.styled("\(label)", .note))\(gap)"
        if fact.isCode { page.line("\(start)\(line)") } else { page.wrapped(line, after: start, width: width) }
      }
    }
  }

  /// Names of one width and beside each what it is, or below it where the names leave too little room.
  private func add(_ list: ReferenceList, to page: inout Page) {
    let longest = list.groups.flatMap(\.lines).map(\.name.count).max() ?? 0
    let isBelow = longest > page.columns / 2
    for (index, group) in list.groups.enumerated() {
      if index > 0 { page.line() }
      page.line(page.styled("\(group.title)", .strong))
      for line in group.lines {
        if isBelow {
          page.line("  \(line.name)")
          page.wrapped(line.summary, after: "      ", width: 6)
          continue
        }
        let gap = String(repeating: " ", count: longest + 2 - line.name.count)
        page.wrapped(line.summary, after: "  \(line.name)\(gap)", width: longest + 4)
      }
    }
  }
}
