/// Text as a Go template spells it between double quotes.
package enum GoTemplateText {
  /// The text with quotes, backslashes and control characters escaped.
  package static func escaped(_ text: String) -> String {
    text.unicodeScalars.map(spelling).joined()
  }

  private static func spelling(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\n": "\\n"
    case "\t": "\\t"
    case "\r": "\\r"
    default: String(scalar)
    }
  }
}
