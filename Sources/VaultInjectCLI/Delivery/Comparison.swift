internal import ArgumentParser
internal import ManifestText

/// Writes nothing, and tells or shows what would change.
struct Comparison: Delivery {
  let scope = DocumentPipeline.Scope.concernedDocuments
  private(set) var isOpen = true
  private let namesInputs: Bool
  private let diffs: DiffPrinter?
  private var files = SameFiles()
  private var foundDifferences = false

  /// Names the inputs that would change, shows how, or both.
  init(namesInputs: Bool, showsDiff: Bool) {
    self.namesInputs = namesInputs
    diffs = showsDiff ? DiffPrinter() : nil
  }

  var exitCode: ExitCode { foundDifferences ? .differencesFound : .success }

  func sink() -> DocumentRenderer { DocumentRenderer(format: nil) }

  mutating func take(_ delivered: Delivered<DocumentRenderer>, _ report: inout Report) {
    var entry = delivered.entry
    if let status = delivered.input.status, let first = files.note(entry, status) {
      entry.repeats(first)
      return report.add(entry)
    }
    if entry.isChanged {
      foundDifferences = true
      if namesInputs { entry.fate = .wouldChange }
    }
    report.add(entry)
    if entry.isChanged, let diffs { isOpen = diffs.print(diffs.diff(delivered), &report) }
  }
}
