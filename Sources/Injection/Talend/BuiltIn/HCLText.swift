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
    let scalars = Array(text.unicodeScalars)
    let substitutes = zip(scalars, scalars.dropFirst()).contains { $0 == "$" && startsSubstitution($1) }
    let hasControls = scalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" }
    let endsEarly = scalars.split(separator: "\n").contains { line in
      line.drop { $0 == " " || $0 == "\t" }.elementsEqual(marker.unicodeScalars)
    }
    return !substitutes && !hasControls && !endsEarly
  }
}
