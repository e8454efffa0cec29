/// Reads one YAML document that is written as most are, several times faster than libyaml; any other it leaves alone.
///
/// **The law**: it makes the very table of nodes that `YAMLReader` makes, or none. It never takes what libyaml refuses,
/// and never reads anything differently. Where it has the slightest doubt it gives up, and libyaml reads the document
/// from its beginning; so every error is libyaml's, and this reader has none of its own.
///
/// **What it takes**
/// - Text in UTF-8 whose lines end in a line feed, the last one too; `---` before it, `...` after it; comments.
/// - Block maps and lists, a list at its key's column too, and `- ` in front of a key or of another `- `; entries
///   without a value.
/// - Flow maps and lists, over several lines too: keys that are scalars, every key with a value, `,` after the last.
/// - Scalars on one line: plain, in single quotes, and in double quotes with `\"`, `\\`, `\n`, `\r` and `\t`; beside
///   their key or dash, or on a line below it.
/// - Block scalars, literal and folded, whose first line is not blank.
///
/// **What it leaves to libyaml**, among all that is not named above
/// - Anchors, aliases, tags and directives; keys that are marked with `? `, or are lists or maps.
/// - Plain and quoted scalars over several lines; other escapes; a comment or the indentation in the header of a block
///   scalar.
/// - Carriage returns, byte order marks, and the line breaks that only YAML 1.1 knows; tabs, other than in quotes, in
///   comments and in block scalars; a last line without an end.
/// - A scalar for a whole document; `{a, b}`, `{a: }`, `[a: b]`, `[a:b]`; keys of more than 1,024 bytes; nesting that
///   the `Budget` does not have.
/// - All that is wrong.
///
/// **How it reads**: line by line. A line's column tells which of the open collections it belongs to; deeper ones end
/// there. What a collection still waits for, the value of its last key or dash, is `vacancy`: it is filled by what
/// comes beside or below it, or by nothing. That the last line ends in a line feed is what every scan relies on: none of
/// them goes on past one without looking where the document ends.
///
/// `PlainReaderTests` hold the law on every fixture and example, on generated documents and on mutations of all these,
/// and see to it that most of them are taken; so does fuzzing.
package struct PlainReader {
  /// Why the reader gives up: here is something it does not know.
  struct Unusual: Error {}

  struct OpenCollection {
    let node: Int
    /// The column of its keys or dashes; the bracket's means nothing.
    let column: Int
    let isMapping: Bool
  }

  let bytes: [UInt8]
  let lines: LineBreaks
  let end: Int
  var index: Int
  var nodes: [NodeRecord] = []
  var scratch: [UInt8] = []
  /// The collections around what comes next, outermost first.
  var open: [OpenCollection] = []
  /// Where the value would stand that the innermost collection, or else the document, waits for; nil where it waits
  /// for none.
  var vacancy: Int?
  /// Where the last scalar or collection ended: there end the block collections that end with it.
  var reached: Int32 = 0

  /// Reads the document in this range of the source; nil for one that libyaml has to read.
  package static func read(_ range: Range<Int>, of source: SourceText) -> Document? {
    guard source.bytes.count < Int(Int32.max), PlainText.isHeld(in: source.bytes, range) else { return nil }
    var reader = PlainReader(range, of: source.bytes)
    do throws(Unusual) {
      try reader.readDocument()
    } catch {
      return nil
    }
    return Document(source: source, range: range, format: .yaml, nodes: reader.nodes, scratch: reader.scratch)
  }

  private init(_ range: Range<Int>, of bytes: [UInt8]) {
    self.bytes = bytes
    lines = LineBreaks(bytes: bytes, range: range, isYAML: true)
    index = range.lowerBound
    end = range.upperBound
    vacancy = index
    nodes.reserveCapacity(range.count / 12 + 8)
    open.reserveCapacity(16)
  }

  // MARK: Lines

  private mutating func readDocument() throws(Unusual) {
    var isMarked = false
    while index < end {
      let line = index
      skipSpaces()
      switch bytes[index] {
      case ASCII.lineFeed: index += 1
      case ASCII.hash: skipLine()
      case ASCII.dash where index == line && isMarker():
        guard !isMarked, nodes.isEmpty else { throw Unusual() }
        isMarked = true
        index += 3
        try endLine()
      case ASCII.dot where index == line && isMarker():
        guard !nodes.isEmpty else { throw Unusual() }
        closeAll()
        index += 3
        try endLine()
      default: try readLine(at: index - line)
      }
    }
    closeAll()
    // An empty value has its place where libyaml finds the end.
    if isMarked, nodes.isEmpty { throw Unusual() }
  }

  /// True for `---` or `...` with white space after it; to be asked where a line begins.
  private func isMarker() -> Bool {
    guard index + 3 < end, bytes[index + 1] == bytes[index], bytes[index + 2] == bytes[index] else { return false }
    return ASCII.isWhite(bytes[index + 3])
  }

  /// Reads a line from its first byte that is not a space, and the lines below it that only belong to its last value.
  private mutating func readLine(at column: Int) throws(Unusual) {
    var column = column
    try settle(at: column, isDash: isDash())
    while isDash() {
      if vacancy != nil { try openCollection(.sequence, at: column) }
      let dash = index
      index += 1
      vacancy = index
      skipSpaces()
      if skipLineEnd() { return }
      column += index - dash
    }
    try readNode(keyColumn: column)
  }

  /// Ends the collections that a line at this column does not belong to, and the entry that waits for a value where
  /// this line is none.
  private mutating func settle(at column: Int, isDash: Bool) throws(Unusual) {
    if vacancy != nil {
      guard let inner = open.last else { return }
      if column > inner.column || column == inner.column && isDash && inner.isMapping { return }
      fillVacancy()
    }
    while let inner = open.last, inner.column > column || inner.column == column && !inner.isMapping && !isDash {
      close()
    }
    guard let inner = open.last, inner.column == column, inner.isMapping != isDash else { throw Unusual() }
  }

  /// Reads what stands at a key's place or, without a column for a key, beside one.
  private mutating func readNode(keyColumn: Int?) throws(Unusual) {
    switch bytes[index] {
    case ASCII.openBrace, ASCII.openBracket:
      try readFlow()
      try endLine()
    case ASCII.pipe: try readBlockScalar(.literal)
    case ASCII.greaterThan: try readBlockScalar(.folded)
    default:
      let scalar = try scalar(inFlow: false)
      skipSpaces()
      if let keyColumn, bytes[index] == ASCII.colon, isSpaceOrLineFeed(bytes[index + 1]) {
        try readEntry(scalar, at: keyColumn)
      } else {
        guard vacancy != nil, !open.isEmpty else { throw Unusual() }
        append(scalar)
        try endLine()
      }
    }
  }

  /// Reads on after a key, from its colon.
  private mutating func readEntry(_ key: NodeRecord, at column: Int) throws(Unusual) {
    guard isShortKey(key) else { throw Unusual() }
    if vacancy != nil { try openCollection(.mapping, from: Int(key.start), at: column) }
    append(key)
    index += 1
    vacancy = index
    skipSpaces()
    if !skipLineEnd() { try readNode(keyColumn: nil) }
  }

  /// True where a colon at this place still belongs to the key.
  func isShortKey(_ key: NodeRecord) -> Bool { index - Int(key.start) <= 1024 }

  // MARK: Nodes

  mutating func append(_ scalar: NodeRecord) {
    var scalar = scalar
    scalar.next = Int32(nodes.count + 1)
    nodes.append(scalar)
    vacancy = nil
    reached = scalar.end
  }

  /// The value of a key or dash with nothing after it.
  private mutating func fillVacancy() {
    guard let place = vacancy else { return }
    var empty = record(.scalar, .plain, start: place)
    empty.text = Int32(place)
    append(empty)
  }

  private mutating func openCollection(_ kind: NodeRecord.Kind, at column: Int) throws(Unusual) {
    try openCollection(kind, from: index, at: column)
  }

  private mutating func openCollection(
    _ kind: NodeRecord.Kind, from start: Int, at column: Int
  ) throws(Unusual) {
    try openCollection(record(kind, .block, start: start), at: column)
  }

  /// Opens a collection where a value is waited for.
  mutating func openCollection(_ record: NodeRecord, at column: Int) throws(Unusual) {
    guard vacancy != nil, open.count < Budget.deepest else { throw Unusual() }
    vacancy = nil
    open.append(OpenCollection(node: nodes.count, column: column, isMapping: record.kind == .mapping))
    nodes.append(record)
  }

  /// Ends the innermost collection with the last of what is in it.
  mutating func close() {
    guard let closing = open.popLast() else { return }
    nodes[closing.node].end = reached
    nodes[closing.node].next = Int32(nodes.count)
  }

  private mutating func closeAll() {
    if !open.isEmpty { fillVacancy() }
    while !open.isEmpty { close() }
  }

  func record(_ kind: NodeRecord.Kind, _ style: NodeRecord.Style, start: Int) -> NodeRecord {
    NodeRecord(kind: kind, style: style, start: Int32(start), contentStart: Int32(start), end: Int32(start))
  }

  // MARK: Bytes

  /// True for a dash with white space after it.
  private func isDash() -> Bool { bytes[index] == ASCII.dash && isSpaceOrLineFeed(bytes[index + 1]) }

  func isSpaceOrLineFeed(_ byte: UInt8) -> Bool { byte == ASCII.space || byte == ASCII.lineFeed }

  mutating func skipSpaces() { index = firstBeyondSpaces(from: index) }

  /// The first byte from one on that is no space.
  func firstBeyondSpaces(from start: Int) -> Int {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      var place = start
      while place < bytes.count, unsafe bytes[place] == ASCII.space { place &+= 1 }
      return place
    }
  }

  /// Passes over everything up to the next line.
  mutating func skipLine() {
    while bytes[index] != ASCII.lineFeed { index += 1 }
    index += 1
  }

  /// Passes over the end of a line with or without a comment in front of it; false where something else stands there.
  private mutating func skipLineEnd() -> Bool {
    let isEnd = bytes[index] == ASCII.lineFeed || bytes[index] == ASCII.hash && bytes[index - 1] == ASCII.space
    if isEnd { skipLine() }
    return isEnd
  }

  private mutating func endLine() throws(Unusual) {
    skipSpaces()
    if !skipLineEnd() { throw Unusual() }
  }
}
