/// Spells new text as a YAML scalar: plain where no reader can take it for anything else, quoted otherwise.
enum ScalarSpelling {
  /// Where a scalar stands: inside brackets fewer characters may be plain.
  enum Context: Sendable { case block, flow }

  /// Appends the text on one line.
  static func append(_ text: String, to output: inout [UInt8], in context: Context) {
    if isPlain(text, in: context) {
      output.append(contentsOf: text.utf8)
    } else if isBestSingleQuoted(ByteText.Traits(text)) {
      output.append(ASCII.singleQuote)
      output.append(contentsOf: text.utf8)
      output.append(ASCII.singleQuote)
    } else {
      JSONWriter.appendQuoted(text, to: &output, escapingLineSeparators: true)
    }
  }

  /// True where text over several lines can stand in a literal block scalar and come back the same.
  static func isLiteral(_ text: String) -> Bool {
    let traits = ByteText.Traits(text)
    guard traits.contains(.lineFeed), !traits.contains(.control) else { return false }
    var bytes = text.utf8[...]
    if bytes.last == ASCII.lineFeed { bytes = bytes.dropLast() }
    guard let last = bytes.last, !ASCII.isWhite(last) else { return false }
    return !traits.contains(.nonASCII) || !text.unicodeScalars.contains(where: isUnprintable)
  }

  // MARK: Plain

  private static func isPlain(_ text: String, in context: Context) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    guard isWordByte(first) || first == UInt8(ascii: "/") || first == ASCII.dash || first == ASCII.dot else {
      return false
    }
    guard last != ASCII.space, last != ASCII.colon else { return false }
    let bytes = PlainBytes(text)
    guard bytes.isSubset(of: context == .block ? .inBlock : .inFlow) else { return false }
    let mayBeEntry = bytes.isSuperset(of: [.colon, .space]) && ByteText.pieces(of: text, around: ": ").count > 1
    return !mayBeEntry && !meansSomethingElse(text, first: first)
  }

  /// What kinds of bytes a text holds, as far as plain scalars care, found in one pass.
  private struct PlainBytes: OptionSet {
    let rawValue: UInt8
    /// Plain everywhere.
    static let ordinary = PlainBytes(rawValue: 1)
    static let space = PlainBytes(rawValue: 2)
    static let colon = PlainBytes(rawValue: 4)
    /// Plain outside of brackets.
    static let punctuation = PlainBytes(rawValue: 8)
    /// Never plain in what is written here.
    static let other = PlainBytes(rawValue: 16)

    static let inFlow: PlainBytes = [.ordinary, .space]
    static let inBlock: PlainBytes = [.ordinary, .space, .colon, .punctuation]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ text: String) {
      var text = text
      rawValue = text.withUTF8 { utf8 in
        unsafe PlainBytes.table.withUnsafeBufferPointer { table in
          var found: UInt8 = 0
          for index in utf8.indices { unsafe found |= table[Int(utf8[index])] }
          return found
        }
      }
    }

    private static let table: [UInt8] = (0...255).map { PlainBytes(of: $0).rawValue }

    private init(of byte: UInt8) {
      switch byte {
      case _ where isWordByte(byte), ASCII.dash, ASCII.dot, UInt8(ascii: "/"), UInt8(ascii: "@"), ASCII.plus,
        UInt8(ascii: "="), ASCII.percent, UInt8(ascii: "~"):
        self = .ordinary
      case ASCII.space: self = .space
      case ASCII.colon: self = .colon
      case ASCII.comma, UInt8(ascii: "$"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ";"):
        self = .punctuation
      default: self = .other
      }
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || ASCII.isDigit(byte) || byte == UInt8(ascii: "_")
  }

  /// True for text that some YAML reader, 1.1 or 1.2, takes for a number, a boolean, null, a date or a marker.
  private static func meansSomethingElse(_ text: String, first: UInt8) -> Bool {
    if ASCII.isDigit(first) || first == ASCII.dash || first == ASCII.dot {
      return !text.utf8.contains { isBeyondNumbers($0) } || text.utf8.starts(with: [ASCII.dash, ASCII.space])
        || text == "---" || (first == ASCII.dot && !text.utf8.contains(UInt8(ascii: "/")))
    }
    return text.utf8.count <= 5 && reservedInitials.contains(first | 0x20) && reserved.contains(text.lowercased())
  }

  private static let reserved: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

  private static let reservedInitials = Array("ntfyo".utf8)

  /// A letter or sign that stands in no number, time or date.
  private static func isBeyondNumbers(_ byte: UInt8) -> Bool {
    let letter = byte | 0x20
    guard (UInt8(ascii: "g")...UInt8(ascii: "z")).contains(letter) else {
      return byte == UInt8(ascii: "/") || byte == UInt8(ascii: "@")
    }
    return letter != UInt8(ascii: "o") && letter != UInt8(ascii: "t") && letter != UInt8(ascii: "x")
      && letter != UInt8(ascii: "z")
  }

  // MARK: Quoted

  /// Single quotes need no escapes, which reads better around double quotes and backslashes.
  private static func isBestSingleQuoted(_ traits: ByteText.Traits) -> Bool {
    traits == .doubleQuoteOrBackslash
  }

  /// Characters that YAML takes for line breaks or does not allow unescaped, and those that show text in another order
  /// than it stands in.
  static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
