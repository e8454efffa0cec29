/// How the report is made.
struct ReportSettings {
  var format = ReportFormat.text
  /// The file it is written into; nil for standard error.
  var file: String?
  /// True where only errors are shown.
  var isQuiet = false
  /// True where objects that stay as they are are told of as well.
  var isVerbose = false

  /// How much people are told.
  func verbosity(showsUnchanged: Bool) -> TextReport.Verbosity {
    if isQuiet { return .errors }
    if isVerbose { return .everything }
    return showsUnchanged ? .unchanged : .news
  }
}
