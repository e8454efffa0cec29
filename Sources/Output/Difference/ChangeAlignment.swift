/// Moves changes to where a person would see them, without changing what they come to.
///
/// Lines put between lines like them can be taken to begin at several places; of these the line that is indented
/// least makes the best beginning, for that is where an element or a key begins.
struct ChangeAlignment {
  private let old: TextLines
  private let new: TextLines

  init(_ old: TextLines, _ new: TextLines) {
    self.old = old
    self.new = new
  }

  /// Moves every change that only adds or only takes away lines.
  func align(_ changes: inout [LineChanges.Change]) {
    for index in changes.indices {
      let change = changes[index]
      guard change.old.isEmpty != change.new.isEmpty else { continue }
      let (lines, range) = change.new.isEmpty ? (old, change.old) : (new, change.new)
      // One equal line has to stay between two changes.
      let before = index > 0 ? change.new.lowerBound - changes[index - 1].new.upperBound - 1 : change.new.lowerBound
      let limit = index + 1 < changes.count ? changes[index + 1].new.lowerBound - 1 : new.count
      let offset = bestOffset(of: range, in: lines, up: before, down: limit - change.new.upperBound)
      changes[index] = LineChanges.Change(
        old: change.old.lowerBound + offset..<change.old.upperBound + offset,
        new: change.new.lowerBound + offset..<change.new.upperBound + offset)
    }
  }

  /// How far to move a change; the furthest down of places that are equally good.
  private func bestOffset(of range: Range<Int>, in lines: TextLines, up: Int, down: Int) -> Int {
    var (lowest, highest) = (0, 0)
    while -lowest < up, lines[range.lowerBound + lowest - 1] == lines[range.upperBound + lowest - 1] { lowest -= 1 }
    while highest < down, lines[range.lowerBound + highest] == lines[range.upperBound + highest] { highest += 1 }
    guard lowest < highest else { return 0 }
    let offsets = (lowest...highest).reversed()
    return offsets.min { indentation($0) < indentation($1) } ?? 0

    func indentation(_ offset: Int) -> Int { lines.indentation(of: range.lowerBound + offset) ?? Int.max }
  }
}
