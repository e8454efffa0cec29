package import ManifestText

/// What there is to know of one annotation, setting or rule, from its row in a table.
package struct ReferenceEntry: Sendable {
  /// One thing there is to know: its name, the lines it is told in, and what it is for machines.
  package struct Fact: Sendable {
    package let name: String
    package let lines: [String]
    package let value: Value
    /// True for what is written into a file or on a command line, whose lines stay as they are.
    package let isCode: Bool

    /// A fact that is told in one line, which is also its value.
    init(_ name: String, _ text: String) { self.init(name, lines: [text], value: .string(text)) }

    /// A fact that is told in lines, each of which is one of its values.
    init(_ name: String, all lines: [String]) {
      self.init(name, lines: lines, value: .array(lines.map(Value.string)))
    }

    /// A fact that is told otherwise than machines read it.
    init(_ name: String, lines: [String], value: Value, isCode: Bool = false) {
      (self.name, self.lines, self.value, self.isCode) = (name, lines, value, isCode)
    }
  }

  /// Its full name: a key with its prefix, a path, an id.
  package let name: String
  /// What it belongs to, such as an injector; empty for what belongs to all.
  package let owner: String
  /// What it does, in sentences.
  package let summary: String
  /// In the order they are told.
  package var facts: [Fact] = []

  init(_ name: String, owner: String, _ summary: String) {
    (self.name, self.owner, self.summary) = (name, owner, summary)
  }

  /// The entry with its facts, for machines.
  package var value: Value {
    var value: Value = ["name": .string(name)]
    if !owner.isEmpty { value["owner"] = .string(owner) }
    value["summary"] = .string(summary)
    for fact in facts { value[fact.name] = fact.value }
    return value
  }
}

/// Everything there is of a kind, one line each.
package struct ReferenceList: Sendable {
  /// Things that belong together, below one heading.
  package struct Group: Sendable {
    package let title: String
    package let lines: [Line]
  }

  /// A name, and in one sentence what it is.
  package struct Line: Sendable {
    package let name: String
    package let summary: String
  }

  package let groups: [Group]

  /// The list for machines.
  package var value: Value {
    .array(
      groups.flatMap { group in
        group.lines.map { ["group": .string(group.title), "name": .string($0.name), "summary": .string($0.summary)] }
      })
  }
}

/// What somebody asked to be explained: one thing, or all there is.
package enum ReferenceAnswer: Sendable {
  case entries([ReferenceEntry])
  case list(ReferenceList)
}

/// A kind of thing that can be looked up by name.
package protocol Reference: Sendable {
  /// What the things are called, as in "there is no annotation `x`".
  var noun: String { get }
  /// Everything there is.
  var list: ReferenceList { get }
  /// What has this name; a name may belong to several. Empty where nothing has it.
  func entries(named name: String) -> [ReferenceEntry]
  /// What may have been meant by a name that nothing has, the likeliest first.
  func nearest(to name: String) -> [String]
  /// The answer to a question, which is about everything where nothing is named; nil where nothing has this name.
  func answer(to name: String?) -> ReferenceAnswer?
}

extension Reference {
  package func answer(to name: String?) -> ReferenceAnswer? { plainAnswer(to: name) }

  /// The answer of a kind of thing that knows no groups.
  func plainAnswer(to name: String?) -> ReferenceAnswer? {
    guard let name else { return .list(list) }
    let entries = entries(named: name)
    return entries.isEmpty ? nil : .entries(entries)
  }
}
