/// Puts back the text a value had.
extension Splicer {
  /// Puts a former text in the place of a node: where the node stands or, where that is below its key and the text
  /// was not, or the other way about, where the text was.
  mutating func restore(_ former: FormerText, to node: NodeID, _ slot: Slot) {
    replaced.append(node)
    let content = Int(document[node].contentStart)..<Int(document[node].end)
    let isInFlow = slot.parent.map { document[$0].style == .flow } ?? true
    let standsBelow = !isInFlow && !content.isEmpty && document.isFirstOnItsLine(content.lowerBound)
    if standsBelow == former.isBelow || isInFlow {
      restoreInPlace(former.text, content)
    } else if standsBelow {
      restoreBeside(former.text, node, slot)
    } else {
      restoreBelow(former.text, content, slot)
    }
  }

  private mutating func restoreInPlace(_ text: [UInt8], _ content: Range<Int>) {
    let bytes = document.source.bytes
    var start = content.lowerBound
    if text.isEmpty {
      while start > document.range.lowerBound, ASCII.isBlank(bytes[start - 1]) { start -= 1 }
    }
    let isTight = content.isEmpty && !text.isEmpty && start > 0 && !ASCII.isWhite(bytes[start - 1])
    edits.append(TextEdit(start..<content.upperBound, (isTight ? [ASCII.space] : []) + text))
  }

  /// The value's lines go, and the text stands after the key's colon or the dash again, before any comment.
  private mutating func restoreBeside(_ text: [UInt8], _ node: NodeID, _ slot: Slot) {
    let content = Int(document[node].contentStart)..<Int(document[node].end)
    let place = behindIndicator(of: node, slot)
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
  func behindIndicator(of node: NodeID, _ slot: Slot) -> Int {
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
