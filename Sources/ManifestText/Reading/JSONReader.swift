/// Reads one JSON object (RFC 8259) into a table of nodes with their places.
///
/// libyaml refuses the surrogate pairs JSON writes characters beyond U+FFFF with, so JSON has a reader of its own.
struct JSONReader {
  private let source: SourceText
  private let bytes: [UInt8]
  private let end: Int
  private var index: Int
  private var nodes: [NodeRecord] = []
  private var scratch: [UInt8] = []
  /// The collections around what comes next, outermost first.
  private var open: [Int] = []
  /// True directly after the bracket that opens a collection.
  private var isAtStart = false
  /// How many collections stand around all of it.
  private let levelsAround: Int

  /// Reads the value in this range, and refuses anything after it but white space.
  static func read(_ range: Range<Int>, of source: SourceText) throws(Diagnostic) -> Document {
    var reader = try JSONReader(source: source, range: range)
    try reader.readDocument()
    return reader.document(in: range)
  }

  /// Reads a text that is one value with nothing around it, to stand inside so many collections.
  static func readPart(_ source: SourceText, inside levels: Int) throws(Diagnostic) -> Document {
    var reader = try JSONReader(source: source, range: source.bytes.indices, inside: levels)
    try reader.checkEncoding()
    try reader.readTree()
    guard reader.index == reader.end else { throw reader.unexpected("the end of the value") }
    return reader.document(in: source.bytes.indices)
  }

  private init(source: SourceText, range: Range<Int>, inside levels: Int = 0) throws(Diagnostic) {
    guard source.bytes.count < Int(Int32.max) else { throw .inputTooLarge(source.bytes.count) }
    self.source = source
    levelsAround = levels
    bytes = source.bytes
    index = range.lowerBound
    end = range.upperBound
    nodes.reserveCapacity(range.count / 16 + 8)
  }

  private func document(in range: Range<Int>) -> Document {
    Document(
      source: source, range: range, format: .json, nodes: nodes, scratch: scratch, levelsAround: levelsAround)
  }

  private func checkEncoding() throws(Diagnostic) {
    if let index = TextEncoding.firstInvalidByte(of: bytes[index..<end]) { throw .invalidUTF8(bytes[index], at: index) }
  }

  private mutating func readDocument() throws(Diagnostic) {
    try checkEncoding()
    if bytes[index..<end].starts(with: ByteOrderMark.utf8) { index += ByteOrderMark.utf8.count }
    skipWhite()
    if bytes[index..<end].starts(with: [ASCII.dash, ASCII.dash, ASCII.dash]) { index += 3 }
    skipWhite()
    try readTree()
    skipWhite()
    guard index == end else { throw unexpected("the end of the document") }
  }

  /// Reads a value with everything inside it, without recursion: the input decides how deep it is.
  private mutating func readTree() throws(Diagnostic) {
    repeat {
      guard index < end else { throw unexpected("a value") }
      switch bytes[index] {
      case ASCII.openBrace, ASCII.openBracket: try openCollection()
      case ASCII.doubleQuote: try readString()
      default: try readLiteral()
      }
      try goOnToNextValue()
    } while !open.isEmpty
  }

  private mutating func openCollection() throws(Diagnostic) {
    guard levelsAround + open.count < Budget.deepest else { throw .tooDeep(at: index..<index) }
    let isMap = bytes[index] == ASCII.openBrace
    open.append(nodes.count)
    nodes.append(record(isMap ? .mapping : .sequence, .flow, start: index))
    index += 1
    isAtStart = true
  }

  /// Goes after what ends here, to where the next value begins; with none open any more, that was all.
  private mutating func goOnToNextValue() throws(Diagnostic) {
    while let node = open.last {
      let isMap = nodes[node].kind == .mapping
      let closing = isMap ? ASCII.closeBrace : ASCII.closeBracket
      skipWhite()
      if index < end, bytes[index] == closing {
        close(node)
        continue
      }
      if !isAtStart {
        guard index < end, bytes[index] == ASCII.comma else { throw unexpected(isMap ? "`,` or `}`" : "`,` or `]`") }
        index += 1
        skipWhite()
      }
      isAtStart = false
      if isMap { try readKey() }
      return
    }
  }

  private mutating func close(_ node: Int) {
    index += 1
    open.removeLast()
    isAtStart = false
    nodes[node].end = Int32(index)
    nodes[node].next = Int32(nodes.count)
  }

  private mutating func readKey() throws(Diagnostic) {
    guard index < end, bytes[index] == ASCII.doubleQuote else { throw unexpected("a key in double quotes") }
    try readString()
    skipWhite()
    guard index < end, bytes[index] == ASCII.colon else { throw unexpected("`:` after the key") }
    index += 1
    skipWhite()
  }

  private mutating func readString() throws(Diagnostic) {
    var record = record(.scalar, .doubleQuoted, start: index)
    let start = index + 1
    index = start
    while index < end, bytes[index] != ASCII.doubleQuote, bytes[index] != ASCII.backslash, bytes[index] >= 0x20 {
      index += 1
    }
    if index < end, bytes[index] == ASCII.backslash {
      record.isDecoded = true
      record.text = Int32(scratch.count)
      scratch.append(contentsOf: bytes[start..<index])
      try decodeRestOfString()
      record.textLength = Int32(scratch.count) - record.text
    } else {
      record.text = Int32(start)
      record.textLength = Int32(index - start)
    }
    guard index < end, bytes[index] == ASCII.doubleQuote else { throw unexpected("the closing `\"` of a string") }
    index += 1
    finish(record)
  }

