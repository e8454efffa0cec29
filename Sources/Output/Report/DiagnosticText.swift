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
    var lines: [ShownText] = ["\(place)\(severity) \(lines: diagnostic.message)"]
    lines += excerpt(console)
    if let template { lines.append("  \(console.styled("template:", .note)) \(template)") }
    if let hint = diagnostic.hint { lines.append("  \(console.styled("hint:", .note)) \(lines: hint)") }
    return lines
  }

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

/// How many columns of a terminal characters take.
enum TerminalWidth {
  /// 0 for what is put onto the character before, 2 for the wide ones of East Asia and for pictures, else 1.
  static func columns(of scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: return scalar.properties.isEmojiPresentation || wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }
  }

  /// What Unicode calls wide or fullwidth.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
    0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]
}
