package import Injection
package import ManifestText
package import Output

/// Prints results on standard output, one input after the other.
struct Printing: Delivery {
  /// False once standard output is closed.
  private(set) var isOpen = true
  private let format: OutputFormat?
  private var separator: DocumentSeparator
  private let substitute: String?
  /// True once something was printed that is not white space.
  private var hasPrinted = false
  /// What is printed only if what was selected is met, with what is reported then.
  private var held: [(delivered: Delivered, entry: ReportEntry)] = []

  /// Prints in a format; `insteadOfNothing` is for readers who take no output for a failure.
  init(format: OutputFormat?, insteadOfNothing substitute: String? = nil) {
    self.format = format
    self.substitute = substitute
    separator = DocumentSeparator(isNeeded: format == nil || format == .yaml)
  }

  func renderer() -> DocumentRenderer { DocumentRenderer(format: format) }

  mutating func take(_ delivered: Delivered, _ report: inout Report) {
    var entry = delivered.entry
    report.look(in: &entry)
    guard !report.waitsForSelection else { return held.append((delivered, entry)) }
    for (delivered, entry) in held { deliver(delivered, entry, &report) }
    held = []
    deliver(delivered, entry, &report)
  }

  private mutating func deliver(_ delivered: Delivered, _ entry: ReportEntry, _ report: inout Report) {
    report.add(entry)
    guard isOpen, !delivered.result.isRefused else { return }
    var output = delivered.sink.output
    hasPrinted = hasPrinted || !output.isBlank
    write(&output, isJSON: delivered.sink.isJSON, &report)
  }

  mutating func finish(_ report: inout Report) {
    for var (_, entry) in held {
      entry.fate = .withheld
      report.add(entry)
    }
    if held.contains(where: { !$0.entry.isRefused }) { report.tellOfSelectionBesideRefusal() }
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

/// Printing and rewriting the same inputs, in memory, so that tests can compare the results.
package struct InMemoryDelivery {
  private let transform: any DocumentTransform

  package init(_ transform: any DocumentTransform) { self.transform = transform }

  /// What is printed of inputs, those that are refused left out.
  package func printed(_ sources: [SourceText], format: OutputFormat? = nil) -> [UInt8] {
    var separator = DocumentSeparator(isNeeded: format == nil || format == .yaml)
    return sources.reduce(into: []) { bytes, source in
      var sink = DocumentRenderer(format: format)
      guard !run(source, .everyInput, &sink).isRefused else { return }
      var output = sink.output
      bytes += separator.separate(&output, isJSON: sink.isJSON).bytes
      bytes += output.bytes
    }
  }

  /// Whether an input is refused where all of it is read.
  package func refusesToPrint(_ source: SourceText) -> Bool {
    var sink = DocumentRenderer(format: nil)
    return run(source, .everyInput, &sink).isRefused
  }

  /// What a file is rewritten with, and whether that is a change; nil where it is refused.
  package func written(_ source: SourceText) -> (bytes: [UInt8], isChanged: Bool)? {
    var sink = DocumentRenderer(format: nil)
    let result = run(source, .concernedInputs, &sink)
    return result.isRefused ? nil : (sink.output.bytes, result.isChanged)
  }

  private func run(
    _ source: SourceText, _ scope: DocumentPipeline.Scope, _ sink: inout DocumentRenderer
  ) -> DocumentPipeline.Result {
    DocumentPipeline(transform: transform, scope: scope).run(source, into: &sink) { _ in }
  }
}
