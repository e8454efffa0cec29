internal import Injection
internal import ManifestText
internal import Workloads

/// The report as lines for people: each as soon as it is known.
struct TextReport: ReportWriter {
  /// How much is reported.
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
  var configurationFiles: [String] = []
  var namesObjects = false
  /// True once there was something to tell.
  private var hasTold = false
  private var summary: RunSummary?
  private var repeated = RepeatedNotes()

  init(verbosity: Verbosity) { self.verbosity = verbosity }

  mutating func add<Sink: ReportSink & ~Copyable>(_ entry: ReportEntry, to sink: inout Sink) {
    lazy var lines = entry.source.map(LineIndex.init)
    lazy var templates = HelmTemplates(entry.source)
    for plan in entry.objects {
      if shows(plan.outcome.row.kind), let line = lines?.line(of: plan.offset ?? 0) {
        let text: ShownText = "\(entry.name ?? ""):\(line): \(self.line(plan, isPending: entry.isPending, sink))"
        tell(text.wrapped(columns: sink.columns, indent: 4), on: &sink)
        let values = ChangedValueText(joint: plan.outcome.row.isTakenOut ? " in place of " : " → ")
        for line in values.lines(plan.outcome.row.differences, most: verbosity == .everything ? nil : 8) {
          tell("  \(line)", on: &sink)
        }
      }
      for diagnostic in plan.findings + plan.refusals {
        show(diagnostic, of: entry, at: &lines, &templates, on: &sink)
      }
    }
    for diagnostic in entry.findings { show(diagnostic, of: entry, at: &lines, &templates, on: &sink) }
    if let text = entry.fate.flatMap(TextReport.text), verbosity > .errors {
      tell("\(entry.name ?? ""): \(text)", on: &sink)
    }
  }

  mutating func add<Sink: ReportSink & ~Copyable>(_ account: ClusterAccount, to sink: inout Sink) {
    guard verbosity > .errors else { return }
    for line in account.lines { tell(ShownText(of: line), on: &sink) }
  }

  mutating func add<Sink: ReportSink & ~Copyable>(_ summary: RunSummary, to sink: inout Sink) {
    self.summary = summary
  }

  /// Names the configuration files where there was anything to tell, and says in one line what the run comes to.
  mutating func finish<Sink: ReportSink & ~Copyable>(_ sink: inout Sink) {
    guard verbosity > .errors else { return }
    for line in repeated.lines(sink) { tell(line, on: &sink) }
    if hasTold { nameConfiguration(on: &sink) }
    guard let summary else { return }
    sink.line(ShownText(of: summary.text(tellsUnchanged: verbosity >= .unchanged)))
    if let hint = summary.hint { sink.line("  \(sink.styled("hint:", .note)) \(ShownText(of: hint))") }
  }

  private mutating func tell<Sink: ReportSink & ~Copyable>(_ line: ShownText, on sink: inout Sink) {
    hasTold = true
    sink.line(line)
  }

  private func shows(_ kind: OutcomeRow.Kind) -> Bool {
    switch kind {
    case .change, .refusal: verbosity >= .news
    case .none: verbosity >= .unchanged
    case .leftOut: verbosity >= .everything
    }
  }

  private mutating func show<Sink: ReportSink & ~Copyable>(
    _ diagnostic: Diagnostic, of entry: ReportEntry, at lines: inout LineIndex?, _ templates: inout HelmTemplates?,
    on sink: inout Sink
  ) {
    guard verbosity > .errors || diagnostic.severity == .error else { return }
    let location = diagnostic.range.flatMap { lines?.location(of: $0.lowerBound) }
    let place = location.map { "\($0)" } ?? entry.source?.name ?? entry.name ?? ""
    if verbosity < .everything, repeated.holdsBack(diagnostic, at: place) { return }
    let template = diagnostic.range.flatMap { templates?.name(at: $0.lowerBound) }
    let text = DiagnosticText(
      diagnostic: diagnostic, source: entry.source, name: entry.name, location: location, template: template)
    for line in text.lines(sink) { tell(line, on: &sink) }
  }

  /// What became of a file; nil where its objects tell.
  private static func text(_ fate: ReportEntry.Fate) -> ShownText? {
    switch fate {
    case .wouldChange, .withheld: nil
    case .rewritten: "rewritten"
    case .sameFile(let name): "is the same file as \(name)"
    }
  }

  /// What is added; volumes are told only where everything is.
  private func details(of row: OutcomeRow) -> String { row.details(withVolumes: verbosity == .everything) }

  /// What became of an object, such as `Deployment/web injected: container tvsi-vault-agent, volume secrets`.
  private func line<Sink: ReportSink & ~Copyable>(
    _ plan: ObjectPlan, isPending: Bool, _ console: borrowing Sink
  ) -> ShownText {
    let name = plan.object?.displayName ?? "document"
    let row = plan.outcome.row
    return switch row.kind {
    case .change: "\(name) \(console.styled("\(row.word(isPending: isPending))", .success)): \(details(of: row))"
    case .none, .leftOut: "\(name) \(row.word)\(row.reason.map { ": \($0)" } ?? "")"
    case .refusal: "\(name) \(console.styled("\(row.word)", .error))"
    }
  }
}
