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

  /// True where an action is opened and not closed; `}}` within quotes closes nothing.
  static func isUnbalanced(_ template: String) -> Bool {
    var quote: Unicode.Scalar?
    var isInside = false
    var previous: Unicode.Scalar = " "
    for scalar in template.unicodeScalars {
      if isInside, let open = quote {
        if scalar == "\\", previous == "\\", open != "`" {
          previous = " "
          continue
        }
        if scalar == open, previous != "\\" || open == "`" { quote = nil }
      } else if isInside, scalar == "\"" || scalar == "`" {
        quote = scalar
      } else if !isInside, scalar == "{", previous == "{" {
        isInside = true
      } else if isInside, scalar == "}", previous == "}" {
        isInside = false
      }
      previous = scalar
    }
    return isInside
  }
}
