internal import AgentTemplates
internal import ManifestText

extension GoJSON {
  /// Takes JSON apart as Go's `json.Unmarshal` does.
  /// - Throws: A `Failure` with Go's own message about the first byte that cannot stand where it stands.
  package static func decode(_ text: String) throws(GoParse.Failure) -> GoJSONNode {
    var reader = GoJSONReader(text)
    return try reader.readDocument()
  }

  /// The text of a string that is spelt as JSON, and known to be spelt right.
  static func unquoted(_ spelling: ArraySlice<UInt8>) -> String {
    let content = spelling.dropFirst().dropLast()
    guard content.contains(ASCII.backslash) else { return String(decoding: content, as: UTF8.self) }
    var text = ""
    var rest = content
    while let slash = rest.firstIndex(of: ASCII.backslash) {
      text += String(decoding: rest[..<slash], as: UTF8.self)
      rest = rest[slash...]
      text.unicodeScalars.append(unescaped(&rest))
    }
    return text + String(decoding: rest, as: UTF8.self)
  }

  /// A surrogate without its other half becomes U+FFFD.
  private static func unescaped(_ rest: inout ArraySlice<UInt8>) -> Unicode.Scalar {
    guard let unit = codeUnit(of: rest) else {
      let letter = rest[rest.startIndex + 1]
      rest = rest.dropFirst(2)
      return Unicode.Scalar(simpleEscapes[letter] ?? letter)
    }
    rest = rest.dropFirst(6)
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard UTF16.isLeadSurrogate(unit), let second = codeUnit(of: rest), UTF16.isTrailSurrogate(second) else {
      return "\u{FFFD}"
    }
    rest = rest.dropFirst(6)
    return UTF16.decode(UTF16.EncodedScalar([unit, second]))
  }

  private static func codeUnit(of text: ArraySlice<UInt8>) -> UInt16? {
    guard text.starts(with: "\\u".utf8) else { return nil }
    return UInt16(String(decoding: text.dropFirst(2).prefix(4), as: UTF8.self), radix: 16)
  }

  private static let simpleEscapes: [UInt8: UInt8] = [
    UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9,
  ]
}

/// Goes through JSON byte by byte, and says of the first wrong byte what Go says of it.
///
/// Not `JSONReader`, whose messages are ours and have places: what this refuses is said in the webhook's words.
private struct GoJSONReader {
  /// Go goes ten times as deep; what it finds there is no annotation anyone has written.
  private static let deepest = 1000

  private let bytes: [UInt8]
  private var index = 0
  private var depth = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func readDocument() throws(GoParse.Failure) -> GoJSONNode {
    let node = try readValue() ?? .null
    skipWhite()
    guard index == bytes.count else { throw unexpected("after top-level value") }
    return node
  }

  /// Nil for null.
  private mutating func readValue() throws(GoParse.Failure) -> GoJSONNode? {
    let start = try nextToken()
    switch bytes[start] {
    case ASCII.openBrace: return .object(try readObject())
    case ASCII.openBracket: return .array(try readArray())
    case ASCII.doubleQuote: try skipString()
    case UInt8(ascii: "t"): try skipWord("true")
    case UInt8(ascii: "f"): try skipWord("false")
    case UInt8(ascii: "n"):
      try skipWord("null")
      return nil
    case ASCII.dash, UInt8(ascii: "0")...UInt8(ascii: "9"): try skipNumber()
    default: throw unexpected("looking for beginning of value")
    }
    return .scalar(Array(bytes[start..<index]))
  }

  // MARK: Collections

  private mutating func readArray() throws(GoParse.Failure) -> [GoJSONNode?] {
    try enter()
    var elements: [GoJSONNode?] = []
    if bytes[try nextToken()] == ASCII.closeBracket { return leave(elements) }
    while true {
      elements.append(try readValue())
      switch bytes[try nextToken()] {
      case ASCII.closeBracket: return leave(elements)
      case ASCII.comma: index += 1
      default: throw unexpected("after array element")
      }
    }
  }

