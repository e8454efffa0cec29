internal import ManifestText

/// Derives the record of an injection from what is planned and from the document as it was.
struct RecordBuilder {
  let document: Document
  /// Digests that need not be made again.
  let constants: ConstantDigests

  /// What a tree of changes injects into the pod at a node.
  /// - Throws: A `Diagnostic` where the node cannot be read.
  func part(for tree: EditTree, inPod node: NodeID) throws(Diagnostic) -> InjectionRecord.Part {
    try part(for: tree, in: node, at: .pod)
  }

  /// What a tree of changes injects into a node.
  /// - Throws: A `Diagnostic` where the node cannot be read.
  ///
  /// What an alias stands for is written out where it changes, and then what was merged into it is its own.
  private func part(
    for tree: EditTree, in node: NodeID, at place: PodPlace, isWrittenOut: Bool = false
  ) throws(Diagnostic) -> InjectionRecord.Part {
    var part = InjectionRecord.Part()
    let isWrittenOut = isWrittenOut || document.isAlias(node)
    if document.isSequence(node) {
      insertions(of: tree, in: node, place.element(0), &part)
      if !tree.children.isEmpty { try elements(of: node, tree, place.element(0), isWrittenOut, &part) }
      return part
    }
    for child in tree.children {
      guard case .key(let key) = child.step else { continue }
      try entry(key, child.tree, in: node, place.entry(key), isWrittenOut, &part)
    }
    return part
  }

  private func insertions(
    of tree: EditTree, in list: NodeID, _ place: PodPlace, _ part: inout InjectionRecord.Part
  ) {
    let count = document.items(of: list).reduce(0) { count, _ in count + 1 }
    for insertion in tree.insertions {
      let elements = insertion.values.map { InjectionRecord.Element($0, at: place, knowing: constants) }
      if insertion.index < count { part.front += elements } else { part.back += elements }
    }
  }

  private func entry(
    _ key: String, _ tree: EditTree, in map: NodeID, _ place: PodPlace, _ isWrittenOut: Bool,
    _ part: inout InjectionRecord.Part
  ) throws(Diagnostic) {
    guard let entry = try document.entry(key, in: map) else {
      let injected = InjectionRecord.Injected(tree.applied(to: .null), at: place, knowing: constants)
      return part.added.append(InjectionRecord.Entry(step: key, content: injected))
    }
    guard !entry.isMerged || isWrittenOut else {
      let value = tree.applied(to: try document.value(of: entry.value))
      let replaced = InjectionRecord.Replaced(
        now: .value(RecordedDigest(value, at: place)), former: try former(entry.value, in: map, value), isMerged: true)
      return part.replaced.append(InjectionRecord.Entry(step: key, content: replaced))
    }
    try value(key, tree, entry.value, in: map, place, isWrittenOut, &part)
  }

  private func elements(
    of list: NodeID, _ tree: EditTree, _ place: PodPlace, _ isWrittenOut: Bool, _ part: inout InjectionRecord.Part
  ) throws(Diagnostic) {
    let elements = try NamedElements(of: list, in: document)
    for child in tree.children {
      guard case .index(let index) = child.step, index < elements.items.count else { continue }
      try value(elements.step(to: index), child.tree, elements.items[index], in: list, place, isWrittenOut, &part)
    }
  }

  private func value(
    _ step: String, _ tree: EditTree, _ node: NodeID, in parent: NodeID, _ place: PodPlace, _ isWrittenOut: Bool,
    _ part: inout InjectionRecord.Part
  ) throws(Diagnostic) {
    guard let value = tree.replacement else {
      let inner = try self.part(for: tree, in: node, at: place, isWrittenOut: isWrittenOut)
      return part.children.append(InjectionRecord.Entry(step: step, content: inner))
    }
    let now =
      document.isNull(node)
      ? InjectionRecord.Injected(value, at: place, knowing: constants) : .value(RecordedDigest(value, at: place))
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
}

/// The elements of a list, found by name without looking through the list each time.
struct NamedElements {
  /// Every element, in order.
  let items: [NodeID]
  private let names: [String?]
  private var places = NameIndex()
  private var repeated: Set<ExactText> = []

  /// Reads the names of a list's elements.
  /// - Throws: A `Diagnostic` where an element has its name twice.
  init(of list: NodeID, in document: Document) throws(Diagnostic) {
    items = Array(document.items(of: list))
    names = try items.map { (item) throws(Diagnostic) in try document.elementName(item) }
    for (index, name) in names.enumerated() {
      guard let name, !places.insert(name, at: index) else { continue }
      _ = repeated.add(name)
    }
  }

  /// The step to an element: by its name where no other has that, and by its number otherwise.
  func step(to index: Int) -> String {
    guard let name = names[index], !name.hasPrefix("#"), !repeated.contains(name) else {
      return InjectionRecord.number(index)
    }
    return name
  }
}

extension Document {
  /// The `name` of an element of a list; nil where it has none.
  func elementName(_ item: NodeID) throws(Diagnostic) -> String? {
    guard let name = try value("name", in: item), isString(name) else { return nil }
    return text(of: name)
  }

  /// Whether an element of a list has this `name`.
  func isElement(_ item: NodeID, named name: String) throws(Diagnostic) -> Bool {
    try elementName(item).map { ByteText.isEqual($0, name) } ?? false
  }
}
