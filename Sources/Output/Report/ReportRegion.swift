internal import ManifestText

/// A part of an input as machines name it: lines and columns from 1, the last column not counted in.
struct ReportRegion {
  let startLine: Int
  let startColumn: Int
  let endLine: Int
  let endColumn: Int

  /// The region of a range of bytes; nil where there is no text to point into.
  init?(_ range: Range<Int>, _ lines: LineIndex?) {
    guard let lines else { return nil }
    let (start, end) = (lines.location(of: range.lowerBound), lines.location(of: range.upperBound))
    (startLine, startColumn, endLine, endColumn) = (start.line, start.column, end.line, end.column)
  }
}
