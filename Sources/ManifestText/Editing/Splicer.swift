/// Turns the changes planned for a document into edits of its text.
///
/// Everything about where text is put is here and in this type's extensions: the block style in `Splicer+Block`, the
/// flow style in `Splicer+Flow`, what is taken out again or put back in `Splicer+Removal`.
struct Splicer {
  /// What a node is to the collection around it.
  enum Role: Equatable { case root, key, entry, item }

  /// Where a node stands: its role, and the collection around it.
  struct Slot {
    let role: Role
    let parent: NodeID?
  }

  let document: Document
  var edits: [TextEdit] = []
  /// The collections around the place that is being edited, outermost first.
  var ancestors: [NodeID] = []
  /// Anchored nodes whose meaning changes, so that aliases of them have to be written out.
  var changedAnchors: [NodeID] = []
  /// Nodes whose text goes.
  var replaced: [NodeID] = []
  /// True where lines go up to the end of an input without a final line ending.
  var removesLastLine = false
  private var layout: BlockLayout
  let constants: ConstantTexts

  private init(document: Document, knowing constants: ConstantTexts) {
    self.document = document
    self.constants = constants
    layout = BlockLayout(document)
  }

  /// The edits that make the document mean what the tree says, in order.
  /// - Throws: A `Diagnostic` where an alias has to be written out and cannot be.
  static func edits(
    for tree: EditTree, in document: Document, knowing constants: ConstantTexts = .none
  ) throws(Diagnostic) -> [TextEdit] {
    guard let root = document.root, !tree.isEmpty else { return [] }
    var splicer = Splicer(document: document, knowing: constants)
    try splicer.apply(tree, to: root, Slot(role: .root, parent: nil))
    // What is written out for an alias comes before what is put after the collections around it.
    let own = splicer.edits
    splicer.edits = []
    try splicer.expandAliasesOfChangedAnchors()
    splicer.edits += own
    let edits = splicer.leavingNoLineEnding(splicer.edits.inOrder())
      .keepingLineBreaksApart(in: document.source.bytes)
    if let overlap = edits.firstOverlap { throw .internalError("two edits of the same text", at: overlap) }
    if let mark = document.byteOrderMark(after: edits) { throw .byteOrderMarkAfterEdit(at: mark) }
    return edits
  }

  private mutating func apply(_ tree: EditTree, to node: NodeID, _ slot: Slot) throws(Diagnostic) {
    if let replacement = tree.replacement { return try replace(node, with: replacement, slot) }
    if let restoration = tree.restoration { return restore(restoration, to: node, slot) }
    if document[node].kind == .alias {
      return try replace(node, with: tree.applied(to: document.value(of: node)), slot)
    }
    if document[node].hasAnchor { changedAnchors.append(node) }
    ancestors.append(node)
    defer { ancestors.removeLast() }
    switch document[node].kind {
    case .mapping: try applyToMapping(tree, node, slot)
    case .sequence: try applyToSequence(tree, node, slot)
    case .scalar, .alias: throw .internalError("a change inside a scalar", at: document.range(of: node))
    }
  }

  private mutating func applyToMapping(_ tree: EditTree, _ map: NodeID, _ slot: Slot) throws(Diagnostic) {
    let additions = try tree.additions(to: map, in: document)
    let areAdded = tree.removesChildren && remove(entriesOf: map, by: tree, addingInBraces: additions, slot)
    for (key, value) in document.entries(of: map) {
      guard let place = tree.place(keyed: key, in: document) else { continue }
      let children = tree.children.span
      try apply(children[place].tree, toEntry: key, value, of: map)
    }
    if !additions.isEmpty, !areAdded { add(additions, to: map) }
  }

  private mutating func apply(
    _ tree: EditTree, toEntry key: NodeID, _ value: NodeID, of map: NodeID
  ) throws(Diagnostic) {
    if tree.isRemoved { return }
    let slot = Slot(role: .entry, parent: map)
    guard let newKey = tree.newKey else { return try apply(tree, to: value, slot) }
    rename(key, to: newKey)
    if let tree = tree.ofValue { try apply(tree, to: value, slot) }
  }

  private mutating func applyToSequence(_ tree: EditTree, _ list: NodeID, _ slot: Slot) throws(Diagnostic) {
    if tree.removesChildren { remove(itemsOf: list, by: tree, slot) }
    var count = 0
    for item in document.items(of: list) {
      insert(tree.insertions.first { $0.index == count }?.values ?? [], into: list, before: count)
      if let place = tree.place(ofChild: .index(count)) {
        let children = tree.children.span
        if !children[place].tree.isRemoved {
          try apply(children[place].tree, to: item, Slot(role: .item, parent: list))
        }
      }
      count += 1
    }
    append(tree.insertions.first { $0.index == count }?.values ?? [], to: list)
  }

  /// Spells a key as another text, in the quotes it is in.
  private mutating func rename(_ key: NodeID, to text: String) {
    let record = document[key]
    if record.hasAnchor { changedAnchors.append(key) }
    var spelling: [UInt8] = []
    switch record.style {
    case .singleQuoted where !text.contains("'"): spelling = Array("'\(text)'".utf8)
    case .doubleQuoted: JSONWriter.appendQuoted(text, to: &spelling, escapingLineSeparators: true)
    default: ScalarSpelling.append(text, to: &spelling, in: .flow)
    }
    edits.append(TextEdit(Int(record.contentStart)..<Int(record.end), spelling))
  }

  private mutating func add(_ members: [Value.Member], to map: NodeID) {
    if document[map].style == .flow {
      addFlow(members, to: map)
    } else {
      addBlock(members, to: map)
    }
  }

