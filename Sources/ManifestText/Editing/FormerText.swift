/// The text a value had before it gave way to another, as much of it as that took away.
package struct FormerText: Equatable, Sendable {
  /// The text, without the white space in front of it.
  package var text: [UInt8]
  /// True where it began a line of its own, below its key or dash.
  package var isBelow: Bool
  /// The column further lines of the text are counted from: its own or, beside a key, that of the key's map; 0 for
  /// one line beside a key.
  package var column: Int

  /// Beyond any column that text stands in.
  package static let mostColumns = 1_000_000

  /// Puts the three together.
  package init(text: [UInt8], isBelow: Bool, column: Int) {
    self.text = text
    self.isBelow = isBelow
    self.column = column
  }

  /// True where the column matters: the text has further lines.
  package var isIndented: Bool { lines.lineBreak(after: 0) < text.count }

  private var lines: LineBreaks { LineBreaks(bytes: text, range: text.indices, isYAML: true) }

  /// What the text means by itself; nil where that needs the rest of its document, as an alias does.
  package var value: Value? {
    guard !text.isEmpty else { return .null }
    let head = isBelow ? [UInt8](repeating: ASCII.space, count: column) : Array("--- ".utf8)
    return FormerText.value(of: head + text)
  }

  /// True where the text can stand as it is in a document of this format, or between its brackets.
  func canStand(in format: Format, isInFlow: Bool) -> Bool {
    guard let value else { return format == .yaml }
    if format == .json { return Value(json: text) == value }
    // A list would not tell: in brackets, `a: b` is a map without braces.
    let bracketed = Array("{key: ".utf8) + text + [ASCII.closeBrace]
    return !isInFlow || FormerText.value(of: bracketed) == ["key": value]
  }

  private static func value(of bytes: [UInt8]) -> Value? {
    do throws(Diagnostic) {
      let document = try YAMLReader.read(bytes.indices, of: SourceText(name: "former text", bytes: bytes))
      return try document.root.map { (root) throws(Diagnostic) in try document.value(of: root) } ?? .null
    } catch {
      return nil
    }
  }

  /// The text with its further lines moved sideways, as far as they have white space to give.
  package func moved(to column: Int) -> FormerText {
    let distance = column - self.column
    guard distance != 0, isIndented else { return self }
    var moved: [UInt8] = []
    var index = 0
    while index < text.count {
      let lineBreak = lines.lineBreak(after: index)
      let lineEnd = lineBreak + lines.length(at: lineBreak)
      var line = text[index..<lineEnd]
      let isBlank = text[index..<lineBreak].allSatisfy(ASCII.isBlank)
      if index > 0, !isBlank {
        if distance > 0 { moved += [UInt8](repeating: ASCII.space, count: distance) }
        let indent = line.prefix { $0 == ASCII.space }.count
        line = line.dropFirst(distance < 0 ? min(-distance, indent) : 0)
      }
      moved += line
      index = lineEnd
    }
    return FormerText(text: moved, isBelow: isBelow, column: column)
  }
}

extension Document {
  /// The text of a node that a value takes the place of.
  ///
  /// A list or map in block style keeps its anchor and tag when another takes its place.
  package func formerText(of node: NodeID, in parent: NodeID, replacedBy value: Value) -> FormerText {
    let record = self[node]
    let keepsProperties =
      record.style == .block && value.isNonEmptyCollection
      && record.kind == (value.array == nil ? .mapping : .sequence)
    let start = Int(keepsProperties ? record.contentStart : record.start)
    guard start < Int(record.end) else { return FormerText(text: [], isBelow: false, column: 0) }
    var text = FormerText(
      text: Array(source.bytes[start..<Int(record.end)]), isBelow: isFirstOnItsLine(start), column: 0)
    if text.isBelow || text.isIndented {
      text.column = column(of: text.isBelow ? start : Int(self[resolved(parent)].contentStart))
    }
    return text
  }

  /// How a value of a map is to be spelt elsewhere: as it is, and in quotes where it is not text but is to be.
  package func spelling(ofText node: NodeID, in map: NodeID) -> FormerText {
    let text = text(of: node)
    return isString(node)
      ? formerText(of: node, in: map, replacedBy: .string(text))
      : FormerText(text: JSONWriter.compact(.string(text)), isBelow: false, column: 0)
  }

  /// How another text is to be spelt in the place of a value that stands in quotes: in the same; nil where it stands in
  /// none, or they do not hold the text as it is.
  package func spelling(of text: String, inQuotesOf node: NodeID, in map: NodeID) -> FormerText? {
    var former = formerText(of: node, in: map, replacedBy: .string(text))
    guard let quote = former.text.first, quote == ASCII.doubleQuote || quote == ASCII.singleQuote else { return nil }
    former.text = [quote] + Array(text.utf8) + [quote]
    return former.isIndented || former.value != .string(text) ? nil : former
  }

  /// The comment after a value of a map on its line, with the white space before it; empty where there is none, or where
  /// it could not stand after the value elsewhere.
  package func comment(after node: NodeID, in map: NodeID) -> [UInt8] {
    guard self[resolved(map)].style == .block else { return [] }
    let rest = source.bytes[Int(self[node].end)..<range.upperBound].prefix { !ASCII.isBreak($0) }
    let words = rest.drop(while: ASCII.isBlank)
    return words.first == UInt8(ascii: "#") && words.count < rest.count ? Array(rest) : []
  }

  /// True for a value of a map in block style that nothing stands after on its line.
  package func endsLine(_ node: NodeID, in map: NodeID) -> Bool {
    let end = Int(self[node].end)
    return self[resolved(map)].style == .block
      && (end == range.upperBound || ASCII.isBreak(source.bytes[end])) && !isLineStart(end)
  }

  /// True where only white space stands in front of an offset on its line.
  func isFirstOnItsLine(_ offset: Int) -> Bool {
    var index = offset
    while index > lineFloor, ASCII.isBlank(source.bytes[index - 1]) { index -= 1 }
    return index == lineFloor || isLineStart(index)
  }

  /// A former text as it has to be indented in the place of this node.
  func fitted(_ text: FormerText, to node: NodeID, in parent: NodeID) -> FormerText {
    // Between brackets nothing is counted from the column of the parent, which moves with what is written before it.
    if self[resolved(parent)].style == .flow { return text }
    let start = Int(self[node].contentStart)
    let column = text.isBelow && isFirstOnItsLine(start) ? start : Int(self[resolved(parent)].contentStart)
    return text.moved(to: self.column(of: column))
  }
}
