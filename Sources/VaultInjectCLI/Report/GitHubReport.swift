internal import Injection
internal import ManifestText
internal import Workloads

/// The report as workflow commands, which GitHub shows as annotations beside the lines they are about.
struct GitHubReport: ReportWriter {
  private let places = ReportPlaces()

  mutating func add<Sink: ReportSink & ~Copyable>(_ entry: ReportEntry, to sink: inout Sink) {
    let lines = entry.source.map(LineIndex.init)
    for finding in entry.allFindings {
      let diagnostic = finding.diagnostic
      var properties = file(entry)
      if let region = diagnostic.range.flatMap({ ReportRegion($0, lines) }) { properties += position(region) }
      properties.append(("title", diagnostic.rule))
      let message = diagnostic.message + (diagnostic.hint.map { "\n\($0)" } ?? "")
      sink.line(GitHubReport.command(diagnostic.severity.workflowCommand, properties, message))
    }
    if entry.fate == .rewritten {
      sink.line(GitHubReport.command("notice", file(entry) + [("title", "rewritten")], changes(entry)))
    }
  }

  private func file(_ entry: ReportEntry) -> [(String, String)] {
    guard let name = entry.name, case .file(let path) = places.place(of: name) else { return [] }
    return [("file", path)]
  }

  /// GitHub takes columns only where a region is on one line, and counts the last one in.
  private func position(_ region: ReportRegion) -> [(String, String)] {
    let start = [("line", "\(region.startLine)"), ("col", "\(region.startColumn)")]
    if region.endLine > region.startLine { return start + [("endLine", "\(region.endLine)")] }
    return start + [("endColumn", "\(max(region.startColumn, region.endColumn - 1))")]
  }

  private func changes(_ entry: ReportEntry) -> String {
    let rows = entry.objects.map { ($0.object?.displayName ?? "document", $0.outcome.row) }
    return rows.filter { $0.1.kind == .change }.map { "\($0.0) \($0.1.word): \($0.1.details)" }.joined(separator: "\n")
  }

  /// A command as GitHub reads it, with what would end a part of it too early escaped.
  private static func command(_ name: String, _ properties: [(key: String, value: String)], _ message: String) -> String
  {
    let list = properties.map { "\($0.key)=\(escaped($0.value, alsoIn: [":": "%3A", ",": "%2C"]))" }
    return "::\(name) \(list.joined(separator: ","))::\(escaped(message))"
  }

  private static func escaped(_ text: String, alsoIn others: [Unicode.Scalar: String] = [:]) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      default: others[scalar] ?? String(scalar)
      }
    }.joined()
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
