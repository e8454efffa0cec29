internal import ManifestText

/// The report as GitLab's code quality report: a list of findings, each at a line of a file.
struct GitLabReport: ReportWriter {
  var configurationFiles: [String] = []
  var namesObjects = false
  private let places = ReportPlaces()
  private var fingerprints = FindingFingerprints()
  private var findings: [Value] = []

  mutating func add<Sink: ReportSink & ~Copyable>(_ entry: ReportEntry, to sink: inout Sink) {
    let lines = entry.source.map(LineIndex.init)
    for finding in entry.allFindings {
      let diagnostic = finding.diagnostic
      let path = entry.name.map(path) ?? ""
      let line = diagnostic.range.flatMap { ReportRegion($0, lines) }?.startLine ?? 1
      findings.append([
        "description": .string(diagnostic.plainText), "check_name": .string(diagnostic.rule.id),
        "fingerprint": .string(fingerprints.next(of: finding, at: path)),
        "severity": .string(diagnostic.severity.codeQuality),
        "location": ["path": .string(path), "lines": ["begin": .number("\(line)")]],
      ])
    }
  }

  mutating func finish<Sink: ReportSink & ~Copyable>(_ sink: inout Sink) { sink.json(.array(findings)) }

  private func path(of name: String) -> String {
    switch places.place(of: name) {
    case .file(let path): path
    case .other(let uri): uri
    }
  }
}

extension Diagnostic.Severity {
  /// The word of GitLab's code quality reports for it.
  fileprivate var codeQuality: String {
    switch self {
    case .error: "critical"
    case .warning: "major"
    case .note: "info"
    }
  }
}
