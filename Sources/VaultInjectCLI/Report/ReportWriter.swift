internal import ArgumentParser

/// The form of the report.
package enum ReportFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
  /// Lines for people.
  case text
  /// One JSON object for machines.
  case json
}

/// Writes the report in one of its forms.
protocol ReportWriter {
  /// Takes what there is to report of an input.
  mutating func add(_ entry: ReportEntry, to console: inout Console)

  /// Writes what can only be written when everything is known.
  mutating func finish(_ console: inout Console)
}

extension ReportFormat {
  /// A writer of this form; what people read can be had shorter or longer.
  func writer(_ verbosity: TextReport.Verbosity) -> any ReportWriter {
    switch self {
    case .text: TextReport(verbosity: verbosity)
    case .json: JSONReport()
    }
  }
}
