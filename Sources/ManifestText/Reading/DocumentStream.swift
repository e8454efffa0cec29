/// Splits an input into documents without parsing them.
///
/// `---` and `...` at the first column, followed by white space or the end, cannot be content
/// (YAML 1.2 section 9.1.2), so documents can be told apart by lines alone. Objects of JSON that follow
/// one another are told apart by their braces. The pieces cover every byte of the input, in order.
public struct DocumentStream: Sequence, IteratorProtocol, Sendable {
  /// The bytes of one document, its marker and the comments around it included.
  public struct Piece: Equatable, Sendable {
    /// Where it stands in the input.
    public let range: Range<Int>
    /// True where its first character is `{`, which kubectl takes for JSON.
    public let mayBeJSON: Bool

    package init(range: Range<Int>, mayBeJSON: Bool) { (self.range, self.mayBeJSON) = (range, mayBeJSON) }
  }

  private let bytes: [UInt8]
  private let holdsCarriageReturns: Bool
  private var position = 0
  /// The end of the YAML document `position` is in: several objects of JSON may share one.
  private var documentEnd = 0

  /// Prepares to split an input.
  /// - Throws: A `Diagnostic` for an input that is not UTF-8 text: UTF-16, UTF-32, binary data.
  public init(_ source: SourceText) throws(Diagnostic) {
    try TextEncoding.check(source.bytes)
    bytes = source.bytes
    holdsCarriageReturns = ByteText.firstIndex(of: ASCII.carriageReturn, in: bytes, bytes.indices) != nil
  }

  /// The next document, or nil after the last.
  public mutating func next() -> Piece? {
    guard position < bytes.count else { return nil }
    let start = position
    if start >= documentEnd { documentEnd = endOfDocument(from: start) }
    let end = documentEnd
    let content = startOfContent(start, before: end)
    guard content < end, bytes[content] == ASCII.openBrace else {
      position = end
      return Piece(range: start..<end, mayBeJSON: false)
    }
    position = endOfObject(content, before: end) ?? end
    return Piece(range: start..<position, mayBeJSON: true)
  }

  // MARK: YAML markers

  /// After the last line of the document that starts here.
  private func endOfDocument(from start: Int) -> Int {
    var sawOwnMarker = false
    var line = start
    while let marker = nextMarker(from: line) {
      if bytes[marker] == ASCII.dot { return endOfEnds(marker) }
      if sawOwnMarker || holdsContent(start..<marker) { return marker }
      sawOwnMarker = true
      line = marker + 3
    }
    return bytes.count
  }

  /// After a `...` and further ones that follow it, which end the same document.
  private func endOfEnds(_ marker: Int) -> Int {
    var end = endOfLine(marker)
    while let next = nextMarker(from: end), bytes[next] == ASCII.dot, !holdsContent(end..<next) {
      end = endOfLine(next)
    }
    return end
  }

  /// The next `---` or `...` at the start of a line.
  private func nextMarker(from start: Int) -> Int? {
    var candidate: Int? = isLineStart(start) ? start : nextLine(start)
    while let line = candidate {
      if isMarker(line) { return line }
      candidate = nextLine(line)
    }
    return nil
  }

  private func isLineStart(_ index: Int) -> Bool {
    index == 0 || ASCII.isBreak(bytes[index - 1]) || index == ByteOrderMark.utf8.count && startsWithMark
  }

  private var startsWithMark: Bool { bytes.starts(with: ByteOrderMark.utf8) }

  private func isMarker(_ line: Int) -> Bool {
    guard line + 3 <= bytes.count else { return false }
    let first = bytes[line]
    guard first == ASCII.dash || first == ASCII.dot else { return false }
    guard bytes[line + 1] == first, bytes[line + 2] == first else { return false }
    return line + 3 == bytes.count || ASCII.isWhite(bytes[line + 3])
  }

  /// The start of the line after the one that holds this index.
  private func nextLine(_ start: Int) -> Int? {
    guard holdsCarriageReturns else {
      return ByteText.firstIndex(of: ASCII.lineFeed, in: bytes, start..<bytes.count).map { $0 + 1 }
    }
    var index = start
    while index < bytes.count {
      if ASCII.isBreak(bytes[index]) { return index + 1 }
      index += 1
    }
    return nil
  }

  private func endOfLine(_ start: Int) -> Int {
    guard let next = nextLine(start) else { return bytes.count }
    let isCRLF = bytes[next - 1] == ASCII.carriageReturn && next < bytes.count && bytes[next] == ASCII.lineFeed
    return isCRLF ? next + 1 : next
  }

  /// True where a line in this range is neither blank, nor a comment, nor a directive.
  private func holdsContent(_ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    if index == 0, startsWithMark { index = ByteOrderMark.utf8.count }
    while index < range.upperBound {
      let lineStart = isLineStart(index)
      while index < range.upperBound, ASCII.isWhite(bytes[index]) { index += 1 }
      guard index < range.upperBound else { return false }
      let isDirective = bytes[index] == ASCII.percent && lineStart
      guard bytes[index] == ASCII.hash || isDirective else { return true }
      index = nextLine(index) ?? range.upperBound
    }
    return false
  }

  // MARK: JSON objects

  /// The first byte that is not white space, after the document's own marker.
  private func startOfContent(_ start: Int, before end: Int) -> Int {
    var index = start == 0 && startsWithMark ? ByteOrderMark.utf8.count : start
    index = skipWhite(index, before: end)
    if index < end, isLineStart(index), isMarker(index) { index = skipWhite(index + 3, before: end) }
    return index
  }

  private func skipWhite(_ start: Int, before end: Int) -> Int {
    var index = start
    while index < end, ASCII.isWhite(bytes[index]) { index += 1 }
    return index
  }

