/// What the block collections of a document show of its layout, each looked through once.
struct BlockLayout {
  private let document: Document
  /// What each collection that was asked for shows by itself.
  private var known: [(ancestor: NodeID, evidence: Evidence)] = []

  init(_ document: Document) { self.document = document }

  /// The block layout around a place: what the innermost of the collections around it shows.
  ///
  /// `ancestors` are the collections around the place, outermost first.
  mutating func style(around ancestors: [NodeID], near offset: Int) -> BlockStyle {
    var style = BlockStyle(newline: document.newline(near: offset))
    var seen = Evidence()
    for ancestor in ancestors.reversed() where !seen.isComplete { seen.complete(by: evidence(in: ancestor)) }
    style.indentStep = seen.indentStep ?? style.indentStep
    style.sequenceOffset = seen.sequenceOffset ?? style.sequenceOffset
    style.dashGap = seen.dashGap ?? style.dashGap
    return style
  }

  private mutating func evidence(in ancestor: NodeID) -> Evidence {
    if let known = known.last(where: { $0.ancestor == ancestor }) { return known.evidence }
    let evidence = Evidence(in: ancestor, of: document)
    known.append((ancestor, evidence))
    return evidence
  }
}

/// The layout that is seen first in a collection and what is inside of it.
private struct Evidence {
  private(set) var indentStep: Int?
  private(set) var sequenceOffset: Int?
  private(set) var dashGap: Int?

  var isComplete: Bool { indentStep != nil && sequenceOffset != nil && dashGap != nil }

  init() {}

  init(in ancestor: NodeID, of document: Document) {
    var index = ancestor.index
    while index < Int(document[ancestor].next), !isComplete {
      let node = NodeID(index)
      if document[node].style == .block {
        if document[node].kind == .mapping { gather(fromMapping: node, of: document) }
        if document[node].kind == .sequence { gather(fromSequence: node, of: document) }
      }
      index += 1
    }
  }

  mutating func complete(by other: Evidence) {
    indentStep = indentStep ?? other.indentStep
    sequenceOffset = sequenceOffset ?? other.sequenceOffset
    dashGap = dashGap ?? other.dashGap
  }

  private mutating func gather(fromMapping map: NodeID, of document: Document) {
    guard indentStep == nil || sequenceOffset == nil else { return }
    let column = document.column(of: Int(document[map].contentStart))
    for (_, value) in document.entries(of: map) where document[value].style == .block {
      let distance = document.column(of: Int(document[value].contentStart)) - column
      if document[value].kind == .mapping, distance > 0 { indentStep = indentStep ?? distance }
      if document[value].kind == .sequence, distance >= 0 { sequenceOffset = sequenceOffset ?? distance }
      if indentStep != nil, sequenceOffset != nil { return }
    }
  }

  private mutating func gather(fromSequence list: NodeID, of document: Document) {
    guard dashGap == nil, let first = document.items(of: list).first(where: { _ in true }) else { return }
    let dash = Int(document[list].contentStart)
    let distance = Int(document[first].start) - dash
    let bytes = document.source.bytes
    let isOnOneLine = distance > 1 && bytes[dash + 1..<dash + distance].allSatisfy { $0 == ASCII.space }
    if isOnOneLine { dashGap = distance }
  }
}

/// How the neighbours of an edit are laid out.
extension Document {
  /// How new elements of a collection in flow style are laid out: nil for all on one line.
  func flowLines(of collection: NodeID) -> FlowWriter.Lines? {
    let start = Int(self[collection].contentStart)
    guard let first = firstChild(of: collection) else { return linesOfEmptyCollection(collection) }
    // Lines that hold a whole document are not searched for their start.
    guard source.bytes[start..<Int(self[first].start)].contains(where: ASCII.isBreak) else { return nil }
    let childLine = lineStart(of: Int(self[first].start))
    let outer = indent(ofLine: lineStart(of: start))
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

  /// True where a part of a document shows the layout of the whole, and its text does so by itself: what stands before it
  /// on its first line is of no account.
  package func isLaidOut(as whole: Document) -> Bool {
    guard let root, let outermost = whole.root, isSpaced == whole.isSpaced else { return false }
    let (own, outer) = (flowLinesOfRoot(root), whole.flowLinesOfRoot(outermost))
    guard own?.newline == outer?.newline, own?.unit == outer?.unit else { return false }
    return own != nil || !source.bytes[range].contains(where: ASCII.isBreak)
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

  /// True where a space stands after the colon of the first entry, as everywhere but in minified JSON.
  private var isSpaced: Bool {
    guard format == .json, let root, let key = firstChild(of: root) else { return true }
    let value = NodeID(Int(self[key].next))
    guard value.index < nodes.count else { return true }
    return source.bytes[Int(self[key].end)..<Int(self[value].start)].contains(where: ASCII.isWhite)
  }
}

/// Lines and columns of a document, as the places where text can be put need them.
extension Document {
  /// The document's lines; they may begin in front of the document, on a line it shares with another.
  var lines: LineBreaks {
    LineBreaks(bytes: source.bytes, range: lineFloor..<range.upperBound, isYAML: format == .yaml)
  }

  /// True for an offset directly after a line break.
  package func isLineStart(_ offset: Int) -> Bool { lines.length(before: offset) > 0 }

  /// The first byte of the input's text, after a byte order mark.
  var lineFloor: Int {
    let hasMark = range.lowerBound == 0 && source.bytes.starts(with: ByteOrderMark.utf8)
    return hasMark ? ByteOrderMark.utf8.count : 0
  }

  /// The number of characters in front of an offset on its line.
  func column(of offset: Int) -> Int { lines.column(of: offset) }

  /// The first byte of the line an offset is on.
  func lineStart(of offset: Int) -> Int { lines.lineStart(of: offset) }

  /// The line break after an offset, or the document's end.
  func lineBreak(after offset: Int) -> Int { lines.lineBreak(after: offset) }

  /// The start of the line after the one that ends an offset's; nil where the input ends on that line.
  func startOfLine(after end: Int) -> Int? {
    if end > range.lowerBound, lines.length(before: end) > 0 {
      return end == range.upperBound && !ASCII.isBreak(source.bytes[end - 1]) ? nil : end
    }
    let lineBreak = lineBreak(after: end)
    return lineBreak < range.upperBound ? lineBreak + lines.length(at: lineBreak) : nil
  }

  /// The white space at the start of a line.
  func indent(ofLine start: Int) -> ArraySlice<UInt8> {
    source.bytes[start..<range.upperBound].prefix(while: ASCII.isBlank)
  }

  /// The line ending next to an offset: the one before it or, on a first line, the one after it.
  ///
  /// What is inserted takes none of those beyond ASCII, which editors do not show as such.
  func newline(near offset: Int) -> [UInt8] {
    let bytes = source.bytes
    let lines = LineBreaks(bytes: bytes, range: bytes.indices, isYAML: false)
    let start = lines.lineStart(of: offset)
    if start > 0 { return Array(bytes[start - lines.length(before: start)..<start]) }
    let end = lines.lineBreak(after: start)
    return end < bytes.count ? Array(bytes[end..<end + lines.length(at: end)]) : [ASCII.lineFeed]
  }
}
