/// How the report is made.
package struct ReportSettings {
  let format: ReportFormat
  /// The file it is written into; nil for standard error.
  let file: String?
  /// True where only errors are shown.
  let isQuiet: Bool
  /// True where objects that stay as they are are told of as well.
  let isVerbose: Bool

  package init(format: ReportFormat = .text, file: String? = nil, isQuiet: Bool = false, isVerbose: Bool = false) {
    (self.format, self.file, self.isQuiet, self.isVerbose) = (format, file, isQuiet, isVerbose)
  }

  /// How much people are told.
  func verbosity(showsUnchanged: Bool) -> TextReport.Verbosity {
    if isQuiet { return .errors }
    if isVerbose { return .everything }
    return showsUnchanged ? .unchanged : .news
  }
}
