internal import Injection
internal import ManifestText
internal import Output

/// Writes nothing, and tells how the run ends by how bad the findings are.
struct Linting: Delivery {
  /// How bad a finding has to be for the run to end otherwise than well; nil where none does.
  private let threshold: Diagnostic.Severity?
  private var files = SameFiles()
  private var foundSomething = false

  init(failingOn threshold: Diagnostic.Severity?) { self.threshold = threshold }

  var ending: Ending { foundSomething ? .differencesFound : .done }

  func sink() -> NoDocuments { NoDocuments() }

  mutating func take(_ delivered: Delivered<NoDocuments>, _ report: inout Report) {
    var entry = delivered.entry
    if let status = delivered.input.status, let first = files.note(entry, status) { entry.repeats(first) }
    let findings = entry.findings + entry.objects.flatMap(\.findings)
    if let threshold { foundSomething = foundSomething || findings.contains { $0.severity.isAtLeast(threshold) } }
    report.add(entry)
  }
}

/// Takes documents, and keeps none.
struct NoDocuments: DocumentSink {
  mutating func keep(_ range: Range<Int>, of source: SourceText) {}
  mutating func add(_ document: Document, _ plan: DocumentPlan) {}
}

extension Diagnostic.Severity {
  /// True for one that is as bad as another, or worse.
  fileprivate func isAtLeast(_ other: Diagnostic.Severity) -> Bool { rank >= other.rank }

  private var rank: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .error: 2
    }
  }
}
