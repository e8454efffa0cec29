internal import Injection
internal import ManifestText
internal import Platform
internal import Workloads

/// The report as workflow commands, which GitHub shows as annotations beside the lines they are about.
struct GitHubReport: ReportWriter {
  var configurationFiles: [String] = []
  var namesObjects = false
  private let places = ReportPlaces()
  /// True once there was something to tell.
  private var hasTold = false

  mutating func add<Sink: ReportSink & ~Copyable>(_ entry: ReportEntry, to sink: inout Sink) {
    let lines = entry.source.map(LineIndex.init)
    for finding in entry.allFindings {
      let diagnostic = finding.diagnostic
      var properties = file(entry)
      if let region = diagnostic.range.flatMap({ ReportRegion($0, lines) }) { properties += position(region) }
      properties.append(("title", diagnostic.rule.id))
      let name = namesObjects ? entry.name.map { "\($0): " } ?? "" : ""
      let message = name + diagnostic.message + (diagnostic.hint.map { "\n\($0)" } ?? "")
      tell(ShownText(command: diagnostic.severity.workflowCommand, properties: properties, message: message), on: &sink)
    }
    if entry.fate == .rewritten {
      tell(
        ShownText(command: "notice", properties: file(entry) + [("title", "rewritten")], message: changes(entry)),
        on: &sink)
    }
  }

  /// Names the configuration files in the last line, where there was anything to tell.
  mutating func finish<Sink: ReportSink & ~Copyable>(_ sink: inout Sink) {
    if hasTold { nameConfiguration(on: &sink) }
  }

  private mutating func tell<Sink: ReportSink & ~Copyable>(_ line: ShownText, on sink: inout Sink) {
    hasTold = true
    sink.line(line)
  }

  private func file(_ entry: ReportEntry) -> [(key: String, value: String)] {
    guard !namesObjects, let name = entry.name, case .file(let path) = places.place(of: name) else { return [] }
    return [("file", path)]
  }

  /// GitHub takes columns only where a region is on one line, and counts the last one in.
  private func position(_ region: ReportRegion) -> [(key: String, value: String)] {
    let start = [("line", "\(region.startLine)"), ("col", "\(region.startColumn)")]
    if region.endLine > region.startLine { return start + [("endLine", "\(region.endLine)")] }
    return start + [("endColumn", "\(max(region.startColumn, region.endColumn - 1))")]
  }

  private func changes(_ entry: ReportEntry) -> String {
    let rows = entry.objects.map { ($0.object?.displayName ?? "document", $0.outcome.row) }
    return rows.filter { $0.1.kind == .change }.map { "\($0.0) \($0.1.word): \($0.1.details)" }.joined(separator: "\n")
  }
}

extension Diagnostic.Severity {
  fileprivate var workflowCommand: String {
    switch self {
    case .error: "error"
    case .warning: "warning"
    case .note: "notice"
    }
  }
}
