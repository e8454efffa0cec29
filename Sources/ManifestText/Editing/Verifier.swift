/// Compares an edited text, parsed again, with what was planned: the promise that makes splicing safe.
///
/// Every edited text is read again, whole, and compared: that of a document, or of each item that changes of a large list
/// (`Document.part`). JSON is read by `JSONReader`. YAML is read by libyaml, which
/// shares nothing with this program; `PlainReader` reads it alone only where libyaml was seen, earlier in the same run,
/// to make the same table as it of a text with edits of the same forms (`EditForm`). So libyaml reads the first text
/// with each form of edit, and each that `PlainReader` leaves to it.
struct Verifier {
  private let before: Document
  private let after: Document
  /// The image of each anchored node, for aliases to be compared by what they stand for.
  private var images: [NodeID: NodeID] = [:]
  /// Where the collections around a place that is unchanged end, in both documents.
  private var ends: [(Int, Int)] = []

  /// The innermost node of the document before the edits that the tree makes something else of.
  private var disagreement: NodeID?

  /// Where the document after the edits does not mean what the tree makes of the document before them; nil where
  /// it does.
  static func disagreement(
    of after: Document, with tree: EditTree, appliedTo before: Document
  ) -> Range<Int>? {
    guard let old = before.root, let new = after.root else {
      return before.root == nil && after.root == nil ? nil : before.range
    }
    var verifier = Verifier(before: before, after: after)
    if verifier.agrees(new, with: tree, appliedTo: old) { return nil }
    return before.range(of: verifier.disagreement ?? old)
  }

  private init(before: Document, after: Document) {
    self.before = before
    self.after = after
  }

  private mutating func agrees(_ new: NodeID, with tree: EditTree, appliedTo old: NodeID) -> Bool {
    note(old, compares(new, with: tree, appliedTo: old))
  }

  private mutating func agrees(_ new: NodeID, unchanged old: NodeID) -> Bool { note(old, agreesUnchanged(new, old)) }

  private mutating func note(_ old: NodeID, _ agrees: Bool) -> Bool {
    if !agrees, disagreement == nil { disagreement = old }
    return agrees
  }

  private mutating func compares(_ new: NodeID, with tree: EditTree, appliedTo old: NodeID) -> Bool {
    if let replacement = tree.replacement { return agrees(new, withValue: replacement) }
    if let restoration = tree.restoration { return agrees(new, with: restoration) }
    let was = before[old]
    if was.kind == .alias { return agrees(new, withValueOf: old, changedBy: tree) }
    guard after[new].kind == was.kind else { return false }
    if was.hasAnchor { images[old] = new }
    switch was.kind {
    case .scalar, .alias: return agreesScalar(new, old)
    case .mapping: return agreesMapping(new, with: tree, old)
    case .sequence: return agreesSequence(new, with: tree, old)
    }
  }

  /// What nothing is planned for stands there node for node; only aliases may be written out.
  ///
  /// This is most of a document, so it goes along the tables of nodes and does not descend.
  private mutating func agreesUnchanged(_ new: NodeID, _ old: NodeID) -> Bool {
    let was = before[old]
    if was.kind == .scalar, !was.hasAnchor { return after[new].kind == .scalar && agreesScalar(new, old) }
    var (index, place) = (old.index, new.index)
    let (end, placeEnd) = (Int(before[old].next), Int(after[new].next))
    ends.removeAll(keepingCapacity: true)
    while true {
      while let last = ends.last, last.0 == index || last.1 == place {
        guard last == (index, place) else { return false }
        ends.removeLast()
      }
      guard index < end, place < placeEnd else { return index == end && place == placeEnd }
      let (old, new) = (NodeID(index), NodeID(place))
      if before[old].hasAnchor { images[old] = new }
      (index, place) = (index + 1, Int(after[new].next))
      switch before[old].kind {
      case .alias: guard agreesAlias(new, old) else { return false }
      case .scalar: guard after[new].kind == .scalar, agreesScalar(new, old) else { return false }
      case .mapping, .sequence:
        guard after[new].kind == before[old].kind else { return false }
        ends.append((Int(before[old].next), place))
        place = new.index + 1
      }
    }
  }

