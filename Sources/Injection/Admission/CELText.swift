internal import ManifestText

/// Spells values in CEL, the language of the API server's policies.
package enum CELText {
  /// A text as a literal on one line, in the quotes that need fewer escapes.
  package static func string(_ text: String) -> String {
    let traits = ByteText.Traits(text)
    let quote: Unicode.Scalar = traits.contains(.singleQuote) && !ByteText.holds(text, "\"") ? "\"" : "'"
    var literal = String(quote)
    for scalar in text.unicodeScalars { literal += spelling(scalar, within: quote) }
    return literal + String(quote)
  }

  /// A list of texts on one line.
  package static func list(_ texts: [String]) -> String { "[\(texts.map(string).joined(separator: ", "))]" }

  /// A list of texts with a line for each of them; all but the first line are indented.
  static func lines(_ texts: [String], indent: String = "  ") -> String {
    "[\n" + texts.map { "\(indent)  \(string($0))" }.joined(separator: ",\n") + "\n\(indent)]"
  }

  /// What a reader of the policy cannot see, or YAML has to escape, is spelt by its number.
  private static func spelling(_ scalar: Unicode.Scalar, within quote: Unicode.Scalar) -> String {
    switch scalar {
    case quote, "\\": "\\\(scalar)"
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case _ where scalar.value < 0x20 || ScalarSpelling.isUnprintable(scalar): number(scalar)
    case "\u{E000}"..."\u{F8FF}": number(scalar)
    default: String(scalar)
    }
  }

  private static func number(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    let (letter, count) = scalar.value > 0xFFFF ? ("U", 8) : ("u", 4)
    return "\\\(letter)\(String(repeating: "0", count: count - digits.count))\(digits)"
  }
}

extension CELText {
  /// True for an expression that can stand beside any operator as it is.
  static func isSimple(_ expression: String) -> Bool { !ByteText.holds(expression, " ") }

  /// True where all conditions hold.
  package static func all(_ conditions: [String]) -> String {
    if conditions.count == 1 { return conditions[0] }
    return conditions.map { isSimple($0) ? $0 : "(\($0))" }.joined(separator: " && ")
  }
}
