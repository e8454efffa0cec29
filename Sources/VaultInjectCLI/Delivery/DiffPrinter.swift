internal import Output
internal import ManifestText
internal import Platform

/// Prints on standard output what changes in each input.
struct DiffPrinter {
  private let manner = DiffManner(for: .standardOutput)

  /// What changes in an input.
  func diff(_ delivered: Delivered<DocumentRenderer>) -> OutputBuffer {
    let source = delivered.input.source
    let diff = UnifiedDiff(from: source.bytes, to: delivered.sink.output.bytes)
    var output = OutputBuffer()
    diff.append(to: &output, names: (source.name, source.name), manner)
    return output
  }

  /// Prints what changes in an input; false where nobody takes what is printed.
  func print(_ diff: OutputBuffer, _ report: inout Report) -> Bool {
    // What was reported before belongs before it on a terminal too.
    report.flush()
    do throws(OutputError) {
      var diff = diff
      try diff.write()
      return true
    } catch {
      report.fail(error)
      return false
    }
  }
}
