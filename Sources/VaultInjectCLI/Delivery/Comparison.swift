internal import Output
internal import ManifestText

/// Writes nothing, and tells or shows what would change.
struct Comparison: Delivery {
  private(set) var isOpen = true
  private let diffs: DiffPrinter?
  private var files = SameFiles()
  private var foundDifferences = false

  /// Names the inputs that would change, and shows how where that is asked for.
  init(showsDiff: Bool) { diffs = showsDiff ? DiffPrinter() : nil }

  var ending: Ending { foundDifferences ? .differencesFound : .done }

  func sink() -> DocumentRenderer { DocumentRenderer(format: nil) }

  mutating func take(_ delivered: Delivered<DocumentRenderer>, _ report: inout Report) {
    var entry = delivered.entry
    if let status = delivered.input.status, let first = files.note(entry, status) {
      entry.repeats(first)
      return report.add(entry)
    }
    if entry.isChanged {
      foundDifferences = true
      entry.fate = .wouldChange
    }
    report.add(entry)
    if entry.isChanged, let diffs { isOpen = diffs.print(diffs.diff(delivered), &report) }
  }
}
