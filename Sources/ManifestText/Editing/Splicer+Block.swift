/// Edits of collections in block style: whole lines, at the column of their neighbours.
extension Splicer {
  /// Adds entries after the last line of a map.
  mutating func addBlock(_ members: [Value.Member], to map: NodeID) {
    insertLines(after: map) { writer, column in writer.append(members, at: column) }
  }

  /// Adds elements after the last line of a list.
  mutating func appendBlock(_ values: [Value], to list: NodeID) {
    insertLines(after: list) { writer, column in writer.append(values, at: column) }
  }

  /// Adds elements in front of an element, above the comments that stand directly on top of it.
  mutating func insertBlock(_ values: [Value], into list: NodeID, before index: Int) {
    if index > 0 {
      let items = Array(document.items(of: list))
      return insertLines(after: items[index - 1], column: column(of: list)) { $0.append(values, at: $1) }
    }
    let dash = Int(document[list].contentStart)
    let line = document.lineStart(of: dash)
    var writer = writer(near: dash)
    if document.source.bytes[line..<dash].allSatisfy({ $0 == ASCII.space }) {
      writer.append(values, at: dash - line)
      let place = startOfComments(above: line)
      edits.append(TextEdit(place..<place, writer.output))
    } else {
      writer.append(values, at: column(of: list), indentingFirst: false)
      let indent = [UInt8](repeating: ASCII.space, count: column(of: list))
      edits.append(TextEdit(dash..<dash, writer.output + indent))
    }
  }

  /// Replaces a node by a list or map in block style.
  mutating func replaceBlock(_ node: NodeID, with value: Value, _ slot: Slot) {
    let record = document[node]
    let isSameKind =
      record.style == .block && record.kind == (value.array == nil ? .mapping : .sequence)
    if isSameKind {
      replaceInPlace(Int(record.contentStart)..<Int(record.end), with: value)
    } else if standsBelow(node) {
      // On the next line, where a list would stand in the column of its key, undoing could not put it back.
      replaceInPlace(document.range(of: node), with: value)
    } else if slot.role == .item, !isFollowedByComment(node) {
      replaceInPlace(document.range(of: node), with: value, gap: record.start == record.end)
    } else {
      replaceOnNextLine(node, with: value, slot)
    }
  }

  /// Replaces a node by a value that stands on one line or in brackets.
  mutating func replaceInline(_ node: NodeID, with value: Value, _ slot: Slot) {
    let range = document.range(of: node)
    let parentIsFlow = slot.parent.map { document[$0].style == .flow } ?? false
    var text: [UInt8] = []
    if range.isEmpty, range.lowerBound > 0, !mayBegin(value, at: range.lowerBound, isInFlow: parentIsFlow) {
      text.append(ASCII.space)
    }
    if case .string(let string) = value, !parentIsFlow, document.format == .yaml {
      ScalarSpelling.append(string, to: &text, in: .block)
    } else if let parent = slot.parent, parentIsFlow {
      writer(insideLineOf: parent).append(value, to: &text)
    } else {
      FlowWriter(spelling: document.format == .json ? .json : .yaml).append(value, to: &text)
    }
    if takesLineBreak(range) { text += document.newline(near: range.lowerBound) }
    edits.append(TextEdit(range, text))
  }

  // MARK: Where and how

  /// True where a value can stand without a space in front of it, which undoing would have to tell from the white
  /// space that was there: after white space and, between brackets, after `"key":` or before a bracket of its own.
  private func mayBegin(_ value: Value, at offset: Int, isInFlow: Bool) -> Bool {
    let bytes = document.source.bytes
    if ASCII.isWhite(bytes[offset - 1]) { return true }
    guard isInFlow, bytes[offset - 1] == ASCII.colon else { return false }
    return value.isNonEmptyCollection
      || offset > 1 && [ASCII.doubleQuote, ASCII.singleQuote].contains(bytes[offset - 2])
  }

  /// True for a text whose last line break is its own: a block scalar ends it that keeps its blank lines.
  private func takesLineBreak(_ range: Range<Int>) -> Bool { !range.isEmpty && document.isLineStart(range.upperBound) }

  /// True where a text ends its line, without so much as a space after it.
  private func hasNothingBeside(_ range: Range<Int>) -> Bool {
    takesLineBreak(range) || document.lineBreak(after: range.upperBound) == range.upperBound
  }

  private func writer(insideLineOf parent: NodeID) -> FlowWriter {
    var lines = document.flowLines(of: parent)
    if let outer = lines { lines?.indent = outer.indent + outer.unit }
    if document.format == .yaml { lines = nil }
    let writer = document.flowWriter(in: parent)
    return FlowWriter(spelling: writer.spelling, spaced: writer.spaced, lines: lines)
  }

  private mutating func replaceInPlace(_ range: Range<Int>, with value: Value, gap: Bool = false) {
    let column = document.column(of: range.lowerBound) + (gap ? 1 : 0)
    var writer = writer(near: range.lowerBound)
    writer.allowsLiterals =
      document.startOfLine(after: range.upperBound).map {
        hasNothingBeside(range) && !isFollowedByText($0, deeperThan: column)
      } ?? false
    writer.append(collection: value, at: column)
    let text = writer.output.dropLast(takesLineBreak(range) ? 0 : writer.style.newline.count)
    edits.append(TextEdit(range, (gap ? [ASCII.space] : []) + text))
  }