  private func agreesAlias(_ new: NodeID, _ old: NodeID) -> Bool {
    if after[new].kind == .alias { return images[before.resolved(old)] == after.resolved(new) }
    return agrees(new, withValueOf: old, changedBy: nil)
  }

  private func agrees(_ new: NodeID, withValueOf old: NodeID, changedBy tree: EditTree?) -> Bool {
    guard after[new].kind != .alias else { return false }
    do throws(Diagnostic) {
      let value = try before.value(of: old)
      return agrees(new, withValue: tree?.applied(to: value) ?? value)
    } catch {
      return false
    }
  }

  /// The text stands there to the byte, and is read as one value.
  private func agrees(_ new: NodeID, with restoration: FormerText) -> Bool {
    let record = after[new]
    return [record.start, record.contentStart].contains { start in
      ByteText.isEqual(after.source.bytes[Int(start)..<Int(record.end)], restoration.text[...])
    }
  }

  private func agreesScalar(_ new: NodeID, _ old: NodeID) -> Bool {
    let (now, was) = (after[new], before[old])
    guard now.style == was.style, now.hasTag == was.hasTag, now.textLength == was.textLength else { return false }
    return after.hasSameBytes(now, as: was, of: before)
  }

  private mutating func agreesMapping(_ new: NodeID, with tree: EditTree, _ old: NodeID) -> Bool {
    var entries = after.entries(of: new)
    for (oldKey, oldValue) in before.entries(of: old) {
      if let place = tree.place(keyed: oldKey, in: before) {
        let children = tree.children.span
        guard agrees(&entries, with: children[place].tree, appliedTo: oldKey, oldValue) else { return false }
      } else {
        guard let (key, value) = entries.next(), agreesUnchanged(key, oldKey), agrees(value, unchanged: oldValue) else {
          return false
        }
      }
    }
    return agrees(&entries, withAdditionsOf: tree, to: old)
  }

  /// The same of an entry that changes, which may be gone or have another key.
  private mutating func agrees(
    _ entries: inout Document.Entries, with tree: EditTree, appliedTo oldKey: NodeID, _ oldValue: NodeID
  ) -> Bool {
    if tree.isRemoved { return true }
    guard let (key, value) = entries.next() else { return false }
    guard let newKey = tree.newKey else {
      return agreesUnchanged(key, oldKey) && agrees(value, with: tree, appliedTo: oldValue)
    }
    guard after.isText(key, equalTo: newKey) else { return false }
    return tree.ofValue.map { agrees(value, with: $0, appliedTo: oldValue) } ?? agrees(value, unchanged: oldValue)
  }

  private func agrees(
    _ entries: inout Document.Entries, withAdditionsOf tree: EditTree, to old: NodeID
  ) -> Bool {
    do throws(Diagnostic) {
      for member in try tree.additions(to: old, in: before) {
        guard let (key, value) = entries.next(), after.isText(key, equalTo: member.key) else { return false }
        guard agrees(value, withValue: member.value) else { return false }
      }
      return entries.next() == nil
    } catch {
      return false
    }
  }

  private mutating func agreesSequence(_ new: NodeID, with tree: EditTree, _ old: NodeID) -> Bool {
    var items = after.items(of: new)
    var index = 0
    for item in before.items(of: old) {
      guard agrees(&items, withInsertionsOf: tree, at: index) else { return false }
      let place = tree.place(ofChild: .index(index))
      index += 1
      if let place {
        let children = tree.children.span
        if children[place].tree.isRemoved { continue }
        guard let next = items.next(), agrees(next, with: children[place].tree, appliedTo: item) else { return false }
      } else {
        guard let next = items.next(), agrees(next, unchanged: item) else { return false }
      }
    }
    return agrees(&items, withInsertionsOf: tree, at: index) && items.next() == nil
  }

