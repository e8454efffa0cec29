internal import ManifestText

/// A finding as a person reads it: where, what, the line itself with a caret, and how to mend it.
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
  func lines<Sink: ReportSink & ~Copyable>(_ console: borrowing Sink) -> [String] {
    let severity = console.styled("\(diagnostic.severity.rawValue):", style)
    var lines = ["\(place)\(severity) \(DiagnosticText.visible(diagnostic.message))"]
    lines += excerpt(console)
    if let template { lines.append("  \(console.styled("template:", .note)) \(DiagnosticText.visible(template))") }
    if let hint = diagnostic.hint { lines.append("  \(console.styled("hint:", .note)) \(hint)") }
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

  private func excerpt<Sink: ReportSink & ~Copyable>(_ console: borrowing Sink) -> [String] {
    guard let source, let range = diagnostic.range, let location, !source.bytes.isEmpty, !diagnostic.hidesText else {
      return []
    }
    let text = Array(source.lineText(around: range.lowerBound).unicodeScalars)
    guard !text.contains(where: { $0.value == 0 }) else { return [] }
    let isLong = text.count > DiagnosticText.widest
    let start = isLong ? max(0, location.column - 1 - DiagnosticText.widest / 2) : 0
    let shown = text.dropFirst(start).prefix(DiagnosticText.widest)
    let number = "\(location.line)"
    let margin = String(repeating: " ", count: number.count)
    let blank = shown.prefix(location.column - 1 - start).map { $0 == "\t" ? "\t" : " " }.joined()
    let length = max(1, min(width(of: range, in: source), shown.count - blank.count))
    let marks = "^" + String(repeating: "~", count: length - 1)
    return [
      "  \(number) | \(String(String.UnicodeScalarView(shown.map(DiagnosticText.visible))))",
      "  \(margin) | \(blank)\(console.styled(marks, style))",
    ]
  }

  /// How many characters of the range stand on its first line.
  private func width(of range: Range<Int>, in source: SourceText) -> Int {
    let bytes = source.bytes[range.clamped(to: source.bytes.indices)]
    return bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }.count { $0 & 0xC0 != 0x80 }
  }

  private static func visible(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\n" ? $0 : visible($0) }))
  }

  /// Control characters would move the caret, or worse, the terminal.
  private static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    scalar.value < 0x20 && scalar != "\t" || scalar.value == 0x7F ? "\u{FFFD}" : scalar
  }
}
