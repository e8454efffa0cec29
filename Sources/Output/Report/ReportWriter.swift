internal import ManifestText
internal import Platform

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
  /// GitLab's code quality report.
  case gitlab
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

  /// Takes what the run comes to, before it is finished.
  mutating func add<Sink: ReportSink & ~Copyable>(_ summary: RunSummary, to sink: inout Sink)
}

extension ReportWriter {
  mutating func add<Sink: ReportSink & ~Copyable>(_ account: ClusterAccount, to sink: inout Sink) {}

  mutating func finish<Sink: ReportSink & ~Copyable>(_ sink: inout Sink) {}

  mutating func add<Sink: ReportSink & ~Copyable>(_ summary: RunSummary, to sink: inout Sink) {}
}

extension ReportWriter {
  /// Names the configuration files in the last line of a report that is read line by line.
  func nameConfiguration<Sink: ReportSink & ~Copyable>(on sink: inout Sink) {
    guard !configurationFiles.isEmpty else { return }
    sink.line("configuration: \(configurationFiles.joined(separator: ", "))")
  }
}

extension ReportFormat {
  /// A writer of this form; the verbosity applies to reports for people.
  func writer(_ verbosity: TextReport.Verbosity) -> any ReportWriter {
    switch self {
    case .text: TextReport(verbosity: verbosity)
    case .json: JSONReport()
    case .sarif: SARIFReport()
    case .github: GitHubReport()
    case .gitlab: GitLabReport()
    }
  }
}

/// How the report is made.
package struct ReportSettings {
  let format: ReportFormat
  /// The file it is written into; nil for standard error.
  let file: String?
  /// True where only errors are shown.
  let isQuiet: Bool
  /// True where objects that stay as they are are reported as well.
  let isVerbose: Bool

  package init(format: ReportFormat = .text, file: String? = nil, isQuiet: Bool = false, isVerbose: Bool = false) {
    (self.format, self.file, self.isQuiet, self.isVerbose) = (format, file, isQuiet, isVerbose)
  }

  /// The verbosity of reports for people.
  func verbosity(showsUnchanged: Bool) -> TextReport.Verbosity {
    if isQuiet { return .errors }
    if isVerbose { return .everything }
    return showsUnchanged ? .unchanged : .news
  }
}

/// Where the report goes, line by line.
protocol ReportSink: ~Copyable {
  /// Takes a line, which may hold several.
  mutating func line(_ text: ShownText)

  /// How wide lines may be; nil where they are as long as what they say.
  var columns: Int? { get }

  /// The text in the colour of its meaning, where colours show.
  borrowing func styled(_ text: ShownText, _ style: Console.Style) -> ShownText
}

extension Console: ReportSink {}

extension ReportSink where Self: ~Copyable {
  var columns: Int? { nil }

  /// Takes a value as a line of JSON.
  mutating func json(_ value: Value) {
    line(ShownText(json: value))
  }
}

/// A file that takes the report in the place of standard error, all of it at the end.
struct ReportFile: ReportSink {
  let path: String
  private let descriptor: FileDescriptor
  private let isNew: Bool
  private var text = OutputBuffer()

  /// Opens the file, or makes it; what is in it stays until the report is written.
  init(_ path: String) throws(OutputError) {
    self.path = path
    do throws(SystemError) {
      (descriptor, isNew) = try FileDescriptor.openingForWriting(path)
    } catch {
      throw OutputError(path, error)
    }
  }

  mutating func line(_ text: ShownText) {
    self.text.append(text.line)
    self.text.append("\n")
  }

  func styled(_ text: ShownText, _ style: Console.Style) -> ShownText { text }

  /// Whether the file is one of these, where the report would destroy what it is about.
  func isOne(of paths: some Sequence<String>) -> Bool {
    guard let own = try? descriptor.status(), own.kind == .file else { return false }
    return paths.contains { (try? FileStatus(of: $0))?.identity == own.identity }
  }

  /// Writes the report.
  mutating func finish() throws(OutputError) {
    defer { descriptor.close() }
    descriptor.empty()
    try text.write(to: descriptor, named: path)
  }

  /// Leaves the file as it was.
  func abandon() {
    descriptor.close()
    if isNew { FileDescriptor.remove(path) }
  }
}