  private mutating func insert(_ values: [Value], into list: NodeID, before index: Int) {
    guard !values.isEmpty else { return }
    if document[list].style == .flow {
      insertFlow(values, into: list, before: index)
    } else {
      insertBlock(values, into: list, before: index)
    }
  }

  private mutating func append(_ values: [Value], to list: NodeID) {
    guard !values.isEmpty else { return }
    if document[list].style == .flow {
      appendFlow(values, to: list)
    } else {
      appendBlock(values, to: list)
    }
  }

  /// Puts a value in the place of a node.
  mutating func replace(_ node: NodeID, with value: Value, _ slot: Slot) throws(Diagnostic) {
    replaced.append(node)
    if let map = slot.parent, let key = keyWithoutColon(of: node, slot) {
      guard document[map].style == .flow else { return addValue(value, to: key, in: map) }
      return addFlowValue(value, to: key, in: map)
    }
    let isInFlow = slot.parent.map { document[$0].style == .flow } ?? false
    let isFlow = document[node].style == .flow && document[node].kind != .scalar
    if isInFlow || isFlow || !value.isNonEmptyCollection {
      replaceInline(node, with: value, slot)
    } else {
      replaceBlock(node, with: value, slot)
    }
  }
}

extension Splicer {
  /// The block style at the place that is being edited.
  mutating func blockStyle(near offset: Int) -> BlockStyle { layout.style(around: ancestors, near: offset) }

  /// The key of an entry that has neither a colon nor a value: `{key}`, `? key`.
  private func keyWithoutColon(of node: NodeID, _ slot: Slot) -> NodeID? {
    guard slot.role == .entry, document[node].start == document[node].end, let map = slot.parent else { return nil }
    let key = document.entries(of: map).first { $0.value == node }?.key
    return key.flatMap { document.isEmptyWithoutColon(node, key: $0) ? $0 : nil }
  }
}

extension Document {
  /// A byte order mark at the beginning of the line after a text that is edited: it would become a part of a plain
  /// scalar that ends there now.
  fileprivate func byteOrderMark(after edits: [TextEdit]) -> Range<Int>? {
    guard format == .yaml else { return nil }
    for edit in edits where !((edit.text.last ?? source.bytes[edit.range].last).map(ASCII.isBreak) ?? true) {
      var index = edit.range.upperBound
      while index < range.upperBound, ASCII.isWhite(source.bytes[index]) { index += 1 }
      guard index > edit.range.upperBound, lines.isByteOrderMark(at: index) else { continue }
      return index..<index + ByteOrderMark.utf8.count
    }
    return nil
  }
}

extension Diagnostic {
  fileprivate static func byteOrderMarkAfterEdit(at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .byteOrderMark,
      message: "a byte order mark begins this line, and could become part of what is changed before it",
      hint: "remove it: the character U+FEFF, which most editors do not show", range: range)
  }

  /// A broken promise of this program at a place of an input; nothing is written.
  public static func internalError(_ what: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .internalMistake, message: "internal error: \(what)",
      hint: "nothing was written; please report this with the manifest that shows it", range: range)
  }
}

/// An anchored value that changes keeps its old meaning wherever else it is used.
extension Splicer {
  /// Writes out every alias that would otherwise change its meaning or lose its anchor.
  mutating func expandAliasesOfChangedAnchors() throws(Diagnostic) {
    guard !changedAnchors.isEmpty || !replaced.isEmpty, let root = document.root else { return }
    guard document.nodes.contains(where: { $0.kind == .alias }) else { return }
    ancestors = []
    let changes = Changes(anchors: Set(changedAnchors), replaced: Set(replaced), of: document)
    try expandAliases(in: root, Slot(role: .root, parent: nil), changes)
  }

  private mutating func expandAliases(in node: NodeID, _ slot: Slot, _ changes: Changes) throws(Diagnostic) {
    guard !changes.replaced.contains(node) else { return }
    if document[node].kind == .alias {
      if changes.concern(document.resolved(node)) { try replace(node, with: document.value(of: node), slot) }
      return
    }
    ancestors.append(node)
    defer { ancestors.removeLast() }
    for (key, value) in document.entries(of: node) {
      try expandAliases(in: key, Slot(role: .key, parent: node), changes)
      try expandAliases(in: value, Slot(role: .entry, parent: node), changes)
    }
    for item in document.items(of: node) { try expandAliases(in: item, Slot(role: .item, parent: node), changes) }
  }

  /// What changes, by then: aliases that are written out later are not asked about.
  private struct Changes {
    let anchors: Set<NodeID>
    let replaced: Set<NodeID>
    /// The nodes from which on something is replaced, in order, and where that ends.
    private let ranges: [Range<Int>]

    init(anchors: Set<NodeID>, replaced: Set<NodeID>, of document: Document) {
      self.anchors = anchors
      self.replaced = replaced
      var ranges: [Range<Int>] = []
      for range in replaced.map({ $0.index..<Int(document[$0].next) }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
        // What is inside of another changes with that.
        if let last = ranges.last, range.lowerBound < last.upperBound { continue }
        ranges.append(range)
      }
      self.ranges = ranges
    }

    /// True where a node means something else afterwards, or is gone.
    func concern(_ target: NodeID) -> Bool {
      if anchors.contains(target) { return true }
      var (low, high) = (0, ranges.count)
      while low < high {
        let middle = (low + high) / 2
        if ranges[middle].upperBound <= target.index { low = middle + 1 } else { high = middle }
      }
      return low < ranges.count && ranges[low].contains(target.index)
    }
  }
}