  /// Leaves the key or dash on its line, with its comment, and puts the value on the lines after it.
  private mutating func replaceOnNextLine(_ node: NodeID, with value: Value, _ slot: Slot) {
    let range = document.range(of: node)
    let bytes = document.source.bytes
    var start = range.lowerBound
    while start > 0, ASCII.isBlank(bytes[start - 1]) { start -= 1 }
    let tabs = tabsThatMayNotStay(after: node, slot)
    if start < tabs.upperBound { edits.append(TextEdit(start..<tabs.upperBound, tabs.isEmpty ? [] : [ASCII.space])) }
    guard let parent = slot.parent else { return }
    let style = blockStyle(near: range.lowerBound)
    let offset = slot.role == .item ? style.dashGap : value.array == nil ? style.indentStep : style.sequenceOffset
    insertLines(after: node, column: column(of: parent) + offset) { writer, column in
      switch value {
      case .array(let elements): writer.append(elements, at: column)
      case .object(let members): writer.append(members, at: column)
      default: break
      }
    }
  }

  /// The white space in front of a comment where a tab is in it, and where YAML allows none once the node is gone:
  /// directly after a dash, or after the colon of a `? key`.
  private func tabsThatMayNotStay(after node: NodeID, _ slot: Slot) -> Range<Int> {
    let end = Int(document[node].end)
    let blanks = document.source.bytes[end..<document.range.upperBound].prefix(while: ASCII.isBlank)
    let indicator = afterIndicator(of: node, slot) - 1
    let isStrict = slot.role == .item || document.isFirstOnItsLine(indicator)
    return isStrict && blanks.contains(ASCII.tab) ? blanks.indices : end..<end
  }

  /// True for a node on a line of its own, below its key or dash.
  private func standsBelow(_ node: NodeID) -> Bool {
    let range = document.range(of: node)
    return !range.isEmpty && document.isFirstOnItsLine(range.lowerBound)
  }

  private func isFollowedByComment(_ node: NodeID) -> Bool {
    let end = Int(document[node].end)
    return document.source.bytes[end..<document.lineBreak(after: end)].contains(ASCII.hash)
  }

  func column(of collection: NodeID) -> Int {
    document.column(of: Int(document[collection].contentStart))
  }

  private mutating func writer(near offset: Int) -> BlockWriter {
    BlockWriter(style: blockStyle(near: offset), knowing: constants)
  }

  /// Puts whole lines after the last line of a node.
  ///
  /// Where the input ends without a line ending, it still does so afterwards.
  private mutating func insertLines(
    after node: NodeID, column: Int? = nil, _ write: (inout BlockWriter, _ column: Int) -> Void
  ) {
    insertLines(after: node, column ?? self.column(of: node), write)
  }

  /// Gives a value to a key without a colon: `? key`.
  mutating func addValue(_ value: Value, to key: NodeID, in map: NodeID) {
    insertLines(after: key, column(of: map)) { writer, column in writer.append(explicit: value, at: column) }
  }

  private mutating func insertLines(
    after node: NodeID, _ column: Int, _ write: (inout BlockWriter, _ column: Int) -> Void
  ) {
    let end = Int(document[node].end)
    var writer = writer(near: max(end - 1, document.range.lowerBound))
    let place = document.startOfLine(after: end)
    if let place {
      writer.allowsLiterals = !isFollowedByText(place, deeperThan: column)
      write(&writer, column)
      edits.append(TextEdit(place..<place, writer.output))
    } else {
      writer.allowsLiterals = false
      write(&writer, column)
      let newline = writer.style.newline
      let end = document.range.upperBound
      edits.append(TextEdit(end..<end, newline + writer.output.dropLast(newline.count)))
    }
  }

  /// True where white space or a comment follows that would belong to a block scalar written in front of it.
  private func isFollowedByText(_ place: Int, deeperThan column: Int) -> Bool {
    let lines = document.lines
    var index = place
    while index < lines.range.upperBound {
      let indent = document.indent(ofLine: index)
      let lineBreak = lines.lineBreak(after: indent.endIndex)
      let isBlank = lineBreak == indent.endIndex
      guard isBlank || document.source.bytes[indent.endIndex] == ASCII.hash else { return false }
      if indent.count > column { return true }
      index = lineBreak + max(lines.length(at: lineBreak), 1)
    }
    return false
  }

  /// The first of the comment lines that stand directly above a line.
  private func startOfComments(above line: Int) -> Int {
    var start = line
    while start > document.range.lowerBound {
      let above = document.lineStart(of: lineBreak(before: start))
      guard document.source.bytes[above..<start].first(where: { !ASCII.isBlank($0) }) == ASCII.hash else { break }
      start = above
    }
    return start
  }

  /// The first byte of the line break in front of a line.
  func lineBreak(before line: Int) -> Int { line - max(document.lines.length(before: line), 1) }
}
