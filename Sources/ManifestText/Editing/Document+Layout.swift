/// How the neighbours of an edit are laid out.
extension Document {
  /// The block layout around a place: what the innermost of the collections around it shows.
  ///
  /// `ancestors` are the collections around the place, outermost first.
  func blockStyle(around ancestors: [NodeID], near offset: Int) -> BlockStyle {
    var style = BlockStyle(newline: newline(near: offset))
    var seen = Evidence()
    for ancestor in ancestors.reversed() where !seen.isComplete {
      gather(&seen, in: ancestor)
    }
    style.indentStep = seen.indentStep ?? style.indentStep
    style.sequenceOffset = seen.sequenceOffset ?? style.sequenceOffset
    style.dashGap = seen.dashGap ?? style.dashGap
    return style
  }

  private struct Evidence {
    var indentStep: Int?
    var sequenceOffset: Int?
    var dashGap: Int?
    var isComplete: Bool { indentStep != nil && sequenceOffset != nil && dashGap != nil }
  }

  private func gather(_ seen: inout Evidence, in ancestor: NodeID) {
    var index = ancestor.index
    while index < Int(self[ancestor].next), !seen.isComplete {
      let node = NodeID(index)
      if self[node].style == .block {
        if self[node].kind == .mapping { gatherFromMapping(&seen, node) }
        if self[node].kind == .sequence { gatherFromSequence(&seen, node) }
      }
      index += 1
    }
  }

  private func gatherFromMapping(_ seen: inout Evidence, _ map: NodeID) {
    let column = column(of: Int(self[map].contentStart))
    for (_, value) in entries(of: map) where self[value].style == .block {
      let distance = self.column(of: Int(self[value].contentStart)) - column
      if self[value].kind == .mapping, distance > 0 { seen.indentStep = seen.indentStep ?? distance }
      if self[value].kind == .sequence, distance >= 0 { seen.sequenceOffset = seen.sequenceOffset ?? distance }
      if seen.indentStep != nil, seen.sequenceOffset != nil { return }
    }
  }

  private func gatherFromSequence(_ seen: inout Evidence, _ list: NodeID) {
    guard seen.dashGap == nil, let first = items(of: list).first(where: { _ in true }) else { return }
    let dash = Int(self[list].contentStart)
    let distance = Int(self[first].start) - dash
    let isOnOneLine = distance > 1 && source.bytes[dash + 1..<dash + distance].allSatisfy { $0 == ASCII.space }
    if isOnOneLine { seen.dashGap = distance }
  }

  /// How new elements of a collection in flow style are laid out: nil for all on one line.
  func flowLines(of collection: NodeID) -> FlowWriter.Lines? {
    let start = Int(self[collection].contentStart)
    let line = lineStart(of: start)
    guard let first = firstChild(of: collection) else { return linesOfEmptyCollection(collection) }
    let childLine = lineStart(of: Int(self[first].start))
    guard childLine > start else { return nil }
    let outer = indent(ofLine: line)
    let inner = indent(ofLine: childLine)
    let unit = inner.starts(with: outer) ? Array(inner.dropFirst(outer.count)) : Array(inner)
    return FlowWriter.Lines(newline: newline(near: childLine), indent: Array(outer), unit: unit)
  }

  /// An empty collection opens up where its document is JSON over several lines.
  private func linesOfEmptyCollection(_ collection: NodeID) -> FlowWriter.Lines? {
    guard format == .json, let root, let outermost = flowLinesOfRoot(root) else { return nil }
    let line = lineStart(of: Int(self[collection].contentStart))
    return FlowWriter.Lines(
      newline: outermost.newline, indent: Array(indent(ofLine: line)), unit: outermost.unit)
  }

  private func flowLinesOfRoot(_ root: NodeID) -> FlowWriter.Lines? {
    firstChild(of: root) == nil ? nil : flowLines(of: root)
  }

  func firstChild(of collection: NodeID) -> NodeID? {
    let next = collection.index + 1
    return next < Int(self[collection].next) ? NodeID(next) : nil
  }

  /// The writer for new values in this collection, which is in flow style.
  func flowWriter(in collection: NodeID) -> FlowWriter {
    FlowWriter(
      spelling: format == .json ? .json : .yaml, spaced: isSpaced, lines: flowLines(of: collection))
  }

  /// True where a space stands behind the colon of the first entry, as everywhere but in minified JSON.
  private var isSpaced: Bool {
    guard format == .json, let root, let key = firstChild(of: root) else { return true }
    let value = NodeID(Int(self[key].next))
    guard value.index < nodes.count else { return true }
    return source.bytes[Int(self[key].end)..<Int(self[value].start)].contains(where: ASCII.isWhite)
  }
}
