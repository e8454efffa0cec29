/// Text in which every character that a terminal or a log could interpret is escaped.
package enum VisibleText {
  /// True for a character that moves a cursor, reorders what stands around it, ends a line or shows nothing at all.
  ///
  /// These are control and format characters, among them those of bidirectional text, line and paragraph separators,
  /// and code points without an agreed meaning. Variation selectors are not among them.
  package static func hides(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7F { return scalar.value < 0x20 }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return true
    default: return scalar.properties.isDefaultIgnorableCodePoint && !(0xFE00...0xFE0F).contains(scalar.value)
    }
  }

  /// The text with each such character as `<U+001B>`; those that are kept stand as they are.
  package static func spelt(_ text: String, keeping kept: [Unicode.Scalar] = []) -> String {
    let visible = text.utf8.allSatisfy { $0 &- 0x20 < 0x5F } ? text : spelling(text, keeping: kept)
    return withoutMarks(visible)
  }

  private static func spelling(_ text: String, keeping kept: [Unicode.Scalar]) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if hides(scalar), !kept.contains(scalar) {
        result.append(contentsOf: spelling(scalar).unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// `<U+001B>`.
  package static func spelling(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "<U+\(String(repeating: "0", count: max(0, 4 - digits.utf8.count)))\(digits)>"
  }

  // MARK: Commands to whoever reads a log

  /// How commands begin that CI systems look for anywhere in a line: GitHub, Azure Pipelines, TeamCity.
  private static let marks = ["##[", "##vso[", "##teamcity["]

  /// The text with the second sign of each such beginning spelt in another way.
  package static func withoutMarks(_ text: String, spelling sign: String = spelling("#")) -> String {
    guard ByteText.holds(text, "##") else { return text }
    return marks.reduce(text) { text, mark in
      ByteText.pieces(of: text, around: mark).joined(separator: "#\(sign)\(mark.dropFirst(2))")
    }
  }

  /// The text with each line changed that begins as GitHub's commands do, which may be indented.
  package static func withoutCommands(_ text: String) -> String {
    guard ByteText.holds(text, "::") else { return text }
    let lines = ByteText.pieces(of: text, around: "\n").map { line in
      let start = line.unicodeScalars.firstIndex { !$0.properties.isWhitespace } ?? line.endIndex
      guard line.unicodeScalars[start...].starts(with: "::".unicodeScalars) else { return line }
      return line[..<start] + spelling(":") + line[line.unicodeScalars.index(after: start)...]
    }
    return lines.joined(separator: "\n")
  }
}
