internal import ManifestText

extension CELTree {
  /// The expression that gives the value, its lines after the first indented.
  package func expression(indent: Int = 0) -> String { CELLayout(indent: indent).text(of: self) }
}

/// Spells a tree in CEL: on one line where it fits, else an entry, element or line of text on each.
///
/// CEL wants all values of a map or list to be of one type, which `dyn` makes of them.
private struct CELLayout {
  private static let width = 100
  let indent: Int

  private var inner: CELLayout { CELLayout(indent: indent + 2) }
  private var lineFeed: String { "\n" + String(repeating: " ", count: indent) }

  func text(of tree: CELTree) -> String {
    switch tree {
    case .constant(let value): YAMLWriter.inline(value)
    case .text(let parts): text(of: parts)
    case .list(let elements): list(elements)
    case .map(let members): map(members)
    case .told(let expression): expression
    case .either(let condition, let tree, let other):
      "(\(condition)\(inner.lineFeed)? \(inner.inner.text(of: tree))\(inner.lineFeed): \(inner.inner.text(of: other)))"
    }
  }

  // MARK: Texts

  private func text(of parts: [CELTree.Part]) -> String {
    switch parts.count {
    case 0: return CELText.string("")
    case 1: if case .told(let expression) = parts[0] { return expression }
    default: break
    }
    let pieces = parts.flatMap(pieces)
    if pieces.count == 1 { return pieces[0] }
    if pieces.count <= 4, fits(pieces, separator: " + ") { return pieces.joined(separator: " + ") }
    // One `+` after another would copy what stands before it again and again.
    return broken(pieces, "[", "]") + ".join()"
  }

  /// Each line of fixed text by itself.
  private func pieces(of part: CELTree.Part) -> [String] {
    switch part {
    case .told(let expression): return [CELText.isSimple(expression) ? expression : "(\(expression))"]
    case .fixed(let text): return CELLayout.lines(of: text).map(CELText.string)
    case .when(let conditions, let parts):
      let condition = CELText.all(conditions)
      let text = inner.inner.text(of: parts)
      let separator = fits([condition, text], separator: "") ? " " : inner.inner.lineFeed
      return ["(\(condition)\(separator)? \(text)\(separator): '')"]
    }
  }

  private static func lines(of text: String) -> [String] {
    let lines = ByteText.pieces(of: text, around: "\n")
    return lines.dropLast().map { $0 + "\n" } + lines.suffix(1).filter { !$0.isEmpty }
  }

  // MARK: Collections

  private func list(_ elements: [CELTree.Element]) -> String {
    // Lists that are there or not, or come from elsewhere, are added to those that stand here.
    var lists: [String] = []
    var fixed: [CELTree] = []
    let isWhole = elements.allSatisfy { if case .one(_, []) = $0 { true } else { false } }
    let layout = isWhole ? self : inner.inner
    func endList() {
      if !fixed.isEmpty { lists.append(layout.collection(layout.inner.texts(of: fixed), "[", "]")) }
      fixed = []
    }
    let areTexts = elements.allSatisfy { if case .one(let tree, _) = $0 { tree.isText } else { true } }
    for element in elements {
      switch element {
      case .one(let tree, let conditions) where conditions.isEmpty: fixed.append(tree)
      case .one(let tree, let conditions):
        endList()
        lists.append("(\(CELText.all(conditions)) ? [\(areTexts ? layout.text(of: tree) : layout.untyped(tree))] : [])")
      case .all(let expression):
        endList()
        lists.append(expression)
      }
    }
    endList()
    if lists.isEmpty { return "[]" }
    return fits(lists, separator: " + ")
      ? lists.joined(separator: " + ") : lists.joined(separator: "\(inner.lineFeed)+ ")
  }

  private func texts(of trees: [CELTree]) -> [String] {
    let areTexts = trees.allSatisfy(\.isText)
    return trees.map { areTexts ? text(of: $0) : untyped($0) }
  }

  private func untyped(_ tree: CELTree) -> String {
    let text = text(of: tree)
    // A choice has its own.
    if case .either = tree { return "dyn\(text)" }
    return "dyn(\(text))"
  }

  private func map(_ members: [CELTree.Member]) -> String {
    let areTexts = members.allSatisfy { $0.conditions.isEmpty && $0.tree.isText }
    let entries = members.map { member in
      let value = areTexts ? inner.text(of: member.tree) : inner.untyped(member.tree)
      let key = CELText.string(member.key)
      if member.conditions.isEmpty { return "\(key): \(value)" }
      return "?\(key): \(CELText.all(member.conditions)) ? optional.of(\(value)) : optional.none()"
    }
    return collection(entries, "{", "}")
  }

  // MARK: Lines

  private func collection(_ entries: [String], _ open: String, _ close: String) -> String {
    fits(entries, separator: ", ")
      ? open + entries.joined(separator: ", ") + close : broken(entries, open, close)
  }

  private func broken(_ entries: [String], _ open: String, _ close: String) -> String {
    let lines = entries.joined(separator: ",\(inner.lineFeed)")
    return "\(open)\(inner.lineFeed)\(lines)\(lineFeed)\(close)"
  }

  private func fits(_ texts: [String], separator: String) -> Bool {
    let text = texts.joined(separator: separator)
    return indent + text.utf8.count <= CELLayout.width && !ByteText.holds(text, "\n")
  }
}

extension CELTree {
  /// True for what is a text whatever the pod.
  fileprivate var isText: Bool {
    switch self {
    case .text: true
    case .either(_, let tree, let other): tree.isText && other.isText
    case .constant, .list, .map, .told: false
    }
  }
}
