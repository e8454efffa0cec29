internal import ManifestText
internal import Output
internal import Platform

/// Writes nothing, and tells or shows what would change.
struct Comparison: Delivery {
  private(set) var isOpen = true
  private let diffs: DiffPrinter?
  private var files = SameFiles()
  private var foundDifferences = false
  /// What is shown only if what was selected is met, with what is reported then.
  private var held: [(entry: ReportEntry, diff: OutputBuffer?)] = []

  /// Names the inputs that would change, and shows how where that is asked for.
  init(showsDiff: Bool) { diffs = showsDiff ? DiffPrinter() : nil }

  var ending: Ending { foundDifferences ? .differencesFound : .done }

  func renderer() -> DocumentRenderer { diffs == nil ? .nothing : DocumentRenderer(format: nil) }

  mutating func take(_ delivered: Delivered, _ report: inout Report) {
    var entry = delivered.entry
    if let status = delivered.input.status, let first = files.note(entry, status) {
      entry.repeats(first)
    } else if entry.isChanged {
      foundDifferences = true
      entry.fate = .wouldChange
    }
    guard let diffs else { return report.add(entry) }
    report.look(in: &entry)
    held.append((entry, entry.isChanged ? diffs.diff(delivered) : nil))
    if !report.waitsForSelection { showHeld(&report) }
  }

  private mutating func showHeld(_ report: inout Report) {
    for (entry, diff) in held {
      report.add(entry)
      if let diff, let diffs { isOpen = isOpen && diffs.print(diff, &report) }
    }
    held = []
  }

  mutating func finish(_ report: inout Report) {
    for (entry, _) in held { report.add(entry) }
    if held.contains(where: { $0.diff != nil }) { report.tellOfSelectionBesideRefusal() }
    held = []
  }
}

/// Prints on standard output what changes in each input.
struct DiffPrinter {
  private let style = DiffStyle(for: .standardOutput)

  /// What changes in an input.
  func diff(_ delivered: Delivered) -> OutputBuffer {
    let source = delivered.input.source
    let diff = UnifiedDiff(from: source.bytes, to: delivered.sink.output.bytes)
    var output = OutputBuffer()
    diff.append(to: &output, names: (source.name, source.name), style)
    return output
  }

  /// Prints what changes in an input; false where standard output is closed.
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
