package import ManifestText

/// A value of a manifest, parts of which are told only when a pod is admitted.
///
/// It is asked of the code that injects: for a pod that has marks in place of values, which become expressions
/// (``CELMark``), and for pods with and without a part, which then depends on a condition
/// (``having(_:without:)``). So the text of a policy has no source of its own.
package indirect enum CELTree: Equatable, Sendable {
  /// A piece of a text.
  package enum Part: Equatable, Sendable {
    case fixed(String)
    /// What an expression gives.
    case told(String)
    /// Pieces that are there where all conditions hold.
    case when([String], [Part])
  }

  /// An element of a list.
  package enum Element: Equatable, Sendable {
    /// One that is there where all conditions hold.
    case one(CELTree, conditions: [String])
    /// The elements of a list of texts that an expression gives.
    case all(String)
  }

  /// An entry of a map, there where all conditions hold.
  package struct Member: Equatable, Sendable {
    package let key: String
    package var tree: CELTree
    package var conditions: [String] = []
  }

  /// A number, a truth value or null.
  case constant(Value)
  case text([Part])
  case list([Element])
  case map([Member])
  /// What an expression gives.
  case told(String)
  /// The one where a condition holds, else the other.
  case either(String, CELTree, CELTree)
}

/// A text in an answer that stands for what an expression gives.
package struct CELMark: Equatable, Sendable {
  /// What the expression gives.
  package enum Meaning: Equatable, Sendable {
    /// A part of a text.
    case text
    /// All elements of a list, one of which the mark is.
    case list
    /// A value that the mark is all of.
    case value
  }

  package let text: String
  package let expression: String
  package let meaning: Meaning

  package init(_ text: String, _ expression: String, _ meaning: Meaning = .text) {
    (self.text, self.expression, self.meaning) = (text, expression, meaning)
  }
}

// MARK: - Reading answers

extension CELTree {
  /// What an answer with marks means.
  package init(_ answer: Value, _ marks: [CELMark]) {
    switch answer {
    case .null, .bool, .number: self = .constant(answer)
    case .string(let text):
      let whole = marks.first { $0.meaning == .value && ByteText.isEqual($0.text, text) }
      self = whole.map { .told($0.expression) } ?? .text(CELTree.parts(of: text, marks[...]))
    case .array(let elements):
      var list: [Element] = []
      for element in elements {
        let read = CELTree.element(element, marks)
        // Several marks in a row stand for one list.
        if case .all = read, list.last == read { continue }
        list.append(read)
      }
      self = .list(list)
    case .object(let members):
      self = .map(members.map { Member(key: $0.key, tree: CELTree($0.value, marks)) })
    }
  }

  private static func element(_ element: Value, _ marks: [CELMark]) -> Element {
    let list = marks.first { $0.meaning == .list && element == .string($0.text) }
    return list.map { .all($0.expression) } ?? .one(CELTree(element, marks), conditions: [])
  }

  /// A text with marks.
  package init(text: String, _ marks: [CELMark]) { self = .text(CELTree.parts(of: text, marks[...])) }

  private static func parts(of text: String, _ marks: ArraySlice<CELMark>) -> [Part] {
    guard let mark = marks.first else { return text.isEmpty ? [] : [.fixed(text)] }
    let rest = marks.dropFirst()
    guard mark.meaning == .text else { return parts(of: text, rest) }
    var parts: [Part] = []
    for (index, piece) in ByteText.pieces(of: text, around: mark.text).enumerated() {
      if index > 0 { parts.append(.told(mark.expression)) }
      parts += self.parts(of: piece, rest)
    }
    return parts
  }
}

// MARK: - Comparing answers

extension CELTree {
  /// The same where a condition holds, and the other answer elsewhere: what only this one has depends on the condition.
  package func having(_ condition: String, without other: CELTree) -> CELTree {
    if self == other { return self }
    switch (self, other) {
    case (.map(let members), .map(let others)):
      return CELTree.merged(members, others, condition) ?? .either(condition, self, other)
    case (.list(let elements), .list(let others)):
      return CELTree.merged(elements, others, condition) ?? .either(condition, self, other)
    case (.text(let parts), .text(let others)):
      return CELTree.merged(parts, others, condition).map(CELTree.text) ?? .either(condition, self, other)
    default: return .either(condition, self, other)
    }
  }

  private static func merged(_ members: [Member], _ others: [Member], _ condition: String) -> CELTree? {
    guard others.allSatisfy({ other in members.contains { $0.key == other.key } }) else { return nil }
    return .map(
      members.map { member in
        var member = member
        if let other = others.first(where: { $0.key == member.key }) {
          member.tree = member.tree.having(condition, without: other.tree)
        } else {
          member.conditions.append(condition)
        }
        return member
      })
  }

  private static func merged(_ elements: [Element], _ others: [Element], _ condition: String) -> CELTree? {
    if elements.count == others.count {
      var merged: [Element] = []
      for pair in zip(elements, others) {
        switch pair {
        case (.one(let tree, let conditions), .one(let other, _)):
          merged.append(.one(tree.having(condition, without: other), conditions: conditions))
        case (.all, _) where pair.0 == pair.1: merged.append(pair.0)
        default: return nil
        }
      }
      return .list(merged)
    }
    var rest = others[...]
    var merged: [Element] = []
    for element in elements {
      if rest.first.map({ isSame(element, $0) }) ?? false {
        rest.removeFirst()
        merged.append(element)
      } else if case .one(let tree, let conditions) = element {
        merged.append(.one(tree, conditions: conditions + [condition]))
      } else {
        return nil
      }
    }
    return rest.isEmpty ? .list(merged) : nil
  }

