internal import Output

/// Writes nothing, as an object is not there that was named, and reports what would have become of the files.
struct Withholding: Delivery {
  let needsEveryInput = true
  private var files = SameFiles()

  /// Results are made all the same: what `lint` tells is found in them.
  func renderer() -> DocumentRenderer { DocumentRenderer(format: nil) }

  mutating func take(_ delivered: Delivered, _ report: inout Report) {
    var entry = delivered.entry
    if let status = delivered.input.status, let first = files.note(entry, status) {
      entry.repeats(first)
    } else if entry.isChanged {
      entry.fate = .withheld
    }
    report.add(entry)
  }

  mutating func finish(_ report: inout Report) { report.tellOfSelectionBesideRefusal() }
}
