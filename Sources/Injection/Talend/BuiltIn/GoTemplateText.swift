internal import ManifestText

/// Text as a Go template spells it between double quotes.
package enum GoTemplateText {
  /// The text with quotes, backslashes and control characters escaped.
  package static func escaped(_ text: String) -> String {
    let isPlain = ByteText.Traits(text).isDisjoint(with: [.doubleQuoteOrBackslash, .control, .lineFeed, .tab])
    return !isPlain ? text.unicodeScalars.map(spelling).joined() : text
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
