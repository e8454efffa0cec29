/// Scalars: on one line, or in block style.
extension PlainReader {
  // MARK: Scalars on one line

  /// Passes over a scalar that ends on its line.
  mutating func scalar(inFlow: Bool) throws(Unusual) -> NodeRecord {
    switch bytes[index] {
    case ASCII.doubleQuote: try quoted(.doubleQuoted)
    case ASCII.singleQuote: try quoted(.singleQuoted)
    default: try plain(inFlow: inFlow)
    }
  }

  private mutating func plain(inFlow: Bool) throws(Unusual) -> NodeRecord {
    try checkFirst(inFlow: inFlow)
    var scalar = record(.scalar, .plain, start: index)
    index += 1
    try skipPlain(inFlow: inFlow)
    while bytes[index - 1] == ASCII.space { index -= 1 }
    scalar.end = Int32(index)
    scalar.text = scalar.start
    scalar.textLength = scalar.end - scalar.start
    return scalar
  }

  /// Gives up where the next byte means something at the beginning of a scalar.
  private func checkFirst(inFlow: Bool) throws(Unusual) {
    if isWordByte(bytes[index]) { return }
    switch bytes[index] {
    case ASCII.space, ASCII.tab, ASCII.lineFeed, ASCII.question, ASCII.colon, ASCII.comma, ASCII.hash,
      ASCII.openBrace, ASCII.closeBrace, ASCII.openBracket, ASCII.closeBracket, ASCII.ampersand, ASCII.asterisk,
      ASCII.exclamation, ASCII.pipe, ASCII.greaterThan, ASCII.percent, UInt8(ascii: "@"), UInt8(ascii: "`"):
      throw Unusual()
    case ASCII.dash:
      let next = bytes[index + 1]
      // Between brackets `---` may be taken for the beginning of a document, and `-` for that of an entry.
      if isSpaceOrLineFeed(next) || next == ASCII.tab || inFlow && !isWordByte(next) { throw Unusual() }
    case ASCII.dot: if inFlow, bytes[index + 1] == ASCII.dot { throw Unusual() }
    default: break
    }
  }

  private func isWordByte(_ byte: UInt8) -> Bool { ASCII.isLetter(byte) || ASCII.isDigit(byte) }

  /// Goes to where a plain scalar ends, with the spaces after it: at a line feed, a comment, a colon or a bracket.
  private mutating func skipPlain(inFlow: Bool) throws(Unusual) {
    var place = index
    defer { index = place }
    while true {
      place = nextStop(from: place, inFlow: inFlow)
      switch bytes[place] {
      case ASCII.lineFeed: return
      case ASCII.colon:
        if isSpaceOrLineFeed(bytes[place + 1]) { return }
        if inFlow { throw Unusual() }
      case ASCII.hash: if bytes[place - 1] == ASCII.space { return }
      case ASCII.tab: throw Unusual()
      case ASCII.comma, ASCII.openBrace, ASCII.closeBrace, ASCII.openBracket, ASCII.closeBracket:
        if inFlow { return }
      case ASCII.question: if inFlow { throw Unusual() }
      default: break
      }
      place += 1
    }
  }

