internal import ArgumentParser

/// How the report is made.
struct ReportOptions: ParsableArguments {
  @Option(name: .customLong("report"), help: "The report on standard error: text or json.")
  var format = ReportFormat.text

  @Flag(name: [.short, .long], help: "No report; errors are still shown.")
  var quiet = false

  @Flag(name: [.short, .long], help: "Report objects that stay as they are with -i and --check, too.")
  var verbose = false

  /// Lines for people, as commands without these options report.
  static var textual: ReportOptions {
    var options = ReportOptions()
    (options.format, options.quiet, options.verbose) = (.text, false, false)
    return options
  }

  /// How much people are told.
  func verbosity(showsUnchanged: Bool) -> TextReport.Verbosity {
    if quiet { return .errors }
    if verbose { return .everything }
    return showsUnchanged ? .unchanged : .news
  }
}
