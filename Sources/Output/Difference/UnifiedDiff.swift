internal import ManifestText

/// How two texts differ, in the form `diff -u` has it and `patch` and `git apply` take.
///
///     let diff = UnifiedDiff(from: old, to: new)
///     if !diff.isEmpty { diff.append(to: &output, names: (path, path), .forPrograms) }
package struct UnifiedDiff {
  private let old: TextLines
  private let new: TextLines
  private let changes: [LineChanges.Change]
  /// How many equal lines are shown around a change.
  private let context: Int

  /// Compares two texts line by line.
  package init(from old: [UInt8], to new: [UInt8], context: Int = 3) {
    let (oldLines, newLines) = (TextLines(old), TextLines(new))
    var numbering = LineNumbering()
    let (oldNumbers, newNumbers) = (numbering.numbers(of: oldLines), numbering.numbers(of: newLines))
    var changes = LineChanges.between(oldNumbers, newNumbers, numberCount: numbering.count)
    ChangeAlignment(oldLines, newLines).align(&changes)
    self.old = oldLines
    self.new = newLines
    self.changes = changes
    self.context = context
  }

  /// True where the texts are equal.
  package var isEmpty: Bool { changes.isEmpty }

  /// Writes the difference under the names of the two texts; nothing where they are equal.
  package func append(to output: inout OutputBuffer, names: (old: String, new: String), _ style: DiffStyle) {
    guard !isEmpty else { return }
    var writer = DiffWriter(style: style)
    writer.header("--- ", names.old, to: &output)
    writer.header("+++ ", names.new, to: &output)
    for hunk in hunks { append(hunk, to: &output, &writer) }
  }

  /// The changes, those together whose surroundings touch.
  private var hunks: [ArraySlice<LineChanges.Change>] {
    var hunks: [ArraySlice<LineChanges.Change>] = []
    var start = changes.startIndex
    for index in changes.indices.dropFirst() {
      let gap = changes[index].old.lowerBound - changes[index - 1].old.upperBound
      if gap > 2 * context {
        hunks.append(changes[start..<index])
        start = index
      }
    }
    hunks.append(changes[start...])
    return hunks
  }

  private func append(
    _ hunk: ArraySlice<LineChanges.Change>, to output: inout OutputBuffer, _ writer: inout DiffWriter
  ) {
    guard let first = hunk.first, let last = hunk.last else { return }
    let before = min(context, first.old.lowerBound)
    let after = min(context, old.count - last.old.upperBound)
    writer.hunk(
      old: first.old.lowerBound - before..<last.old.upperBound + after,
      new: first.new.lowerBound - before..<last.new.upperBound + after, to: &output)
    var shown = first.old.lowerBound - before
    for change in hunk {
      for line in shown..<change.old.lowerBound { writer.line(.kept, old[line], to: &output) }
      for line in change.old { writer.line(.removed, old[line], to: &output) }
      for line in change.new { writer.line(.added, new[line], to: &output) }
      shown = change.old.upperBound
    }
    for line in shown..<shown + after { writer.line(.kept, old[line], to: &output) }
  }
}
