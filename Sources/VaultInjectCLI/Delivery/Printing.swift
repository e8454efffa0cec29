internal import ArgumentParser
internal import ManifestText

/// Prints results on standard output, one input behind the other.
struct Printing: Delivery {
  let scope = DocumentPipeline.Scope.everyDocument
  let exitCode = ExitCode.success
  /// False once nobody takes what is printed.
  private(set) var isOpen = true
  private let format: OutputFormat?
  private var separator: DocumentSeparator

  init(format: OutputFormat?) {
    self.format = format
    separator = DocumentSeparator(isNeeded: format == nil || format == .yaml)
  }

  func sink() -> DocumentRenderer { DocumentRenderer(format: format) }

  mutating func take(_ delivered: Delivered<DocumentRenderer>, _ report: inout Report) {
    report.add(delivered.entry)
    guard !delivered.result.isRefused else { return }
    var output = delivered.sink.output
    do throws(OutputError) {
      try separator.write(&output)
    } catch {
      isOpen = false
      report.fail(error.exitCode, error.diagnostic)
    }
  }
}
