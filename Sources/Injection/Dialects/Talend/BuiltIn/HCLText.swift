internal import ManifestText

/// Text as HCL spells it, safe on its way through a manifest.
///
/// A `$` that Kubernetes (`$(NAME)`, `$$`), Flux (`${NAME}`) or HCL itself (`${…}`) would take for the start of a
/// substitution is spelt `\u0024`.
package enum HCLText {
  /// The text as it stands between two double quotes.
  package static func escaped(_ text: String) -> String {
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

  private static let marker = "TEMPLATE"

  private static func spelling(
    _ scalar: Unicode.Scalar, after previous: Unicode.Scalar?, before next: Unicode.Scalar?
  ) -> String {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\n": "\\n"
    case "\t": "\\t"
    case "$" where previous == "$" || startsSubstitution(next): "\\u0024"
    case _ where scalar.value < 0x20 || scalar.value == 0x7f: unicode(scalar)
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

  private static func isHeredocSafe(_ text: String) -> Bool {
    let hasMark = ByteText.pieces(of: text, around: marker).count > 1
    let substitutes = ["$(", "${", "$$"].contains { ByteText.pieces(of: text, around: $0).count > 1 }
    return !substitutes && !ByteText.Traits(text).contains(.control) && !(hasMark && endsEarly(text))
  }

  /// True where a line of the text would be taken for the end of the here-document.
  private static func endsEarly(_ text: String) -> Bool {
    text.unicodeScalars.split(separator: "\n").contains { line in
      line.drop { $0 == " " || $0 == "\t" }.elementsEqual(marker.unicodeScalars)
    }
  }
}