  private mutating func readObject() throws(GoParse.Failure) -> [GoJSONNode.Member] {
    try enter()
    var members: [GoJSONNode.Member] = []
    if bytes[try nextToken()] == ASCII.closeBrace { return leave(members) }
    while true {
      let key = try readKey()
      members.append(GoJSONNode.Member(key, try readValue()))
      switch bytes[try nextToken()] {
      case ASCII.closeBrace: return leave(members)
      case ASCII.comma: index += 1
      default: throw unexpected("after object key:value pair")
      }
    }
  }

  private mutating func readKey() throws(GoParse.Failure) -> String {
    let start = try nextToken()
    guard bytes[start] == ASCII.doubleQuote else { throw unexpected("looking for beginning of object key string") }
    try skipString()
    let key = GoJSON.unquoted(bytes[start..<index])
    guard bytes[try nextToken()] == ASCII.colon else { throw unexpected("after object key") }
    index += 1
    return key
  }

  private mutating func enter() throws(GoParse.Failure) {
    depth += 1
    guard depth <= GoJSONReader.deepest else { throw unexpected("exceeded max depth") }
    index += 1
  }

  private mutating func leave<Content>(_ content: Content) -> Content {
    depth -= 1
    index += 1
    return content
  }

  // MARK: Scalars

  private mutating func skipString() throws(GoParse.Failure) {
    index += 1
    while index < bytes.count, bytes[index] != ASCII.doubleQuote {
      guard bytes[index] >= 0x20 else { throw unexpected("in string literal") }
      if bytes[index] == ASCII.backslash { try skipEscape() } else { index += 1 }
    }
    guard index < bytes.count else { throw .endOfJSON }
    index += 1
  }

  private mutating func skipEscape() throws(GoParse.Failure) {
    index += 1
    let isUnicode = byte == UInt8(ascii: "u")
    guard isUnicode || "bfnrt\\/\"".utf8.contains(byte) else { throw unexpected("in string escape code") }
    index += 1
    guard isUnicode else { return }
    for _ in 0..<4 {
      guard ASCII.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20) else {
        throw unexpected("in \\u hexadecimal character escape")
      }
      index += 1
    }
  }

  private mutating func skipWord(_ word: String) throws(GoParse.Failure) {
    for letter in word.unicodeScalars {
      guard byte == UInt8(ascii: letter) else { throw unexpected("in literal \(word) (expecting '\(letter)')") }
      index += 1
    }
  }

  private mutating func skipNumber() throws(GoParse.Failure) {
    if byte == ASCII.dash { index += 1 }
    if byte == UInt8(ascii: "0") { index += 1 } else { try skipDigits(or: "in numeric literal") }
    if byte == ASCII.dot {
      index += 1
      try skipDigits(or: "after decimal point in numeric literal")
    }
    guard byte | 0x20 == UInt8(ascii: "e") else { return }
    index += 1
    if byte == ASCII.plus || byte == ASCII.dash { index += 1 }
    try skipDigits(or: "in exponent of numeric literal")
  }

  private mutating func skipDigits(or complaint: String) throws(GoParse.Failure) {
    guard ASCII.isDigit(byte) else { throw unexpected(complaint) }
    while ASCII.isDigit(byte) { index += 1 }
  }

  // MARK: Bytes

  /// The byte to look at; Go takes the end of the text for a space.
  private var byte: UInt8 { index < bytes.count ? bytes[index] : ASCII.space }

  private mutating func skipWhite() {
    while index < bytes.count, ASCII.isWhite(bytes[index]) { index += 1 }
  }

  /// Where the next byte that is not white space stands.
  private mutating func nextToken() throws(GoParse.Failure) -> Int {
    skipWhite()
    guard index < bytes.count else { throw .endOfJSON }
    return index
  }

  private func unexpected(_ place: String) -> GoParse.Failure {
    let scalar = Unicode.Scalar(byte)
    let character = scalar == "'" ? "\\'" : scalar == "\"" ? "\"" : GoQuote.escaped(scalar)
    return GoParse.Failure(message: "invalid character '\(character)' \(place)")
  }
}

extension GoParse.Failure {
  fileprivate static let endOfJSON = GoParse.Failure(message: "unexpected end of JSON input")
}
