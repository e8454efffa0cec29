/// Takes members out of collections: the inverse of how they are put in.
extension Splicer {
  /// An entry of a map or an element of a list, from its key or dash to the end of its value.
  private struct Member {
    let node: NodeID
    let range: Range<Int>
    let isRemoved: Bool
  }

  /// Takes entries out of a map.
  ///
  /// Between braces, what is added to a map takes the place of its last entry where that goes: the comma and the
  /// comments in front of that stay. True where it was added so.
  mutating func remove(
    entriesOf map: NodeID, by tree: EditTree, addingInBraces additions: [Value.Member], _ slot: Slot
  ) -> Bool {
    var members: [Member] = []
    var position = document.startOfMembers(of: map)
    for (key, value) in document.entries(of: map) {
      let isRemoved = tree.place(keyed: key, in: document).map { tree.children[$0].tree.isRemoved } ?? false
      if isRemoved { replaced += [key, value] }
      let mark = document.questionMark(before: Int(document[key].start), from: position)
      position = Int(document[value].end)
      members.append(
        Member(node: key, range: (mark ?? Int(document[key].start))..<position, isRemoved: isRemoved))
    }
    if !additions.isEmpty, let last = members.last, last.isRemoved, isInBraces(map) {
      for member in members.dropLast() where member.isRemoved { removeWithComma(member) }
      edits.append(TextEdit(last.range, document.flowWriter(in: map).text(of: additions)))
      return true
    }
    remove(members, from: map, slot)
    return false
  }

  private func isInBraces(_ map: NodeID) -> Bool { document[map].style == .flow && document.isBracketed(map) }

  /// Takes elements out of a list.
  mutating func remove(itemsOf list: NodeID, by tree: EditTree, _ slot: Slot) {
    var members: [Member] = []
    let isBlock = document[list].style == .block
    var position = document.startOfMembers(of: list)
    for (index, item) in document.items(of: list).enumerated() {
      let isRemoved = tree.child(.index(index))?.isRemoved == true
      if isRemoved { replaced.append(item) }
      let head = isBlock ? document.lines.skippingWhiteAndComments(from: position) : Int(document[item].start)
      position = Int(document[item].end)
      members.append(Member(node: item, range: head..<position, isRemoved: isRemoved))
    }
    remove(members, from: list, slot)
  }

  private mutating func remove(_ members: [Member], from collection: NodeID, _ slot: Slot) {
    let isFlow = document[collection].style == .flow
    if members.allSatisfy(\.isRemoved) {
      let isBracketed = document.isBracketed(collection)
      isFlow && isBracketed ? empty(collection, of: members) : removeEverything(from: collection, slot)
    } else if isFlow {
      removeFlow(members)
    } else {
      removeBlock(members)
    }
  }

  private mutating func removeEverything(from collection: NodeID, _ slot: Slot) {
    let isList = document[collection].kind == .sequence
    restore(FormerText(text: Array((isList ? "[]" : "{}").utf8), isBelow: false, column: 0), to: collection, slot)
  }

  mutating func delete(_ range: Range<Int>) {
    if !range.isEmpty { edits.append(TextEdit(range, [])) }
  }

  // MARK: Block style

  /// Whole lines; the first member may share its line with the dash or marker of what is around it, and leaves that
  /// place to the next.
  private mutating func removeBlock(_ members: [Member]) {
    var rest = members[...]
    if let first = members.first, first.isRemoved, !document.isFirstOnItsLine(first.range.lowerBound) {
      rest = members.drop(while: \.isRemoved)
      if let next = rest.first { delete(first.range.lowerBound..<next.range.lowerBound) }
    }
    // The node in front of the members that go: the last one inside of what stays.
    var last: NodeID?
    for member in rest {
      if !member.isRemoved {
        last = nil
      } else {
        last = last ?? NodeID(member.node.index - 1)
        removeLines(of: member.range)
        keepApart(last, from: document.startOfLine(after: member.range.upperBound))
      }
    }
  }

  /// Keeps the white space and the comments after lines that go from becoming text of a block scalar in front of
  /// them.
  private mutating func keepApart(_ node: NodeID?, from line: Int?) {
    guard let node, let line, let header = document.blockScalarHeader(of: node) else { return }
    var index = line
    while index < document.range.upperBound {
      let indent = document.indent(ofLine: index)
      let lineBreak = document.lineBreak(after: indent.endIndex)
      let end = lineBreak + document.lines.length(at: lineBreak)
      let isBlank = lineBreak == indent.endIndex
      guard isBlank || document.source.bytes[indent.endIndex] == ASCII.hash else { return }
      if isBlank, header.keepsBlankLines {
        delete(index..<end)
      } else if indent.count >= header.column + (isBlank ? 1 : 0) {
        // A comment at the text's column would be text; a blank line is one only where it is longer.
        delete(index..<indent.endIndex)
      }
      guard isBlank, end > index else { return }
      index = end
    }
  }

