internal import ManifestText

/// Splits a template's text into words, as the lexer of Go's `text/template` does.
///
/// A fault is the last word; the parser decides whether it comes to it.
struct TemplateLexer {
  private let text: [UInt8]
  private let left: [UInt8]
  private let right: [UInt8]
  private var position = 0
  private var start = 0
  /// Where the action that is being read begins, its delimiter included.
  private var action = 0
  private var parentheses: [Int] = []
  private(set) var tokens: [TemplateToken] = []
  private(set) var fault: TemplateLexicalFault?

  init(_ text: [UInt8], _ delimiters: TemplateDelimiters) {
    self.text = text
    left = Array(delimiters.left.utf8)
    right = Array(delimiters.right.utf8)
    tokens.reserveCapacity(text.count / 4 + 4)
    while fault == nil, readText() {}
    if fault == nil { emit(.end) }
  }

  private func has(_ mark: [UInt8], at index: Int) -> Bool {
    index + mark.count <= text.count && ByteText.isEqual(text[index..<index + mark.count], mark[...])
  }

  private func byte(_ index: Int) -> UInt8? { index < text.count ? text[index] : nil }

  private mutating func emit(_ kind: TemplateToken.Kind) {
    tokens.append(TemplateToken(kind: kind, range: start..<position))
    start = position
  }

  private mutating func fail(
    _ message: String, agent: String, hint: String? = nil, at range: Range<Int>, _ kind: TemplateFault.Kind = .other
  ) {
    fault = TemplateLexicalFault(range: range, message: message, agent: agent, hint: hint, kind: kind)
    tokens.append(TemplateToken(kind: .failure, range: range))
  }
}

// Text, and what is around actions.
extension TemplateLexer {
  /// Reads text and the action after it; false at the end.
  private mutating func readText() -> Bool {
    guard let found = ByteText.firstIndex(of: left, in: text, position..<text.count) else {
      position = text.count
      if start < position { emit(.text) }
      return false
    }
    let trims = hasLeftTrimMarker(at: found + left.count)
    position = found
    while trims, position > start, ASCII.isWhite(text[position - 1]) { position -= 1 }
    if position > start { emit(.text) }
    (start, position, action) = (found, found + left.count, found)
    let content = position + (trims ? 2 : 0)
    if has(Array("/*".utf8), at: content) {
      position = content
      readComment()
    } else {
      emit(.leftDelimiter)
      (start, position) = (content, content)
      parentheses = []
      while fault == nil, readWord() {}
    }
    return fault == nil
  }

  private func hasLeftTrimMarker(at index: Int) -> Bool {
    byte(index) == ASCII.dash && byte(index + 1).map(ASCII.isWhite) ?? false
  }

  /// How long the delimiter at a place is, its trim marker included; nil where there is none.
  private func rightDelimiter(at index: Int) -> Int? {
    if byte(index).map(ASCII.isWhite) ?? false, byte(index + 1) == ASCII.dash, has(right, at: index + 2) {
      return right.count + 2
    }
    return has(right, at: index) ? right.count : nil
  }

  private mutating func readComment() {
    let mark = Array("*/".utf8)
    guard let end = ByteText.firstIndex(of: mark, in: text, position + 2..<text.count) else {
      return fail(
        "this comment is never closed: it ends with */ before the delimiter", agent: "unclosed comment",
        at: action..<position + 2)
    }
    guard let length = rightDelimiter(at: end + 2) else {
      return fail(
        "something stands between the end of this comment and the delimiter",
        agent: "comment ends before closing delimiter",
        hint: "a comment is an action of its own: \(delimited("/* … */"))", at: end..<end + 2)
    }
    position = end + 2 + length
    skipTrimmed(after: length)
    start = position
  }

  private func delimited(_ content: String) -> String {
    String(decoding: left + Array(content.utf8) + right, as: UTF8.self)
  }

  private mutating func skipTrimmed(after length: Int) {
    guard length > right.count else { return }
    while let next = byte(position), ASCII.isWhite(next) { position += 1 }
  }

  private mutating func readRightDelimiter(_ length: Int) {
    start = position + length - right.count
    position += length
    emit(.rightDelimiter)
    skipTrimmed(after: length)
    start = position
  }
}

// Words of an action.
extension TemplateLexer {
  /// Reads one word; false after the action's delimiter.
  private mutating func readWord() -> Bool {
    if let length = rightDelimiter(at: position) {
      if let open = parentheses.last {
        fail(
          "this parenthesis is never closed", agent: "unclosed left paren", hint: "put a ) before the delimiter",
          at: open..<open + 1)
        return false
      }
      readRightDelimiter(length)
      return false
    }
    guard let first = byte(position) else {
      failUnclosedAction()
      return false
    }
    if ASCII.isWhite(first) { return readSpace() }
    readWord(first)
    return true
  }

