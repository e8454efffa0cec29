internal import Injection
internal import Output
internal import ManifestText

/// Prints results on standard output, one input after the other.
struct Printing: Delivery {
  /// False once nobody takes what is printed.
  private(set) var isOpen = true
  private let format: OutputFormat?
  private var separator: DocumentSeparator
  private let substitute: String?
  /// True once something was printed that is not white space.
  private var hasPrinted = false

  /// Prints in a format; `insteadOfNothing` is for readers who take no output for a failure.
  init(format: OutputFormat?, insteadOfNothing substitute: String? = nil) {
    self.format = format
    self.substitute = substitute
    separator = DocumentSeparator(isNeeded: format == nil || format == .yaml)
  }

  func sink() -> DocumentRenderer { DocumentRenderer(format: format) }

  mutating func take(_ delivered: Delivered<DocumentRenderer>, _ report: inout Report) {
    report.add(delivered.entry)
    guard !delivered.result.isRefused else { return }
    var output = delivered.sink.output
    hasPrinted = hasPrinted || !output.isBlank
    write(&output, isJSON: delivered.sink.isJSON, &report)
  }

  mutating func finish(_ report: inout Report) {
    guard let substitute, !hasPrinted, isOpen, report.failure == nil else { return }
    var output = OutputBuffer()
    output.append(substitute)
    write(&output, isJSON: false, &report)
  }

  private mutating func write(_ output: inout OutputBuffer, isJSON: Bool, _ report: inout Report) {
    do throws(OutputError) {
      var between = separator.separate(&output, isJSON: isJSON)
      try between.write()
      try output.write()
    } catch {
      isOpen = false
      report.fail(error)
    }
  }
}