  /// Takes out every line a range touches.
  mutating func removeLines(of range: Range<Int>) {
    let end = document.startOfLine(after: range.upperBound)
    if end == nil { removesLastLine = true }
    delete(document.lineStart(of: range.lowerBound)..<(end ?? document.range.upperBound))
  }

  /// Where the input ended without a line ending, what is left of it does so too.
  func leavingNoLineEnding(_ edits: [TextEdit]) -> [TextEdit] {
    guard removesLastLine, let last = edits.indices.last else { return edits }
    var first = last
    while first > 0, edits[first - 1].text.isEmpty, edits[first - 1].range.upperBound == edits[first].range.lowerBound {
      first -= 1
    }
    let start = edits[first].range.lowerBound
    guard start > document.range.lowerBound, document.lines.length(before: start) > 0 else { return edits }
    var edits = edits
    edits[first] = TextEdit(lineBreak(before: start)..<edits[first].range.upperBound, [])
    return edits
  }

  // MARK: Flow style

  /// The member with the comma after it or, at the end, the one in front of it; comments stay, and so does a
  /// trailing comma.
  private mutating func removeFlow(_ members: [Member]) {
    let lastKept = members.lastIndex { !$0.isRemoved } ?? members.count
    for member in members.prefix(lastKept) where member.isRemoved { removeWithComma(member) }
    guard lastKept + 1 < members.count, let last = members.last else { return }
    let comma = trailingComma(after: last.range.upperBound, before: document.range.upperBound)
    let rest = document.source.bytes[(comma.map { $0 + 1 } ?? last.range.upperBound)..<document.range.upperBound]
    let endsLine = document.lines.length(at: rest.firstIndex { !ASCII.isBlank($0) } ?? rest.endIndex) > 0
    for index in lastKept + 1..<members.count {
      let gap = members[index - 1].range.upperBound..<members[index].range.lowerBound
      removeSeparator(gap, keepingComma: comma != nil && index == lastKept + 1, keepingLineBreak: !endsLine)
      delete(members[index].range)
    }
    if let comma { removeComma(comma, after: last.range.upperBound) }
  }

  private mutating func removeWithComma(_ member: Member) {
    delete(member.range.lowerBound..<afterComma(member.range.upperBound))
  }

  private func afterComma(_ start: Int) -> Int {
    guard var index = trailingComma(after: start, before: document.range.upperBound) else { return start }
    index += 1
    while let next = document.lines.afterWhite(at: index) { index = next }
    return index
  }

  /// What stands between two members, less its comments; the line break after the last of these has to stay where
  /// what follows would be part of it.
  private mutating func removeSeparator(
    _ range: Range<Int>, keepingComma isKept: Bool, keepingLineBreak keepsLine: Bool
  ) {
    let bytes = document.source.bytes
    guard let comma = trailingComma(after: range.lowerBound, before: range.upperBound) else { return }
    guard let comment = bytes[range].lastIndex(of: ASCII.hash) else {
      return delete(isKept ? comma + 1..<range.upperBound : range)
    }
    if !isKept { delete(comma..<comma + 1) }
    let lineBreak = document.lineBreak(after: comment)
    let end = keepsLine ? lineBreak + document.lines.length(at: lineBreak) : lineBreak
    delete(max(comma + 1, end)..<range.upperBound)
  }

  /// A trailing comma, with the white space in front of it unless a comment is there.
  private mutating func removeComma(_ comma: Int, after end: Int) {
    delete(document.source.bytes[end..<comma].contains(ASCII.hash) ? comma..<comma + 1 : end..<comma + 1)
  }

  /// Leaves the brackets and what stood between them before.
  private mutating func empty(_ collection: NodeID, of members: [Member]) {
    guard let last = members.last else { return }
    let bytes = document.source.bytes
    let close = Int(document[collection].end) - 1
    var end = trailingComma(after: last.range.upperBound, before: close).map { $0 + 1 } ?? last.range.upperBound
    var ending: [UInt8] = []
    document.flowWriter(in: collection).appendBreak(depth: 0, to: &ending)
    if bytes[end..<close].starts(with: ending) { end += ending.count }
    delete(Int(document[collection].contentStart) + 1..<end)
  }
}

extension Document {
  /// Where the first member of a collection may begin: at its dash, its key or the `?` of that, or after the bracket.
  func startOfMembers(of collection: NodeID) -> Int {
    Int(self[collection].contentStart) + (self[collection].style == .flow && isBracketed(collection) ? 1 : 0)
  }