  private func agrees(_ items: inout Document.Children, withInsertionsOf tree: EditTree, at index: Int) -> Bool {
    guard let insertion = tree.insertions.first(where: { $0.index == index }) else { return true }
    return insertion.values.allSatisfy { value in
      guard let next = items.next() else { return false }
      return agrees(next, withValue: value)
    }
  }

  private func agrees(_ new: NodeID, withValue value: Value) -> Bool {
    switch value {
    case .array(let elements):
      guard after[new].kind == .sequence else { return false }
      var items = after.items(of: new)
      let elements = elements.span
      for index in elements.indices {
        guard let item = items.next(), agrees(item, withValue: elements[index]) else { return false }
      }
      return items.next() == nil
    case .object(let members): return agrees(new, withMembers: members)
    case .string(let text): return after.isString(new) && after.isText(new, equalTo: text)
    case .null: return after.isNull(new)
    case .bool(let truth): return after.meaning(of: new) == .bool(truth)
    case .number(let text): return after.meaning(of: new) == .number(text)
    }
  }

  private func agrees(_ new: NodeID, withMembers members: [Value.Member]) -> Bool {
    guard after[new].kind == .mapping else { return false }
    var entries = after.entries(of: new)
    let members = members.span
    for index in members.indices {
      guard let (key, value) = entries.next(), after.isText(key, equalTo: members[index].key) else { return false }
      guard agrees(value, withValue: members[index].value) else { return false }
    }
    return entries.next() == nil
  }
}

extension Document {
  /// The document with its text edited, read again and compared with what the edits are for.
  func spliced(by edits: [TextEdit], meaning tree: EditTree) throws(Diagnostic) -> Document {
    let result: Document
    do throws(Diagnostic) {
      result = try reread(edits.applied(to: source.bytes, in: range), with: edits)
    } catch {
      let place = edits.kept(in: range).origin(of: error.range?.lowerBound ?? 0) ?? range.lowerBound
      throw .internalError("the edited text cannot be read: \(error.message)", at: place..<place)
    }
    if let place = Verifier.disagreement(of: result, with: tree, appliedTo: self) {
      throw .internalError("the edited text does not mean what was planned", at: place)
    }
    return result
  }

  /// From this size on a text is read by libyaml alone: a second table to compare takes more than others like it save.
  private static let mostReadTwice = 4 << 20

  /// The text that edits gave, read by libyaml unless it is known to read such a text as `PlainReader` does.
  private func reread(_ bytes: [UInt8], with edits: [TextEdit]) throws(Diagnostic) -> Document {
    guard format == .yaml else { return try reread(bytes) }
    let text = SourceText(name: source.name, bytes: bytes)
    let forms = edits.map { EditForm(of: $0, in: source.bytes) }
    let isProven = EditForm.areProven(forms)
    guard isProven || bytes.count < Document.mostReadTwice, let plain = PlainReader.read(bytes.indices, of: text) else {
      return try YAMLReader.read(bytes.indices, of: text)
    }
    if isProven { return plain }
    let judge = try YAMLReader.read(bytes.indices, of: text)
    if plain.holdsSameTable(as: judge) { EditForm.prove(forms) }
    return judge
  }

  /// Another text of this document, read as this one was.
  /// - Throws: A `Diagnostic` where it cannot be read.
  package func reread(_ bytes: [UInt8]) throws(Diagnostic) -> Document {
    let text = SourceText(name: source.name, bytes: bytes)
    guard levelsAround == 0 else { return try JSONReader.readPart(text, inside: levelsAround) }
    return try Document(DocumentStream.Piece(range: bytes.indices, mayBeJSON: format == .json), of: text)
  }
}
