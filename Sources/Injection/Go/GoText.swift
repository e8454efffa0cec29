internal import ManifestText

/// Text as Go's standard library treats it, which the injectors' behaviour is made of.
package enum GoText {
  /// `strings.ToLower`: each scalar by itself, without regard to its neighbours.
  package static func lowercased(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      result.unicodeScalars.append(scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar)
    }
  }

  /// `strings.Split`: every piece between the separators, empty ones included.
  static func split(_ text: String, at separator: String) -> [String] {
    ByteText.pieces(of: text, around: separator)
  }

  /// `path.Join`: the elements with slashes between them, lexically cleaned.
  ///
  /// Empty elements are left out; where all are empty, so is the result.
  package static func joined(_ elements: String...) -> String {
    let joined = elements.filter { !$0.isEmpty }.joined(separator: "/")
    return joined.isEmpty ? "" : cleaned(joined)
  }

  /// `path.Clean`: no doubled slashes, no `.`, and `..` taken back where that can be done.
  package static func cleaned(_ path: String) -> String {
    let isRooted = path.utf8.first == UInt8(ascii: "/")
    var kept: [String] = []
    for element in split(path, at: "/") where !element.isEmpty && element != "." {
      guard element == ".." else {
        kept.append(element)
        continue
      }
      if let last = kept.last, last != ".." {
        kept.removeLast()
      } else if !isRooted {
        kept.append(element)
      }
    }
    let joined = kept.joined(separator: "/")
    return isRooted ? "/" + joined : joined.isEmpty ? "." : joined
  }

  /// The order Go's `sort` has for strings: by their bytes.
  package static func precedes(_ first: String, _ second: String) -> Bool {
    first.utf8.lexicographicallyPrecedes(second.utf8)
  }
}

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
  static func escaped(_ scalar: Unicode.Scalar) -> String {
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

  private static func character(_ byte: UInt8) -> String { String(Unicode.Scalar(byte)) }

  private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: digits - text.utf8.count) + text
  }
}
