internal import ArgumentParser
internal import ManifestText

/// Writes results back to the files they came from; files that need not change are not touched.
struct Rewriting: Delivery {
  let scope = DocumentPipeline.Scope.concernedDocuments
  let exitCode = ExitCode.success
  private var diffs: DiffPrinter?

  /// Rewrites files, and shows what changes in them where that is asked for.
  init(showsDiff: Bool) { diffs = showsDiff ? DiffPrinter() : nil }

  func check(_ inputs: [Input]) throws(InputError) {
    for input in inputs where !input.isUnusable && input.path == nil {
      throw InputError(.usage, .notAFile(input.name))
    }
  }

  func sink() -> DocumentRenderer { DocumentRenderer(format: nil) }

  mutating func take(_ delivered: Delivered<DocumentRenderer>, _ report: inout Report) {
    var entry = delivered.entry
    guard entry.isChanged else { return report.add(entry) }
    var output = delivered.sink.output
    do throws(OutputError) {
      try output.replaceFile(at: delivered.input.source.name)
      entry.fate = .rewritten
      report.add(entry)
      _ = diffs?.print(delivered, &report)
    } catch {
      report.add(entry)
      report.fail(error.exitCode, error.diagnostic)
    }
  }
}

extension Diagnostic {
  static func notAFile(_ name: String) -> Diagnostic {
    Diagnostic(
      rule: "usage", message: "\(name) is no file that could be rewritten in place",
      hint: "leave -i out to print the result")
  }
}