  private mutating func failUnclosedAction() {
    let end = text[action...].firstIndex(where: ASCII.isBreak) ?? text.count
    fail(
      "this action is never closed", agent: "unclosed action",
      hint: "put \(String(decoding: right, as: UTF8.self)) after it; "
        + "braces that belong to the text are written \(delimited(" \"" + String(decoding: left, as: UTF8.self) + "\" "))",
      at: action..<end)
  }

  private mutating func readSpace() -> Bool {
    var count = 0
    while let next = byte(position), ASCII.isWhite(next) {
      position += 1
      count += 1
    }
    // A trim marker needs the last space before it.
    if byte(position) == ASCII.dash, has(right, at: position + 1) {
      position -= 1
      if count == 1 {
        readRightDelimiter(right.count + 2)
        return false
      }
    }
    emit(.space)
    return true
  }

  private mutating func readWord(_ first: UInt8) {
    switch first {
    case UInt8(ascii: "="): emitCharacter(.assign)
    case ASCII.pipe: emitCharacter(.pipe)
    case ASCII.colon:
      position += 1
      guard byte(position) == UInt8(ascii: "=") else {
        return fail(
          "a colon stands alone", agent: "expected :=", hint: "a variable is declared with :=",
          at: position - 1..<position)
      }
      emitCharacter(.declare)
    case ASCII.doubleQuote: readQuoted(first, .string)
    case ASCII.singleQuote: readQuoted(first, .characterConstant)
    case UInt8(ascii: "`"): readRawString()
    case UInt8(ascii: "$"): readField(.variable)
    case UInt8(ascii: "("):
      parentheses.append(position)
      emitCharacter(.leftParenthesis)
    case UInt8(ascii: ")"): readRightParenthesis()
    case ASCII.dot where !(byte(position + 1).map(ASCII.isDigit) ?? true): readField(.field)
    case ASCII.dot, ASCII.plus, ASCII.dash: readNumber()
    case _ where ASCII.isDigit(first): readNumber()
    default: readOther()
    }
  }

  private mutating func emitCharacter(_ kind: TemplateToken.Kind) {
    position += 1
    emit(kind)
  }

  private mutating func readRightParenthesis() {
    guard parentheses.popLast() != nil else {
      return fail(
        "this parenthesis closes none that is open", agent: "unexpected right paren", at: position..<position + 1)
    }
    emitCharacter(.rightParenthesis)
  }

  private mutating func readOther() {
    let (scalar, length) = scalar(at: position)
    if isAlphanumeric(scalar) { return readIdentifier() }
    if scalar.value > ASCII.space, scalar.value < 0x7F { return emitCharacter(.character) }
    failUnknownCharacter(scalar, length)
  }

  private mutating func failUnknownCharacter(_ scalar: Unicode.Scalar, _ length: Int) {
    let isQuote = ("\u{2018}"..."\u{201F}").contains(scalar) || scalar == "\u{AB}" || scalar == "\u{BB}"
    let isSpace = scalar.properties.isWhitespace || scalar == "\u{200B}" || scalar == "\u{FEFF}"
    fail(
      isQuote
        ? "the typographic quote \(scalar) is none of Go's quotes"
        : isSpace ? "this is a special space, which templates take for no space" : "this character means nothing here",
      agent: "unrecognized character in action: \(GoQuote.numbered(scalar))",
      hint: isQuote ? "write a plain \" instead" : isSpace ? "write a plain space instead" : nil,
      at: position..<position + length)
  }
}

// Names.
extension TemplateLexer {
  private mutating func readIdentifier() {
    skipAlphanumeric()
    guard isAtTerminator() else { return failAfterName() }
    let word = String(decoding: text[start..<position], as: UTF8.self)
    switch word {
    case "true", "false": emit(.boolean)
    case "nil": emit(.null)
    default: emit(TemplateToken.Keyword(rawValue: word).map { .keyword($0) } ?? .identifier)
    }
  }

  /// Reads a field or a variable, whose dot or `$` stands here.
  private mutating func readField(_ kind: TemplateToken.Kind) {
    position += 1
    if isAtTerminator() { return emit(kind == .field ? .dot : kind) }
    skipAlphanumeric()
    guard isAtTerminator() else { return failAfterName() }
    emit(kind)
  }

  private mutating func skipAlphanumeric() {
    while position < text.count {
      let (scalar, length) = scalar(at: position)
      guard isAlphanumeric(scalar) else { return }
      position += length
    }
  }

  private func isAtTerminator() -> Bool {
    guard let next = byte(position) else { return true }
    if ASCII.isWhite(next) || TemplateLexer.terminators.contains(next) { return true }
    return has(right, at: position)
  }

  private static let terminators = Array(".,|:)(".utf8)

