internal import ManifestText

/// Text as HCL spells it, safe to put into a manifest.
///
/// A `$` that Kubernetes (`$(NAME)`, `$$`), Flux (`${NAME}`) or HCL itself (`${…}`) would take for the start of a
/// substitution is spelt `\u0024`.
package enum HCLText {
  /// The text as it stands between two double quotes.
  package static func escaped(_ text: String) -> String {
    if ByteText.Traits(text).isDisjoint(with: .escapedInQuotes), !ByteText.holds(text, "$"), !holdsReserved(text) {
      return text
    }
    var result = ""
    var previous: Unicode.Scalar?
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      let next = index + 1 < scalars.count ? scalars[index + 1] : nil
      result += spelling(scalar, after: previous, before: next)
      previous = scalar
    }
    return result
  }

  /// The text with its double quotes.
  package static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

  /// The text and a final newline: as a here-document where that is safe to read and write, else quoted.
  package static func literal(lines text: String) -> String {
    guard isHeredocSafe(text) else { return quoted(text + "\n") }
    return "<<\(marker)\n\(text)\n\(marker)"
  }

  /// What ends a here-document.
  static let marker = "TEMPLATE"
  /// What others would take for the start of a substitution.
  static let substitutions = ["$(", "${", "$$"]

  private static func spelling(
    _ scalar: Unicode.Scalar, after previous: Unicode.Scalar?, before next: Unicode.Scalar?
  ) -> String {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\n": "\\n"
    case "\t": "\\t"
    case "$" where previous == "$" || startsSubstitution(next): "\\u0024"
    case _ where scalar.value < 0x20 || scalar.value == 0x7f || scalar == reserved: unicode(scalar)
    default: String(scalar)
    }
  }

  private static func startsSubstitution(_ next: Unicode.Scalar?) -> Bool {
    next == "{" || next == "(" || next == "$"
  }

  private static func unicode(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// The one character that HCL keeps to itself, and refuses unless it is spelt as an escape.
  static let reserved: Unicode.Scalar = "\u{E123}"

  private static func holdsReserved(_ text: String) -> Bool { ByteText.holds(text, String(reserved)) }

  private static func isHeredocSafe(_ text: String) -> Bool {
    let substitutes = substitutions.contains { ByteText.holds(text, $0) }
    return !substitutes && !holdsReserved(text) && !ByteText.Traits(text).contains(.control)
      && !(ByteText.holds(text, marker) && endsEarly(text))
  }

  /// True where a line of the text would be taken for the end of the here-document.
  private static func endsEarly(_ text: String) -> Bool {
    text.unicodeScalars.split(separator: "\n").contains { line in
      line.drop { $0 == " " || $0 == "\t" }.elementsEqual(marker.unicodeScalars)
    }
  }
}

/// Text as a Go template spells it between double quotes.
package enum GoTemplateText {
  /// The text with quotes, backslashes and control characters escaped.
  package static func escaped(_ text: String) -> String {
    let isPlain = ByteText.Traits(text).isDisjoint(with: .escapedInQuotes)
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

/// Text with placeholders, replaced byte for byte: a placeholder counts even where a combining character follows.
package struct PlaceholderText {
  private let text: String

  package init(_ text: String) { self.text = text }

  /// The text with every occurrence of the placeholder replaced by the value.
  package func replacing(_ placeholder: String, with value: String) -> String {
    pieces(around: placeholder).joined(separator: value)
  }

  /// The text between the occurrences of the placeholder: one piece more than there are occurrences.
  package func pieces(around placeholder: String) -> [String] {
    ByteText.pieces(of: text, around: placeholder)
  }
}
