internal import ManifestText

/// The form of the report.
package enum ReportFormat: String, CaseIterable, Sendable {
  /// Lines for people.
  case text
  /// One JSON object for machines.
  case json
  /// SARIF 2.1.0, for code scanning.
  case sarif
  /// Workflow commands, which GitHub shows as annotations.
  case github
}

/// Writes the report in one of its forms.
protocol ReportWriter {
  /// The configuration files in force, which decide what is injected.
  var configurationFiles: [String] { get set }
  /// Whether inputs are objects of a cluster, which are in no file.
  var namesObjects: Bool { get set }

  /// Takes what there is to report of an input.
  mutating func add<Sink: ReportSink & ~Copyable>(_ entry: ReportEntry, to sink: inout Sink)

  /// Takes what a cluster has now of what was asked for.
  mutating func add<Sink: ReportSink & ~Copyable>(_ account: ClusterAccount, to sink: inout Sink)

  /// Writes what can only be written when everything is known.
  mutating func finish<Sink: ReportSink & ~Copyable>(_ sink: inout Sink)
}

extension ReportWriter {
  mutating func add<Sink: ReportSink & ~Copyable>(_ account: ClusterAccount, to sink: inout Sink) {}

  mutating func finish<Sink: ReportSink & ~Copyable>(_ sink: inout Sink) {}
}

extension ReportWriter {
  /// Names the configuration files in the last line of a report that is read line by line.
  func nameConfiguration<Sink: ReportSink & ~Copyable>(on sink: inout Sink) {
    guard !configurationFiles.isEmpty else { return }
    sink.line("configuration: \(configurationFiles.joined(separator: ", "))")
  }
}

extension ReportFormat {
  /// A writer of this form; what people read can be had shorter or longer.
  func writer(_ verbosity: TextReport.Verbosity) -> any ReportWriter {
    switch self {
    case .text: TextReport(verbosity: verbosity)
    case .json: JSONReport()
    case .sarif: SARIFReport()
    case .github: GitHubReport()
    }
  }
}