  private mutating func decodeRestOfString() throws(Diagnostic) {
    while index < end, bytes[index] != ASCII.doubleQuote, bytes[index] >= 0x20 {
      if bytes[index] == ASCII.backslash {
        try decodeEscape()
      } else {
        scratch.append(bytes[index])
        index += 1
      }
    }
  }

  private mutating func decodeEscape() throws(Diagnostic) {
    guard index + 1 < end else { throw unexpected("an escaped character") }
    let escaped = bytes[index + 1]
    if escaped == UInt8(ascii: "u") {
      try decodeUnicodeEscape()
    } else if let byte = JSONReader.simpleEscapes[escaped] {
      scratch.append(byte)
      index += 2
    } else {
      throw unexpected("one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u after the backslash")
    }
  }

  private static let simpleEscapes: [UInt8: UInt8] = [
    ASCII.doubleQuote: ASCII.doubleQuote, ASCII.backslash: ASCII.backslash, UInt8(ascii: "/"): UInt8(ascii: "/"),
    UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13,
    UInt8(ascii: "t"): 9,
  ]

  /// A lone surrogate becomes U+FFFD, as in Go's decoder and so in the API server.
  private mutating func decodeUnicodeEscape() throws(Diagnostic) {
    let first = try codeUnit()
    var units = [first]
    let isPair =
      UTF16.isLeadSurrogate(first) && index + 1 < end && bytes[index] == ASCII.backslash
      && bytes[index + 1] == UInt8(ascii: "u")
    if isPair {
      let mark = index
      let second = try codeUnit()
      if UTF16.isTrailSurrogate(second) { units.append(second) } else { index = mark }
    }
    scratch.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
  }

  private mutating func codeUnit() throws(Diagnostic) -> UInt16 {
    let digits = index + 2..<index + 6
    // A number may have a sign in Swift, and not in an escape.
    guard digits.upperBound <= end, bytes[digits.lowerBound] != ASCII.plus, bytes[digits.lowerBound] != ASCII.dash,
      let unit = UInt16(String(decoding: bytes[digits], as: UTF8.self), radix: 16)
    else { throw unexpected("four hexadecimal digits after \\u") }
    index = digits.upperBound
    return unit
  }

  private mutating func readLiteral() throws(Diagnostic) {
    var record = record(.scalar, .plain, start: index)
    let start = index
    while index < end, !ASCII.isWhite(bytes[index]), !JSONReader.delimiters.contains(bytes[index]) { index += 1 }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    guard ["true", "false", "null"].contains(text) || JSONNumber.isValid(text.utf8) else {
      index = start
      throw unexpected("a value: a string in double quotes, a number, true, false, null, `{` or `[`")
    }
    record.text = Int32(start)
    record.textLength = Int32(index - start)
    finish(record)
  }

  private static let delimiters: [UInt8] = [
    ASCII.comma, ASCII.colon, ASCII.openBrace, ASCII.closeBrace, ASCII.openBracket, ASCII.closeBracket,
    ASCII.doubleQuote,
  ]

  private func record(_ kind: NodeRecord.Kind, _ style: NodeRecord.Style, start: Int) -> NodeRecord {
    NodeRecord(kind: kind, style: style, start: Int32(start), contentStart: Int32(start), end: Int32(start))
  }

  private mutating func finish(_ record: NodeRecord) {
    var record = record
    record.end = Int32(index)
    record.next = Int32(nodes.count + 1)
    nodes.append(record)
  }

  private mutating func skipWhite() {
    while index < end, ASCII.isWhite(bytes[index]) { index += 1 }
  }

  private func unexpected(_ expected: String) -> Diagnostic {
    if let template = HelmTemplate.marker(in: 0..<end, near: min(index, end), of: bytes) {
      return .unrenderedTemplate(at: template, of: bytes)
    }
    guard index < end else { return .jsonSyntax("the end of the input", expected: expected, at: end, in: bytes) }
    let character = String(decoding: bytes[index..<min(index + 4, end)], as: UTF8.self).first ?? "?"
    let found = bytes[index] < 0x20 ? "a control character (line break or tab) in a string" : "`\(character)`"
    return .jsonSyntax(found, expected: expected, at: index, in: bytes)
  }
}

extension Document {
  /// Reads a JSON text.
  /// - Throws: A `Diagnostic` where it is none.
  package static func json(_ source: SourceText) throws(Diagnostic) -> Document {
    try JSONReader.read(source.bytes.indices, of: source)
  }
}

extension Value {
  /// Reads a JSON text; nil where it is none.
  package init?(json bytes: [UInt8]) {
    do throws(Diagnostic) {
      let document = try JSONReader.read(bytes.indices, of: SourceText(name: "text", bytes: bytes))
      guard let root = document.root else { return nil }
      self = try document.value(of: root)
    } catch {
      return nil
    }
  }
}

extension Value {
  /// Reads of a JSON text nothing but the names in it; nil where it is none.
  ///
  /// Everything but an object is null, and is not even decoded: what an answer holds that is secret gets no further.
  package init?(namesInJSON bytes: [UInt8]) {
    guard let document = try? JSONReader.read(bytes.indices, of: SourceText(name: "text", bytes: bytes)),
      let root = document.root
    else { return nil }
    self = document.names(in: root)
  }
}

extension Document {
  fileprivate func names(in node: NodeID) -> Value {
    guard isMapping(node) else { return .null }
    return .object(entries(of: node).map { Value.Member(key: text(of: $0.key), value: names(in: $0.value)) })
  }
}
