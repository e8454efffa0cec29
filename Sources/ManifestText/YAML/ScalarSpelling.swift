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
    let isPlain = ByteText.allSatisfy(text) { isPlainByte($0, behind: $1, in: context) }
    return isPlain && !meansSomethingElse(text, first: first)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || ASCII.isDigit(byte) || byte == UInt8(ascii: "_")
  }

  private static func isPlainByte(_ byte: UInt8, behind previous: UInt8, in context: Context) -> Bool {
    if isWordByte(byte) || byte == ASCII.dash || byte == ASCII.dot || byte == UInt8(ascii: "/") {
      return previous != ASCII.colon || context == .block
    }
    switch byte {
    case ASCII.space: return previous != ASCII.colon
    case UInt8(ascii: "@"), ASCII.plus, UInt8(ascii: "="), ASCII.percent, UInt8(ascii: "~"): return true
    case ASCII.colon: return context == .block
    case ASCII.comma, UInt8(ascii: "$"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ";"):
      return context == .block
    default: return false
    }
  }

  /// True for text that some YAML reader, 1.1 or 1.2, takes for a number, a boolean, null, a date or a marker.
  private static func meansSomethingElse(_ text: String, first: UInt8) -> Bool {
    if ASCII.isDigit(first) || first == ASCII.dash || first == ASCII.dot {
      return !text.utf8.contains { isBeyondNumbers($0) } || text.utf8.starts(with: [ASCII.dash, ASCII.space])
        || text == "---" || (first == ASCII.dot && !text.utf8.contains(UInt8(ascii: "/")))
    }
    return text.utf8.count <= 5 && reserved.contains(text.lowercased())
  }

  private static let reserved: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

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

  /// Characters that YAML takes for line breaks or does not allow unescaped.
  static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }
}
