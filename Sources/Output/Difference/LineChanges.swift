/// Where two lists of lines differ.
///
/// Myers' method in linear space finds the fewest changes. Where they are too many for that to be quick, lines that
/// occur once in both lists divide the work, and failing that the best place found so far: the changes are then
/// right, but perhaps not the fewest.
struct LineChanges {
  /// Old lines and the new lines that take their place; one of the two may be empty.
  struct Change: Equatable {
    var old: Range<Int>
    var new: Range<Int>
  }

  private struct Region {
    var old: Range<Int>
    var new: Range<Int>
    /// How often the region may still be divided at lines that occur once, each of which costs a look at all of it.
    var divisions: Int
  }

  private let old: [Int32]
  private let new: [Int32]
  private var oldIsChanged: [Bool]
  private var newIsChanged: [Bool]
  private var middles: MiddleSearch
  private var anchors: AnchorSearch

  /// The changes from one list to the other; lines are equal where their numbers are, all of them below a count.
  static func between(_ old: [Int32], _ new: [Int32], numberCount: Int) -> [Change] {
    var changes = LineChanges(old, new, numberCount: numberCount)
    changes.compare()
    return changes.result()
  }

  private init(_ old: [Int32], _ new: [Int32], numberCount: Int) {
    self.old = old
    self.new = new
    oldIsChanged = [Bool](repeating: false, count: old.count)
    newIsChanged = [Bool](repeating: false, count: new.count)
    middles = MiddleSearch(oldCount: old.count, newCount: new.count)
    anchors = AnchorSearch(numberCount: numberCount)
  }

  private mutating func compare() {
    var pending = [Region(old: old.indices, new: new.indices, divisions: 8)]
    while var region = pending.popLast() {
      trim(&region)
      if region.old.isEmpty || region.new.isEmpty {
        for index in region.old { oldIsChanged[index] = true }
        for index in region.new { newIsChanged[index] = true }
      } else {
        pending += parts(of: region)
      }
    }
  }

  /// Leaves out the equal lines at both ends.
  private func trim(_ region: inout Region) {
    while let i = region.old.first, let j = region.new.first, old[i] == new[j] {
      (region.old, region.new) = (region.old.dropFirst(), region.new.dropFirst())
    }
    while let i = region.old.last, let j = region.new.last, old[i] == new[j] {
      (region.old, region.new) = (region.old.dropLast(), region.new.dropLast())
    }
  }

  /// Smaller regions that together hold every difference of a region.
  private mutating func parts(of region: Region) -> [Region] {
    let grid = Grid(oldLines: old, old: region.old, newLines: new, new: region.new)
    let middle = middles.middle(of: grid)
    if !middle.isBest, region.divisions > 0 {
      let pairs = anchors.pairs(in: grid)
      if !pairs.isEmpty { return divided(region, at: pairs, keeping: 1, divisions: region.divisions - 1) }
    }
    let divisions = middle.isBest ? region.divisions : 0
    return divided(region, at: [(middle.old, middle.new)], keeping: 0, divisions: divisions)
  }

  /// The regions before, between and after some places, so many lines at each of which are equal.
  private func divided(
    _ region: Region, at places: [AnchorSearch.Pair], keeping count: Int, divisions: Int
  ) -> [Region] {
    var parts: [Region] = []
    var (i, j) = (region.old.lowerBound, region.new.lowerBound)
    for place in places {
      parts.append(Region(old: i..<place.old, new: j..<place.new, divisions: divisions))
      (i, j) = (place.old + count, place.new + count)
    }
    parts.append(Region(old: i..<region.old.upperBound, new: j..<region.new.upperBound, divisions: divisions))
    return parts
  }

  /// The changed lines gathered into changes, with equal lines between them.
  private func result() -> [Change] {
    var changes: [Change] = []
    var (i, j) = (0, 0)
    while i < old.count || j < new.count {
      let start = (i, j)
      while i < old.count, oldIsChanged[i] { i += 1 }
      while j < new.count, newIsChanged[j] { j += 1 }
      if start != (i, j) { changes.append(Change(old: start.0..<i, new: start.1..<j)) }
      (i, j) = (i + 1, j + 1)
    }
    return changes
  }
}

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