  /// What Go says of a name that goes on with a character that names do not have.
  private mutating func failAfterName() {
    let (scalar, length) = scalar(at: position)
    let agent = "bad character \(GoQuote.numbered(scalar))"
    guard text[start] == ASCII.dot, let key = dashedKey() else {
      return fail("a name ends before \(scalar)", agent: agent, at: position..<position + length)
    }
    let base = chainBefore(start)
    fail(
      "a field's name has only letters, digits and _, and `.\(key)` is read with a dot", agent: agent,
      hint: "write index \(base) \"\(key)\", in parentheses where it is one of several words", at: start..<end(of: key),
      .fieldName)
  }

  private func end(of key: String) -> Int { start + 1 + key.utf8.count }

  /// The key somebody meant by `.a-b`: everything up to a space or a delimiter; nil where that is no key.
  private func dashedKey() -> String? {
    var end = start + 1
    let allowed = Array("-_/@".utf8)
    while let next = byte(end), !has(right, at: end) {
      let (scalar, length) = scalar(at: end)
      guard isAlphanumeric(scalar) || allowed.contains(next) else { break }
      end += length
    }
    return end > position ? String(decoding: text[start + 1..<end], as: UTF8.self) : nil
  }

  /// The fields directly before a place, as they are written; the dot where there are none.
  private func chainBefore(_ place: Int) -> String {
    var begin = place
    for token in tokens.reversed() {
      guard token.range.upperBound == begin, token.kind == .field || token.kind == .variable else { break }
      begin = token.range.lowerBound
      if token.kind == .variable { break }
    }
    return begin == place ? "." : String(decoding: text[begin..<place], as: UTF8.self)
  }

  private func scalar(at index: Int) -> (Unicode.Scalar, length: Int) {
    let first = text[index]
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    var decoder = UTF8()
    var bytes = text[index...].prefix(4).makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&bytes) else { return ("\u{FFFD}", 1) }
    return (scalar, UTF8.width(scalar))
  }

  private func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      let byte = UInt8(scalar.value)
      return ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "_")
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
      return true
    default: return false
    }
  }
}

// Texts and numbers.
extension TemplateLexer {
  private mutating func readQuoted(_ quote: UInt8, _ kind: TemplateToken.Kind) {
    position += 1
    while let next = byte(position), next != ASCII.lineFeed {
      position += 1
      if next == quote { return emit(kind) }
      if next == ASCII.backslash {
        guard let escaped = byte(position), escaped != ASCII.lineFeed else { break }
        position += 1
      }
    }
    let isString = quote == ASCII.doubleQuote
    fail(
      isString
        ? "this text in quotes does not end on its line"
        : "a single quote is around one character, and this one is never closed",
      agent: "unterminated \(isString ? "quoted string" : "character constant")",
      hint: isString ? "close it with \"; texts over several lines stand between `…`" : "write texts in double quotes",
      at: start..<position)
  }

  private mutating func readRawString() {
    guard let end = ByteText.firstIndex(of: UInt8(ascii: "`"), in: text, position + 1..<text.count) else {
      let line = text[start...].firstIndex(where: ASCII.isBreak) ?? text.count
      return fail(
        "this text in backquotes is never closed", agent: "unterminated raw quoted string",
        hint: "put a ` after it", at: start..<line)
    }
    position = end + 1
    emit(.rawString)
  }

  private mutating func readNumber() {
    guard scanNumber() else { return failNumber() }
    guard byte(position) == ASCII.plus || byte(position) == ASCII.dash else { return emit(.number) }
    guard scanNumber(), text[position - 1] == UInt8(ascii: "i") else { return failNumber() }
    emit(.complex)
  }

  private mutating func failNumber() {
    let spelling = String(decoding: text[start..<position], as: UTF8.self)
    fail(
      "this is no number", agent: "bad number syntax: \(GoQuote.quoted(spelling))",
      hint: "text stands in double quotes; a sum is written add 1 2", at: start..<max(position, start + 1))
  }

  private mutating func scanNumber() -> Bool {
    accept("+-")
    let base = accept("0") ? TemplateLexer.bases.first { accept($0.mark) } : nil
    let digits = base?.digits ?? "0123456789_"
    acceptRun(digits)
    if accept(".") { acceptRun(digits) }
    if let exponent = base == nil ? "eE" : base?.exponent, accept(exponent) {
      accept("+-")
      acceptRun("0123456789_")
    }
    accept("i")
    guard position < text.count else { return true }
    let (scalar, length) = scalar(at: position)
    guard isAlphanumeric(scalar) else { return true }
    position += length
    return false
  }

  private static let bases: [(mark: String, digits: String, exponent: String?)] = [
    ("xX", "0123456789abcdefABCDEF_", "pP"), ("oO", "01234567_", nil), ("bB", "01_", nil),
  ]

  @discardableResult
  private mutating func accept(_ valid: String) -> Bool {
    guard let next = byte(position), valid.utf8.contains(next) else { return false }
    position += 1
    return true
  }

  private mutating func acceptRun(_ valid: String) {
    while accept(valid) {}
  }
}
