internal import ManifestText

/// Prints on standard output what changes in each input.
struct DiffPrinter {
  private let isColored = Console.allowsColor(on: .standardOutput)

  /// Prints one input's changes; false where nobody takes what is printed.
  func print(_ delivered: Delivered<DocumentRenderer>, _ report: inout Report) -> Bool {
    let source = delivered.input.source
    let diff = UnifiedDiff(from: source.bytes, to: delivered.sink.output.bytes)
    var output = OutputBuffer()
    diff.append(to: &output, names: (source.name, source.name), isColored: isColored)
    // What was reported before belongs before it on a terminal too.
    report.flush()
    do throws(OutputError) {
      try output.write()
      return true
    } catch {
      report.fail(error.exitCode, error.diagnostic)
      return false
    }
  }
}