  /// True where both are the same, whatever they depend on.
  private static func isSame(_ element: Element, _ other: Element) -> Bool {
    switch (element, other) {
    case (.one(let tree, _), .one(let other, _)): tree == other
    default: element == other
    }
  }

  /// A text with one more piece than another.
  private static func merged(_ parts: [Part], _ others: [Part], _ condition: String) -> [Part]? {
    let (atoms, others) = (CELAtom.atoms(of: parts), CELAtom.atoms(of: others))
    let count = atoms.count - others.count
    guard count > 0 else { return nil }
    // Where the piece ends with what stands before it, there is more than one place to cut it out.
    let latest = zip(atoms, others).prefix { $0.isSame($1) }.count
    let places = (0...latest).reversed().prefix { start in
      start == latest || atoms[start].isSame(atoms[start + count])
    }
    guard zip(atoms[(latest + count)...], others[latest...]).allSatisfy({ $0.isSame($1) }),
      let start = places.first(where: { atoms[$0 + count - 1].isLineFeed }) ?? places.first
    else { return nil }
    var merged = atoms
    for index in start..<(start + count) { merged[index].conditions.append(condition) }
    return CELAtom.parts(of: merged)
  }
}

/// The smallest piece of a text, by which two are compared.
private struct CELAtom: Equatable {
  enum Piece: Equatable {
    case scalar(Unicode.Scalar)
    case told(String)
  }

  let piece: Piece
  /// What has to hold for it to be there.
  var conditions: [String]

  var isLineFeed: Bool { piece == .scalar("\n") }

  /// True where both are the same, whatever they depend on.
  func isSame(_ other: CELAtom) -> Bool { piece == other.piece }

  static func atoms(of parts: [CELTree.Part], _ conditions: [String] = []) -> [CELAtom] {
    parts.flatMap { part in
      switch part {
      case .fixed(let text): text.unicodeScalars.map { CELAtom(piece: .scalar($0), conditions: conditions) }
      case .told(let expression): [CELAtom(piece: .told(expression), conditions: conditions)]
      case .when(let more, let parts): atoms(of: parts, conditions + more)
      }
    }
  }

  static func parts(of atoms: [CELAtom]) -> [CELTree.Part] {
    var parts: [CELTree.Part] = []
    var rest = atoms[...]
    while let first = rest.first {
      let run = rest.prefix { $0.conditions == first.conditions }
      rest = rest.dropFirst(run.count)
      let pieces = pieces(of: run)
      parts += first.conditions.isEmpty ? pieces : [.when(first.conditions, pieces)]
    }
    return parts
  }

  private static func pieces(of atoms: ArraySlice<CELAtom>) -> [CELTree.Part] {
    var pieces: [CELTree.Part] = []
    var text = ""
    for atom in atoms {
      switch atom.piece {
      case .scalar(let scalar): text.unicodeScalars.append(scalar)
      case .told(let expression):
        if !text.isEmpty { pieces.append(.fixed(text)) }
        text = ""
        pieces.append(.told(expression))
      }
    }
    return text.isEmpty ? pieces : pieces + [.fixed(text)]
  }
}

// MARK: - Giving answers

/// What the expressions and conditions of a tree give for one pod.
package struct CELAnswers: Sendable {
  package var texts: [String: String] = [:]
  package var lists: [String: [String]] = [:]
  package var values: [String: Value] = [:]
  /// The conditions that hold.
  package var conditions: Set<String> = []

  package init() {}
}

extension CELTree {
  /// What it is for a pod; nil where an expression is not answered.
  package func value(_ answers: CELAnswers) -> Value? {
    switch self {
    case .constant(let value): return value
    case .text(let parts): return CELTree.text(of: parts, answers).map(Value.string)
    case .list(let elements):
      var list: [Value] = []
      for element in elements {
        switch element {
        case .all(let expression):
          guard let texts = answers.lists[expression] else { return nil }
          list += texts.map(Value.string)
        case .one(let tree, let conditions):
          guard answers.conditions.isSuperset(of: conditions) else { continue }
          guard let value = tree.value(answers) else { return nil }
          list.append(value)
        }
      }
      return .array(list)
    case .map(let members):
      var map: [Value.Member] = []
      for member in members where answers.conditions.isSuperset(of: member.conditions) {
        guard let value = member.tree.value(answers) else { return nil }
        map.append(Value.Member(key: member.key, value: value))
      }
      return .object(map)
    case .told(let expression): return answers.values[expression]
    case .either(let condition, let tree, let other):
      return (answers.conditions.contains(condition) ? tree : other).value(answers)
    }
  }

  private static func text(of parts: [Part], _ answers: CELAnswers) -> String? {
    var text = ""
    for part in parts {
      switch part {
      case .fixed(let fixed): text += fixed
      case .told(let expression):
        guard let told = answers.texts[expression] else { return nil }
        text += told
      case .when(let conditions, let parts):
        guard answers.conditions.isSuperset(of: conditions) else { continue }
        guard let inner = self.text(of: parts, answers) else { return nil }
        text += inner
      }
    }
    return text
  }
}