  /// The `?` in front of a key, looked for from the end of the member before it on.
  func questionMark(before key: Int, from position: Int) -> Int? {
    var index = lines.skippingWhiteAndComments(from: position)
    if index < key, source.bytes[index] == ASCII.comma { index = lines.skippingWhiteAndComments(from: index + 1) }
    return index < key && source.bytes[index] == ASCII.question ? index : nil
  }

  /// Where the text of a block scalar begins on its lines, and whether the blank lines after it belong to it; nil
  /// for any other node.
  func blockScalarHeader(of node: NodeID) -> (column: Int, keepsBlankLines: Bool)? {
    let record = self[node]
    guard record.kind == .scalar, record.style == .literal || record.style == .folded else { return nil }
    let header = BlockScalarHeader(at: Int(record.contentStart), in: lines)
    let parent = nodes[..<node.index].lastIndex { $0.kind != .scalar && $0.kind != .alias && Int($0.next) > node.index }
    let parentColumn = parent.map { column(of: Int(nodes[$0].contentStart)) }
    let textColumn = header.column(in: lines, before: Int(record.end), parentColumn)
    return (textColumn, header.chomping == ASCII.plus)
  }

  /// The dash of an element of a list in block style.
  func dash(of item: NodeID, in list: NodeID) -> Int {
    var position = Int(self[list].contentStart)
    for other in items(of: list) {
      if other == item { break }
      position = Int(self[other].end)
    }
    return lines.skippingWhiteAndComments(from: position)
  }

  /// True for a list or map whose brackets are written: `[a: b]` holds a map without.
  func isBracketed(_ collection: NodeID) -> Bool {
    let first = source.bytes[Int(self[collection].contentStart)]
    return first == ASCII.openBrace || first == ASCII.openBracket
  }

  /// True for the empty value of a key that has no colon: `{key}`, `? key`.
  func isEmptyWithoutColon(_ value: NodeID, key: NodeID) -> Bool {
    let record = self[value]
    return record.kind == .scalar && record.start == record.end && record.start == self[key].end
  }
}

/// Puts back the text a value had.
extension Splicer {
  /// Puts a former text in the place of a node: where the node stands or, where that is below its key and the text was
  /// not, or vice versa, where the text was.
  mutating func restore(_ former: FormerText, to node: NodeID, _ slot: Slot) {
    replaced.append(node)
    let content = Int(document[node].contentStart)..<Int(document[node].end)
    let isInFlow = slot.parent.map { document[$0].style == .flow } ?? true
    let standsBelow = !isInFlow && !content.isEmpty && document.isFirstOnItsLine(content.lowerBound)
    if standsBelow == former.isBelow || isInFlow {
      restoreInPlace(former.text, content, isInFlow: isInFlow)
    } else if standsBelow {
      restoreBeside(former.text, node, slot)
    } else {
      restoreBelow(former.text, content, slot)
    }
  }

  private mutating func restoreInPlace(_ text: [UInt8], _ content: Range<Int>, isInFlow: Bool) {
    let bytes = document.source.bytes
    var start = content.lowerBound
    // Between brackets an empty value stands after the white space that is written after its colon.
    if text.isEmpty, !isInFlow {
      while start > document.range.lowerBound, ASCII.isBlank(bytes[start - 1]) { start -= 1 }
    }
    let isTight = content.isEmpty && !text.isEmpty && start > 0 && !ASCII.isWhite(bytes[start - 1])
    edits.append(TextEdit(start..<content.upperBound, (isTight ? [ASCII.space] : []) + text))
  }

  /// The value's lines go, and the text stands after the key's colon or the dash again, before any comment.
  private mutating func restoreBeside(_ text: [UInt8], _ node: NodeID, _ slot: Slot) {
    let content = Int(document[node].contentStart)..<Int(document[node].end)
    let place = afterIndicator(of: node, slot)
    if !text.isEmpty { edits.append(TextEdit(place..<place, [ASCII.space] + text)) }
    removeLines(of: content)
  }

  private mutating func restoreBelow(_ text: [UInt8], _ content: Range<Int>, _ slot: Slot) {
    let style = blockStyle(near: content.lowerBound)
    let column = (slot.parent.map { self.column(of: $0) } ?? 0) + style.indentStep
    let indent = [UInt8](repeating: ASCII.space, count: column)
    edits.append(TextEdit(content, style.newline + indent + text))
  }

  /// After the colon or the dash a node belongs to.
  func afterIndicator(of node: NodeID, _ slot: Slot) -> Int {
    let start = Int(document[node].start)
    guard let parent = slot.parent else { return start }
    if slot.role == .item {
      return document.dash(of: node, in: parent) + 1
    }
    guard let key = document.entries(of: parent).first(where: { $0.value == node })?.key else { return start }
    let end = Int(document[key].end)
    let colon = document.lines.skippingWhiteAndComments(from: end)
    return colon < start && document.source.bytes[colon] == ASCII.colon ? colon + 1 : end
  }
}
