internal import ArgumentParser
internal import ManifestText

/// Writes nothing, and tells what would change.
struct Comparison: Delivery {
  let scope = DocumentPipeline.Scope.concernedDocuments
  private var foundDifferences = false

  var exitCode: ExitCode { foundDifferences ? .differencesFound : .success }

  func sink() -> DocumentRenderer { DocumentRenderer(format: nil) }

  mutating func take(_ delivered: Delivered<DocumentRenderer>, _ report: inout Report) {
    var entry = delivered.entry
    if delivered.result.isChanged, !delivered.result.isRefused {
      foundDifferences = true
      entry.fate = .wouldChange
    }
    report.add(entry)
  }
}
