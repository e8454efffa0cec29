internal import ManifestText

/// Derives the record of an injection from what is planned and from the document as it was.
struct RecordBuilder {
  let document: Document

  /// What a tree of changes injects into a node.
  /// - Throws: A `Diagnostic` where the node cannot be read.
  ///
  /// What an alias stands for is written out where it changes, and then what was merged into it is its own.
  func part(
    for tree: EditTree, in node: NodeID, isWrittenOut: Bool = false
  ) throws(Diagnostic) -> InjectionRecord.Part {
    var part = InjectionRecord.Part()
    let isWrittenOut = isWrittenOut || document.isAlias(node)
    let isList = document.isSequence(node)
    if isList { insertions(of: tree, in: node, &part) }
    for child in tree.children {
      switch child.step {
      case .key(let key): try entry(key, child.tree, in: node, isWrittenOut, &part)
      case .index(let index): try element(index, child.tree, of: node, isWrittenOut, &part)
      }
    }
    return part
  }

  private func insertions(of tree: EditTree, in list: NodeID, _ part: inout InjectionRecord.Part) {
    let count = document.items(of: list).reduce(0) { count, _ in count + 1 }
    for insertion in tree.insertions {
      let elements = insertion.values.map(InjectionRecord.Element.init)
      if insertion.index < count { part.front += elements } else { part.back += elements }
    }
  }

  private func entry(
    _ key: String, _ tree: EditTree, in map: NodeID, _ isWrittenOut: Bool, _ part: inout InjectionRecord.Part
  ) throws(Diagnostic) {
    guard let entry = try document.entry(key, in: map) else {
      let injected = InjectionRecord.Injected(tree.applied(to: .null))
      return part.added.append(InjectionRecord.Entry(step: key, content: injected))
    }
    guard !entry.isMerged || isWrittenOut else {
      let value = tree.applied(to: try document.value(of: entry.value))
      let replaced = InjectionRecord.Replaced(
        now: .value(Digest(value)), former: try former(entry.value, in: map, value), isMerged: true)
      return part.replaced.append(InjectionRecord.Entry(step: key, content: replaced))
    }
    try value(key, tree, entry.value, in: map, isWrittenOut, &part)
  }

  private func element(
    _ index: Int, _ tree: EditTree, of list: NodeID, _ isWrittenOut: Bool, _ part: inout InjectionRecord.Part
  ) throws(Diagnostic) {
    let items = Array(document.items(of: list))
    guard index < items.count else { return }
    try value(step(to: index, of: items), tree, items[index], in: list, isWrittenOut, &part)
  }

  private func value(
    _ step: String, _ tree: EditTree, _ node: NodeID, in parent: NodeID, _ isWrittenOut: Bool,
    _ part: inout InjectionRecord.Part
  ) throws(Diagnostic) {
    guard let value = tree.replacement else {
      let inner = try self.part(for: tree, in: node, isWrittenOut: isWrittenOut)
      return part.children.append(InjectionRecord.Entry(step: step, content: inner))
    }
    let now = document.isNull(node) ? InjectionRecord.Injected(value) : .value(Digest(value))
    let former = try self.former(node, in: parent, value)
    part.replaced.append(
      InjectionRecord.Entry(step: step, content: InjectionRecord.Replaced(now: now, former: former)))
  }

  /// The text of a value or, where that needs an anchor elsewhere, what it means.
  private func former(_ node: NodeID, in parent: NodeID, _ value: Value) throws(Diagnostic) -> FormerText {
    let text = document.formerText(of: node, in: parent, replacedBy: value)
    guard text.value == nil else { return text }
    let meaning = YAMLWriter.inline(try document.value(of: node))
    return FormerText(text: Array(meaning.utf8), isBelow: false, column: 0)
  }

  /// An element by its name where no other has that, and by its number otherwise.
  private func step(to index: Int, of items: [NodeID]) throws(Diagnostic) -> String {
    let number = InjectionRecord.number(index)
    guard let name = try document.elementName(items[index]), !name.hasPrefix("#") else { return number }
    for (other, item) in items.enumerated() where other != index {
      if try document.elementName(item) == name { return number }
    }
    return name
  }
}

extension InjectionRecord {
  /// The step to an element without a name of its own.
  static func number(_ index: Int) -> String { "#\(index)" }

  /// The element a step leads to by number; nil for a name.
  static func index(of step: String) -> Int? { step.hasPrefix("#") ? Int(step.dropFirst()) : nil }
}

extension Document {
  /// The `name` of an element of a list; nil where it has none.
  func elementName(_ item: NodeID) throws(Diagnostic) -> String? {
    guard let name = try value("name", in: item), isString(name) else { return nil }
    return text(of: name)
  }
}
