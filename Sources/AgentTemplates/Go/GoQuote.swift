internal import ManifestText

/// Text in double quotes, as Go's messages show it.
package enum GoQuote {
  /// `strconv.Quote`: what cannot be printed is escaped.
  package static func quoted(_ text: String) -> String {
    "\"" + text.unicodeScalars.reduce(into: "") { $0 += escaped($1) } + "\""
  }

  /// As the package `time` quotes: every byte beyond ASCII, and every control character, is escaped.
  package static func durationQuoted(_ text: String) -> String {
    let escaped = text.utf8.reduce(into: "") { result, byte in
      switch byte {
      case ASCII.doubleQuote, ASCII.backslash: result += "\\" + character(byte)
      case ASCII.space..<0x80: result += character(byte)
      default: result += "\\x" + hexadecimal(UInt32(byte), digits: 2)
      }
    }
    return "\"\(escaped)\""
  }

  /// One character, as it stands between the quotes.
  package static func escaped(_ scalar: Unicode.Scalar) -> String {
    if let short = shortEscapes[scalar] { return short }
    if isPrintable(scalar) { return String(scalar) }
    switch scalar.value {
    case 0..<0x80: return "\\x" + hexadecimal(scalar.value, digits: 2)
    case 0x80..<0x10000: return "\\u" + hexadecimal(scalar.value, digits: 4)
    default: return "\\U" + hexadecimal(scalar.value, digits: 8)
    }
  }

  private static let shortEscapes: [Unicode.Scalar: String] = [
    "\u{7}": "\\a", "\u{8}": "\\b", "\u{C}": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{B}": "\\v",
    "\\": "\\\\", "\"": "\\\"",
  ]

  /// `strconv.IsPrint`: letters, marks, numbers, punctuation, symbols and the space, as Unicode 15 has them.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    case .spaceSeparator: scalar == " "
    default: scalar.isASCII || scalar.properties.age.map { $0 <= (major: 15, minor: 0) } ?? false
    }
  }

  /// A character as `%#U` shows it: its number, and itself where it can be printed.
  static func numbered(_ scalar: Unicode.Scalar) -> String {
    let digits = hexadecimal(scalar.value, digits: 4)
    return "U+" + String(digits.utf8.map(ASCII.uppercased).map(character).joined())
      + (isPrintable(scalar) ? " '\(scalar)'" : "")
  }

  /// The text that a spelling in quotes means, `"…"` or `` `…` ``; nil where Go refuses an escape in it.
  static func unquoted(_ spelling: ArraySlice<UInt8>) -> [UInt8]? {
    let inner = spelling.dropFirst().dropLast()
    if spelling.first == UInt8(ascii: "`") { return inner.filter { $0 != ASCII.carriageReturn } }
    return GoEscapes.resolved(inner, quote: ASCII.doubleQuote)
  }

  private static func character(_ byte: UInt8) -> String { String(Unicode.Scalar(byte)) }

  private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
