internal import ManifestText

/// A finding as a person reads it: where, what, the line itself with a caret, and how to fix it.
struct DiagnosticText {
  /// Longer lines are cut around the place that matters.
  private static let widest = 100

  let diagnostic: Diagnostic
  /// The input the finding is about; nil where it is about none.
  let source: SourceText?
  /// The input's name, where there is no text to point into.
  var name: String?
  /// Where in the input that is; nil where it is about the input as a whole.
  var location: Location?
  /// The template of a chart that this came from, where Helm made the input.
  var template: String?

  /// The lines to show, with the severity in its colour.
  func lines<Sink: ReportSink & ~Copyable>(_ console: borrowing Sink) -> [ShownText] {
    let severity = console.styled("\(diagnostic.severity.rawValue):", style)
    let message: ShownText = "\(place)\(severity) \(lines: diagnostic.message)\(ruleName)"
    var lines = [message.wrapped(columns: console.columns, indent: 4)]
    lines += excerpt(console)
    if let template { lines.append("  \(console.styled("template:", .note)) \(template)") }
    if let hint = diagnostic.hint {
      let text: ShownText = "  \(console.styled("hint:", .note)) \(lines: hint)"
      lines.append(text.wrapped(columns: console.columns, indent: 8))
    }
    return lines
  }

  /// The rule that `--ignore` and `explain rule` take; nothing for a fault.
  private var ruleName: String { diagnostic.rule.isIgnorable ? " [\(diagnostic.rule.id)]" : "" }

  private var style: Console.Style {
    switch diagnostic.severity {
    case .error: .error
    case .warning: .warning
    case .note: .note
    }
  }

  private var place: String {
    if let location { return "\(location): " }
    return (source?.name ?? name).map { "\($0): " } ?? ""
  }

  private func excerpt<Sink: ReportSink & ~Copyable>(_ console: borrowing Sink) -> [ShownText] {
    guard let source, let range = diagnostic.range, let location, !source.bytes.isEmpty, !diagnostic.hidesText else {
      return []
    }
    let line = source.lineText(around: range.lowerBound)
    let scalars = Array(line.unicodeScalars)
    guard !scalars.contains(where: { $0.value == 0 }), !ShownText.holdsSecret(line) else { return [] }
    let isLong = scalars.count > DiagnosticText.widest
    let start = isLong ? max(0, location.column - 1 - DiagnosticText.widest / 2) : 0
    let shown = scalars.dropFirst(start).prefix(DiagnosticText.widest)
    let excerpt = Excerpt(shown)
    let first = min(location.column - 1 - start, shown.count)
    let last = min(first + width(of: range, in: source), shown.count)
    let blank = String(repeating: " ", count: excerpt.columns(before: first))
    let marks = "^" + String(repeating: "~", count: max(1, excerpt.columns(of: first..<last)) - 1)
    let margin = String(repeating: " ", count: "\(location.line)".count)
    return [
      "  \(location.line) | \(excerpt.text)",
      "  \(margin) | \(blank)\(console.styled("\(marks)", style))",
    ]
  }

  /// How many characters of the range stand on its first line.
  private func width(of range: Range<Int>, in source: SourceText) -> Int {
    let bytes = source.bytes[range.clamped(to: source.bytes.indices)]
    return bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }.count { $0 & 0xC0 != 0x80 }
  }
}

/// A line of an input as it is shown, each character in columns of its own.
///
/// A character that would move the cursor, or reorder the line, has a sign in its place, and a tab has spaces.
struct Excerpt {
  /// A character as it is shown.
  private struct Cell {
    let text: String
    let width: Int

    init(_ scalar: Unicode.Scalar, at column: Int) {
      if scalar == "\t" {
        width = Excerpt.tabWidth - column % Excerpt.tabWidth
        text = String(repeating: " ", count: width)
      } else if VisibleText.hides(scalar) {
        (text, width) = ("\u{FFFD}", 1)
      } else {
        (text, width) = (String(scalar), TerminalWidth.columns(of: scalar))
      }
    }
  }

  private static let tabWidth = 8

  private let cells: [Cell]

  /// Shows some characters.
  init(_ scalars: ArraySlice<Unicode.Scalar>) {
    var column = 0
    cells = scalars.map { scalar in
      let cell = Cell(scalar, at: column)
      column += cell.width
      return cell
    }
  }

  /// The line.
  var text: String { cells.map(\.text).joined() }

  /// How many columns come before a character.
  func columns(before index: Int) -> Int { cells.prefix(index).reduce(0) { $0 + $1.width } }

  /// How many columns some characters take.
  func columns(of range: Range<Int>) -> Int {
    columns(before: range.upperBound) - columns(before: range.lowerBound)
  }
}