  /// After the object that opens here, where another object follows it; nil where nothing or
  /// anything else follows, which is for the reader to judge.
  private func endOfObject(_ start: Int, before end: Int) -> Int? {
    guard let close = matchingBrace(start, before: end) else { return nil }
    let next = skipWhite(close, before: end)
    return next < end && bytes[next] == ASCII.openBrace ? close : nil
  }

  private func matchingBrace(_ start: Int, before end: Int) -> Int? {
    var depth = 0
    var index = start
    var inString = false
    while index < end {
      switch bytes[index] {
      case ASCII.backslash where inString: index += 1
      case ASCII.doubleQuote: inString.toggle()
      case ASCII.openBrace where !inString: depth += 1
      case ASCII.closeBrace where !inString:
        depth -= 1
        if depth == 0 { return index + 1 }
      default: break
      }
      index += 1
    }
    return nil
  }
}

extension Document {
  /// Reads one document of a stream.
  ///
  /// A document that begins with `{` is read as JSON, as kubectl does; where it is not JSON but is YAML in flow style,
  /// it is taken for that, unless its file's name ends in `.json`.
  /// - Throws: A `Diagnostic` that points at the first byte that cannot be read.
  public convenience init(_ piece: DocumentStream.Piece, of source: SourceText) throws(Diagnostic) {
    let read = try Document.read(piece, of: source)
    self.init(
      source: source, range: read.range, format: read.format, nodes: read.nodes, scratch: read.scratch,
      expansionFault: read.expansionFault)
  }

  private static func read(_ piece: DocumentStream.Piece, of source: SourceText) throws(Diagnostic) -> Document {
    guard piece.mayBeJSON else { return try yaml(piece.range, of: source) }
    do throws(Diagnostic) {
      return try JSONReader.read(piece.range, of: source)
    } catch {
      guard !source.isNamedJSON, let yaml = flowStyleYAML(piece.range, of: source) else { throw error }
      return yaml
    }
  }

  private static func yaml(_ range: Range<Int>, of source: SourceText) throws(Diagnostic) -> Document {
    if let document = PlainReader.read(range, of: source) { return document }
    return try YAMLReader.read(range, of: source)
  }

  private static func flowStyleYAML(_ range: Range<Int>, of source: SourceText) -> Document? {
    do throws(Diagnostic) {
      return try yaml(range, of: source)
    } catch {
      return nil
    }
  }
}

extension SourceText {
  fileprivate var isNamedJSON: Bool { name.utf8.suffix(5).elementsEqual(".json".utf8) }
}

extension Document {
  /// True for JSON before which there is nothing but white space: no `---`, no byte order mark.
  package var isBareJSON: Bool {
    guard format == .json, let root else { return false }
    return source.bytes[range.lowerBound..<self.range(of: root).lowerBound].allSatisfy(ASCII.isWhite)
  }
}

/// How a text of documents begins, which decides what has to stand between it and a text before it.
package enum StreamOpening: Equatable, Sendable {
  /// Nothing but white space.
  case blank
  /// A `---` on the first line.
  case marker
  /// A directive, or a `---` with blank lines or comments before it: all of it belongs to the document that follows.
  case prologue
  /// Nothing but comments.
  case comments
  /// Content of a document without a `---` of its own.
  case content

  /// Looks at no more bytes than it takes to tell.
  package init(_ bytes: ArraySlice<UInt8>) {
    var reader = Reader()
    self = reader.opening(with: bytes) ?? reader.openingOfAll
  }

  /// Tells how a text begins that is held in pieces, of which the first has a byte order mark as a whole.
  package struct Reader {
    private var line = LineStart()
    private var (isFirst, sawComment) = (true, false)
    private var isBegun = false

    package init() {}

    /// How the text begins; nil where the pieces so far do not tell.
    package mutating func opening(with piece: ArraySlice<UInt8>) -> StreamOpening? {
      let holdsMark = !isBegun && piece.starts(with: ByteOrderMark.utf8)
      isBegun = true
      for byte in holdsMark ? piece.dropFirst(ByteOrderMark.utf8.count) : piece {
        let isBreak = ASCII.isBreak(byte)
        if !isBreak { line.add(byte) }
        if let opening = line.opening(isFirst: isFirst, isOver: isBreak) { return opening }
        guard isBreak else { continue }
        sawComment = sawComment || line.ink != nil
        (line, isFirst) = (LineStart(), false)
      }
      return nil
    }

    /// How the text begins, of which no more is to come.
    package var openingOfAll: StreamOpening {
      line.opening(isFirst: isFirst, isOver: true) ?? (sawComment || line.ink != nil ? .comments : .blank)
    }
  }
}

/// What is known of a line after some of its bytes.
private struct LineStart {
  private static let marker = [ASCII.dash, ASCII.dash, ASCII.dash]

  /// The first bytes: as many as a marker has, and the one after it.
  private var bytes: [UInt8] = []
  /// The first byte that is not a blank.
  private(set) var ink: UInt8?

  mutating func add(_ byte: UInt8) {
    if bytes.count <= LineStart.marker.count { bytes.append(byte) }
    if ink == nil, !ASCII.isBlank(byte) { ink = byte }
  }

  /// What the line makes of the text; nil for a blank line, a comment, and while that cannot be told.
  func opening(isFirst: Bool, isOver: Bool) -> StreamOpening? {
    guard let ink, ink != ASCII.hash else { return nil }
    if bytes.first == ASCII.percent { return .prologue }
    if !isOver, LineStart.marker.starts(with: bytes) { return nil }
    let isMarker =
      bytes.starts(with: LineStart.marker) && bytes.dropFirst(LineStart.marker.count).allSatisfy(ASCII.isBlank)
    return isMarker ? isFirst ? .marker : .prologue : .content
  }
}
