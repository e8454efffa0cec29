internal import Injection
internal import ManifestText
internal import Workloads

/// The report as lines for people: each as soon as it is known.
struct TextReport: ReportWriter {
  /// How much is told.
  enum Verbosity: Comparable {
    /// Only what went wrong.
    case errors
    /// What happened, or should have.
    case news
    /// Also what stayed as it is.
    case unchanged
    /// Also what was left out.
    case everything
  }

  let verbosity: Verbosity

  mutating func add(_ entry: ReportEntry, to console: inout Console) {
    var lines = entry.source.map(LineCounter.init)
    for plan in entry.objects {
      if shows(plan.outcome.row.kind), let line = lines?.line(of: plan.offset ?? 0) {
        console.line("\(entry.name ?? ""):\(line): \(TextReport.line(plan, console))")
      }
      for diagnostic in plan.findings + plan.refusals { show(diagnostic, of: entry, on: &console) }
    }
    for diagnostic in entry.findings { show(diagnostic, of: entry, on: &console) }
    if let fate = entry.fate, verbosity > .errors { console.line("\(entry.name ?? ""): \(TextReport.text(fate))") }
  }

  mutating func finish(_ console: inout Console) {}

  private func shows(_ kind: OutcomeRow.Kind) -> Bool {
    switch kind {
    case .change, .refusal: verbosity >= .news
    case .none: verbosity >= .unchanged
    case .leftOut: verbosity >= .everything
    }
  }

  private func show(_ diagnostic: Diagnostic, of entry: ReportEntry, on console: inout Console) {
    guard verbosity > .errors || diagnostic.severity == .error else { return }
    let text = DiagnosticText(diagnostic: diagnostic, source: entry.source, name: entry.name)
    for line in text.lines(console) { console.line(line) }
  }

  private static func text(_ fate: ReportEntry.Fate) -> String {
    switch fate {
    case .wouldChange: "would change"
    case .rewritten: "rewritten"
    case .sameFile(let name): "is the same file as \(name)"
    }
  }

  /// What became of an object, such as `Deployment/web injected: container tvsi-vault-agent, volume secrets`.
  private static func line(_ plan: ObjectPlan, _ console: borrowing Console) -> String {
    let name = plan.object?.displayName ?? "document"
    let row = plan.outcome.row
    return switch row.kind {
    case .change: "\(name) \(console.styled(row.word, .success)): \(row.details)"
    case .none, .leftOut: "\(name) \(row.word)\(row.reason.map { ": \($0)" } ?? "")"
    case .refusal: "\(name) \(console.styled(row.word, .error))"
    }
  }
}
