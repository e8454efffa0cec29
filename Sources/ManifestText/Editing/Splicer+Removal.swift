/// Takes members out of collections: the inverse of how they are put in.
extension Splicer {
  /// An entry of a map or an element of a list, from its key or dash to the end of its value.
  private struct Member {
    let range: Range<Int>
    let isRemoved: Bool
  }

  /// Takes entries out of a map.
  mutating func remove(entriesOf map: NodeID, by tree: EditTree, _ slot: Slot) {
    var members: [Member] = []
    for (key, value) in document.entries(of: map) {
      let isRemoved = tree.child(keyed: key, in: document)?.isRemoved == true
      if isRemoved { replaced += [key, value] }
      let end = document.isEmptyWithoutColon(value, key: key) ? key : value
      members.append(Member(range: start(ofKey: key)..<Int(document[end].end), isRemoved: isRemoved))
    }
    remove(members, from: map, slot)
  }

  /// Takes elements out of a list.
  mutating func remove(itemsOf list: NodeID, by tree: EditTree, _ slot: Slot) {
    var members: [Member] = []
    let isBlock = document[list].style == .block
    let column = isBlock ? column(of: list) : 0
    for (index, item) in document.items(of: list).enumerated() {
      let isRemoved = tree.child(.index(index))?.isRemoved == true
      if isRemoved { replaced.append(item) }
      let start = Int(document[item].start)
      let head = isBlock ? document.dash(of: start, at: column, notBefore: Int(document[list].contentStart)) : start
      members.append(Member(range: head..<Int(document[item].end), isRemoved: isRemoved))
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

  /// Where an entry begins: at its key or at the `?` in front of it.
  private func start(ofKey key: NodeID) -> Int {
    let bytes = document.source.bytes
    let start = Int(document[key].start)
    var index = start
    while index > document.range.lowerBound, ASCII.isBlank(bytes[index - 1]) { index -= 1 }
    let isMarked = index < start && index > document.range.lowerBound && bytes[index - 1] == ASCII.question
    return isMarked ? index - 1 : start
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
    for member in rest where member.isRemoved { removeLines(of: member.range) }
  }

  /// Takes out every line a range touches.
  mutating func removeLines(of range: Range<Int>) {
    let end = startOfLine(behind: range.upperBound)
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
    guard start > document.range.lowerBound, ASCII.isBreak(document.source.bytes[start - 1]) else { return edits }
    var edits = edits
    edits[first] = TextEdit(lineBreak(before: start)..<edits[first].range.upperBound, [])
    return edits
  }

  // MARK: Flow style

  /// The member with the comma behind it or, at the end, the one in front of it; comments stay, and so does a
  /// trailing comma.
  private mutating func removeFlow(_ members: [Member]) {
    let lastKept = members.lastIndex { !$0.isRemoved } ?? members.count
    for member in members.prefix(lastKept) where member.isRemoved {
      delete(member.range.lowerBound..<behindComma(member.range.upperBound))
    }
    guard lastKept + 1 < members.count, let last = members.last else { return }
    let comma = trailingComma(behind: last.range.upperBound, before: document.range.upperBound)
    for index in lastKept + 1..<members.count {
      let gap = members[index - 1].range.upperBound..<members[index].range.lowerBound
      removeSeparator(gap, keepingComma: comma != nil && index == lastKept + 1)
      delete(members[index].range)
    }
    if let comma { removeComma(comma, behind: last.range.upperBound) }
  }

  private func behindComma(_ start: Int) -> Int {
    let bytes = document.source.bytes
    guard var index = trailingComma(behind: start, before: document.range.upperBound) else { return start }
    index += 1
    while index < document.range.upperBound, ASCII.isWhite(bytes[index]) { index += 1 }
    return index
  }

  /// What stands between two members, less its comments.
  private mutating func removeSeparator(_ range: Range<Int>, keepingComma isKept: Bool) {
    let bytes = document.source.bytes
    guard let comma = trailingComma(behind: range.lowerBound, before: range.upperBound) else { return }
    guard let comment = bytes[range].lastIndex(of: ASCII.hash) else {
      return delete(isKept ? comma + 1..<range.upperBound : range)
    }
    if !isKept { delete(comma..<comma + 1) }
    delete(max(comma + 1, document.lineBreak(after: comment))..<range.upperBound)
  }

  /// A trailing comma, with the white space in front of it unless a comment is there.
  private mutating func removeComma(_ comma: Int, behind end: Int) {
    delete(document.source.bytes[end..<comma].contains(ASCII.hash) ? comma..<comma + 1 : end..<comma + 1)
  }

  /// Leaves the brackets and what stood between them before.
  private mutating func empty(_ collection: NodeID, of members: [Member]) {
    guard let last = members.last else { return }
    let bytes = document.source.bytes
    let close = Int(document[collection].end) - 1
    var end = trailingComma(behind: last.range.upperBound, before: close).map { $0 + 1 } ?? last.range.upperBound
    var ending: [UInt8] = []
    document.flowWriter(in: collection).appendBreak(depth: 0, to: &ending)
    if bytes[end..<close].starts(with: ending) { end += ending.count }
    delete(Int(document[collection].contentStart) + 1..<end)
  }
}

extension Document {
  /// The dash in front of an element that starts at an offset: on its line or on one above it.
  func dash(of start: Int, at column: Int, notBefore first: Int) -> Int {
    var line = lineStart(of: start)
    while line > range.lowerBound {
      let dash = self.offset(ofColumn: column, inLine: line)
      if dash < start, source.bytes[dash] == ASCII.dash { return max(dash, first) }
      line = lineStart(of: line - 1)
    }
    let dash = self.offset(ofColumn: column, inLine: line)
    return dash < start ? max(dash, first) : start
  }

  private func offset(ofColumn column: Int, inLine line: Int) -> Int {
    var index = line
    var left = column
    while left > 0, index < range.upperBound {
      index += 1
      while index < range.upperBound, source.bytes[index] & 0xC0 == 0x80 { index += 1 }
      left -= 1
    }
    return index
  }

  /// True for a list or map whose brackets are written: `[a: b]` holds a map without.
  func isBracketed(_ collection: NodeID) -> Bool {
    let first = source.bytes[Int(self[collection].contentStart)]
    return first == ASCII.openBrace || first == ASCII.openBracket
  }

  /// True for the empty value of a key that has no colon: `{key}`, `? key`.
  func isEmptyWithoutColon(_ value: NodeID, key: NodeID) -> Bool {
    let (start, end) = (Int(self[value].start), Int(self[value].end))
    guard start == end, self[value].kind == .scalar, Int(self[key].end) <= start else { return false }
    return !source.bytes[Int(self[key].end)..<start].contains(ASCII.colon)
  }
}