  /// Where the next byte stands that `skipPlain` has to look at; a line feed is one.
  private func nextStop(from start: Int, inFlow: Bool) -> Int {
    let mask: UInt8 = inFlow ? 2 : 1
    return unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe PlainReader.stops.withUnsafeBufferPointer { stops in
        var place = start
        while place < bytes.count, unsafe stops[Int(bytes[place])] & mask == 0 { place &+= 1 }
        return place
      }
    }
  }

  /// For each byte, whether a plain scalar may end at it: 1 outside of brackets, 2 between them.
  private static let stops: [UInt8] = ByteText.table(["\n:#\t": 3, ",{}[]?": 2], usual: 0)

  private mutating func quoted(_ style: NodeRecord.Style) throws(Unusual) -> NodeRecord {
    var scalar = record(.scalar, style, start: index)
    let quote = bytes[index]
    index += 1
    let start = index
    try skipVerbatim(quote)
    if style == .singleQuoted ? bytes[index + 1] == quote : bytes[index] == ASCII.backslash {
      scalar.isDecoded = true
      scalar.text = Int32(scratch.count)
      try decode(from: start, style, quote)
      scalar.textLength = Int32(scratch.count) - scalar.text
    } else {
      scalar.text = Int32(start)
      scalar.textLength = Int32(index - start)
    }
    index += 1
    scalar.end = Int32(index)
    return scalar
  }

  /// Goes to the next quote or, in double quotes, backslash.
  private mutating func skipVerbatim(_ quote: UInt8) throws(Unusual) {
    while bytes[index] != quote, bytes[index] != ASCII.backslash || quote == ASCII.singleQuote {
      if bytes[index] == ASCII.lineFeed { throw Unusual() }
      index += 1
    }
  }

  /// Copies a text in quotes without what is escaped in it, and goes to the quote that ends it.
  private mutating func decode(from start: Int, _ style: NodeRecord.Style, _ quote: UInt8) throws(Unusual) {
    var start = start
    while true {
      try skipVerbatim(quote)
      scratch += bytes[start..<index]
      if bytes[index] == quote, style == .doubleQuoted || bytes[index + 1] != quote { return }
      scratch.append(style == .singleQuoted ? quote : try escaped(bytes[index + 1]))
      index += 2
      start = index
    }
  }

  private func escaped(_ byte: UInt8) throws(Unusual) -> UInt8 {
    switch byte {
    case ASCII.doubleQuote, ASCII.backslash: byte
    case UInt8(ascii: "n"): ASCII.lineFeed
    case UInt8(ascii: "r"): ASCII.carriageReturn
    case UInt8(ascii: "t"): ASCII.tab
    default: throw Unusual()
    }
  }

  // MARK: Block scalars

  /// Reads a block scalar from its `|` or `>`, and goes to the line after it.
  mutating func readBlockScalar(_ style: NodeRecord.Style) throws(Unusual) {
    guard vacancy != nil, let parent = open.last else { throw Unusual() }
    var scalar = record(.scalar, style, start: index)
    index += 1
    let chomping = bytes[index]
    if chomping == ASCII.dash || chomping == ASCII.plus { index += 1 }
    guard bytes[index] == ASCII.lineFeed, index + 1 < end else { throw Unusual() }
    index += 1
    scalar.isDecoded = true
    scalar.text = Int32(scratch.count)
    let breaks = try keepLines(indentedBy: try indentation(below: parent.column), isFolded: style == .folded)
    appendLineFeeds(chomping == ASCII.plus ? breaks : chomping == ASCII.dash ? 0 : 1)
    scalar.textLength = Int32(scratch.count) - scalar.text
    scalar.end = Int32(index)
    scalar.end = Int32(BlockScalarText(scalar, in: lines, parentColumn: parent.column).end)
    append(scalar)
  }

  /// How far the first line of a block scalar is indented; that line must have text.
  private func indentation(below parent: Int) throws(Unusual) -> Int {
    let first = firstBeyondSpaces(from: index)
    guard first - index > parent, bytes[first] != ASCII.lineFeed, bytes[first] != ASCII.tab else { throw Unusual() }
    return first - index
  }

  /// Copies the lines that are indented so far, and says how many line feeds follow the last of them.
  private mutating func keepLines(indentedBy column: Int, isFolded: Bool) throws(Unusual) -> Int {
    var breaks = 0
    var wasBlank = false
    while index < end {
      let start = min(firstBeyondSpaces(from: index), index + column)
      let first = bytes[start]
      if first == ASCII.lineFeed {
        breaks += 1
        index = start + 1
        continue
      }
      guard start == index + column else {
        if first == ASCII.tab { throw Unusual() }
        break
      }
      let isBlank = ASCII.isBlank(first)
      if isFolded, breaks > 0, !isBlank, !wasBlank { fold(breaks) } else { appendLineFeeds(breaks) }
      let lineEnd = ByteText.firstIndex(of: ASCII.lineFeed, in: bytes, start..<end) ?? end
      scratch += bytes[start..<lineEnd]
      index = lineEnd + 1
      breaks = 1
      wasBlank = isBlank
    }
    return breaks
  }

  /// Joins two lines, neither of which begins with a blank.
  private mutating func fold(_ breaks: Int) {
    if breaks == 1 { scratch.append(ASCII.space) } else { appendLineFeeds(breaks - 1) }
  }

  private mutating func appendLineFeeds(_ count: Int) {
    for _ in 0..<count { scratch.append(ASCII.lineFeed) }
  }
}
