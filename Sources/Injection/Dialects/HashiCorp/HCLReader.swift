internal import ManifestText

/// Reads HCL, in its first version, and JSON as far as it takes to find the texts in it.
///
/// Texts with `${` in them are not read: what they come to is not known.
struct HCLReader {
  /// What an assignment or a block comes to.
  indirect enum Value: Equatable {
    /// A text in quotes, or a heredoc, and where it begins.
    case text(String, at: Int)
    /// A number, or a word such as `true`.
    case word(String)
    case list([Value])
    case block([Entry])
  }

  /// A name with its value, and what stands between the two where it is a block.
  struct Entry: Equatable {
    let key: String
    var labels: [String] = []
    let value: Value
  }

  /// The text is none that this reads.
  struct Unreadable: Error {}

  /// Deeper ones are not read.
  private static let deepest = 32

  private let bytes: [UInt8]
  private var index = 0
  private var depth = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The entries of a file.
  static func entries(of bytes: [UInt8]) throws(Unreadable) -> [Entry] {
    var reader = HCLReader(bytes)
    if reader.starts("\u{FEFF}") { reader.index += 3 }
    try reader.skipWhiteSpace()
    let isJSON = reader.take(ASCII.openBrace)
    let entries = try reader.body(isClosed: isJSON)
    try reader.skipWhiteSpace()
    guard reader.next == nil else { throw Unreadable() }
    return entries
  }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    index += 1
    return true
  }

  // MARK: Structure

  /// The entries up to the brace that closes them, or up to the end.
  private mutating func body(isClosed: Bool) throws(Unreadable) -> [Entry] {
    depth += 1
    defer { depth -= 1 }
    guard depth <= HCLReader.deepest else { throw Unreadable() }
    var entries: [Entry] = []
    while true {
      try skipWhiteSpace()
      if next == nil, !isClosed { return entries }
      if isClosed, take(ASCII.closeBrace) { return entries }
      if take(ASCII.comma) { continue }
      entries.append(try entry())
    }
  }

  private mutating func entry() throws(Unreadable) -> Entry {
    let key = try name()
    var labels: [String] = []
    while true {
      try skipWhiteSpace()
      if take(UInt8(ascii: "=")) || take(ASCII.colon) { return Entry(key: key, labels: labels, value: try value()) }
      if take(ASCII.openBrace) { return Entry(key: key, labels: labels, value: .block(try body(isClosed: true))) }
      labels.append(try name())
    }
  }

  private mutating func name() throws(Unreadable) -> String { next == ASCII.doubleQuote ? try quoted() : try word() }

  private mutating func value() throws(Unreadable) -> Value {
    try skipWhiteSpace()
    switch next {
    case ASCII.doubleQuote:
      let start = index + 1
      return .text(try quoted(), at: start)
    case UInt8(ascii: "<"): return try heredoc()
    case ASCII.openBracket: return .list(try list())
    case ASCII.openBrace:
      index += 1
      return .block(try body(isClosed: true))
    default: return .word(try word())
    }
  }

  private mutating func list() throws(Unreadable) -> [Value] {
    depth += 1
    defer { depth -= 1 }
    guard depth <= HCLReader.deepest else { throw Unreadable() }
    index += 1
    var values: [Value] = []
    while true {
      try skipWhiteSpace()
      if take(ASCII.closeBracket) { return values }
      if take(ASCII.comma) { continue }
      values.append(try value())
    }
  }

  // MARK: Words and texts

  private mutating func word() throws(Unreadable) -> String {
    let start = index
    while let byte = next, ASCII.isLetter(byte) || ASCII.isDigit(byte) || "_-.+".utf8.contains(byte) { index += 1 }
    guard index > start else { throw Unreadable() }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func quoted() throws(Unreadable) -> String {
    index += 1
    var text: [UInt8] = []
    while let byte = next, byte != ASCII.lineFeed {
      index += 1
      switch byte {
      case ASCII.doubleQuote: return String(decoding: text, as: UTF8.self)
      case ASCII.backslash: text += try escaped()
      case UInt8(ascii: "$") where next == ASCII.openBrace: throw Unreadable()
      default: text.append(byte)
      }
    }
    throw Unreadable()
  }

  private mutating func escaped() throws(Unreadable) -> [UInt8] {
    guard let byte = next else { throw Unreadable() }
    index += 1
    switch byte {
    case UInt8(ascii: "n"): return [ASCII.lineFeed]
    case UInt8(ascii: "t"): return [ASCII.tab]
    case UInt8(ascii: "r"): return [ASCII.carriageReturn]
    case ASCII.doubleQuote, ASCII.backslash, UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "u"):
      let digits = String(decoding: bytes[index...].prefix(4), as: UTF8.self)
      guard let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) else { throw Unreadable() }
      index += digits.utf8.count
      return Array(String(scalar).utf8)
    default: throw Unreadable()
    }
  }

  /// Lines up to one that holds nothing but the word they were announced with.
  private mutating func heredoc() throws(Unreadable) -> Value {
    index += 1
    guard take(UInt8(ascii: "<")) else { throw Unreadable() }
    _ = take(ASCII.dash)
    let mark = try word()
    guard let start = endOfLine() else { throw Unreadable() }
    index = start
    while next != nil {
      let line = index
      let end = endOfLine() ?? bytes.count
      index = end
      guard ByteText.isEqual(trimmed(line..<end), mark) else { continue }
      return .text(String(decoding: bytes[start..<line], as: UTF8.self), at: start)
    }
    throw Unreadable()
  }

  /// Some bytes without the white space around them.
  private func trimmed(_ range: Range<Int>) -> ArraySlice<UInt8> {
    let bytes = bytes[range].drop(while: ASCII.isWhite)
    return bytes.prefix(bytes.lastIndex { !ASCII.isWhite($0) }.map { $0 - bytes.startIndex + 1 } ?? 0)
  }

  /// Where the next line begins; nil in the last.
  private func endOfLine() -> Int? {
    ByteText.firstIndex(of: ASCII.lineFeed, in: bytes, index..<bytes.count).map { $0 + 1 }
  }

  // MARK: White space

  /// Passes over white space and comments.
  private mutating func skipWhiteSpace() throws(Unreadable) {
    while let byte = next {
      if ASCII.isWhite(byte) {
        index += 1
      } else if byte == ASCII.hash || starts("//") {
        index = endOfLine() ?? bytes.count
      } else if starts("/*") {
        index += 2
        while next != nil, !starts("*/") { index += 1 }
        guard next != nil else { throw Unreadable() }
        index += 2
      } else {
        return
      }
    }
  }

  private func starts(_ text: String) -> Bool { bytes[index...].starts(with: text.utf8) }
}
