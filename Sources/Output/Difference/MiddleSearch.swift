/// Finds a place in the middle of the shortest way from one list to another (Myers 1986, section 4b).
///
/// A way is a walk through a grid: one step takes an old line away, one adds a new line, and a line that both lists
/// have costs no step. Places with the same `old - new` are on one diagonal; walks from the start and from the end
/// go on, a step at a time, until two of them meet.
struct MiddleSearch {
  /// A place on the way.
  struct Middle: Equatable {
    let old: Int
    let new: Int
    /// False where the search was given up, and the place is only the best one known.
    var isBest = true
  }

  /// After so many steps the search is given up.
  private static let patience = 256

  private var ahead: Walks
  private var behind: Walks

  /// Makes room for lists of these lengths.
  init(oldCount: Int, newCount: Int) {
    ahead = Walks(oldCount: oldCount, newCount: newCount, unreached: Int.min)
    behind = Walks(oldCount: oldCount, newCount: newCount, unreached: Int.max)
  }

  /// The middle of two regions that are not empty, and differ in their first and in their last lines.
  mutating func middle(of grid: Grid) -> Middle {
    ahead.begin(at: grid.old.lowerBound, on: grid.old.lowerBound - grid.new.lowerBound)
    behind.begin(at: grid.old.upperBound, on: grid.old.upperBound - grid.new.upperBound)
    // Walks that meet are an even number of steps apart where the diagonals they began on are.
    let meetsAhead = (grid.old.count - grid.new.count) % 2 != 0
    for _ in 0..<MiddleSearch.patience {
      if let middle = advance(grid), meetsAhead { return middle }
      if let middle = retreat(grid), !meetsAhead { return middle }
    }
    return furthest(grid)
  }

  /// One more step for every walk from the start; where one of them is past a walk from the end.
  private mutating func advance(_ grid: Grid) -> Middle? {
    ahead.widen(within: grid)
    var meeting: Middle?
    for diagonal in ahead.diagonals {
      var place = max(ahead[diagonal - 1].advanced(by: 1), ahead[diagonal + 1])
      while grid.isSame(place, place - diagonal) { place += 1 }
      ahead[diagonal] = place
      if meeting == nil, behind.holds(diagonal), behind[diagonal] <= place {
        meeting = Middle(old: place, new: place - diagonal)
      }
    }
    return meeting
  }

  /// One more step for every walk from the end; where one of them is past a walk from the start.
  private mutating func retreat(_ grid: Grid) -> Middle? {
    behind.widen(within: grid)
    var meeting: Middle?
    for diagonal in behind.diagonals {
      var place = min(behind[diagonal - 1], behind[diagonal + 1].advanced(by: -1))
      while grid.isSame(place - 1, place - 1 - diagonal) { place -= 1 }
      behind[diagonal] = place
      if meeting == nil, ahead.holds(diagonal), place <= ahead[diagonal] {
        meeting = Middle(old: place, new: place - diagonal)
      }
    }
    return meeting
  }

  /// The place that the walk which came furthest has reached.
  private func furthest(_ grid: Grid) -> Middle {
    let start = grid.old.lowerBound + grid.new.lowerBound
    let end = grid.old.upperBound + grid.new.upperBound
    var best = (progress: 0, middle: Middle(old: grid.old.lowerBound, new: grid.new.lowerBound, isBest: false))
    for (walks, isAhead) in [(ahead, true), (behind, false)] {
      for diagonal in walks.diagonals {
        let place = grid.clamped(walks[diagonal], on: diagonal)
        let sum = place + place - diagonal
        let progress = isAhead ? sum - start : end - sum
        if progress > best.progress {
          best = (progress, Middle(old: place, new: place - diagonal, isBest: false))
        }
      }
    }
    return best.middle
  }
}

/// The regions of two lists that a way is looked for in.
struct Grid {
  let oldLines: [Int32]
  let old: Range<Int>
  let newLines: [Int32]
  let new: Range<Int>

  /// True where both lists have the same line at these places of the regions.
  func isSame(_ oldPlace: Int, _ newPlace: Int) -> Bool {
    old.contains(oldPlace) && new.contains(newPlace) && oldLines[oldPlace] == newLines[newPlace]
  }

  /// The diagonals that lead through the regions.
  var diagonals: ClosedRange<Int> { (old.lowerBound - new.upperBound)...(old.upperBound - new.lowerBound) }

  /// The place itself, or where its diagonal leaves the regions before it.
  func clamped(_ place: Int, on diagonal: Int) -> Int {
    let low = max(old.lowerBound, new.lowerBound + diagonal)
    let high = min(old.upperBound, new.upperBound + diagonal)
    return min(max(place, low), high)
  }
}

/// How far the walks from one end have come on each diagonal.
private struct Walks {
  private var reached: [Int]
  /// What is added to a diagonal to find it in the array.
  private let origin: Int
  /// Stands on diagonals where no walk is.
  private let unreached: Int
  private var low = 0
  private var high = 0

  init(oldCount: Int, newCount: Int, unreached: Int) {
    reached = [Int](repeating: 0, count: oldCount + newCount + 3)
    origin = newCount + 1
    self.unreached = unreached
  }

  subscript(diagonal: Int) -> Int {
    get { reached[origin + diagonal] }
    set { reached[origin + diagonal] = newValue }
  }

  /// The diagonals that the last step was made on: every other one.
  var diagonals: StrideThrough<Int> { stride(from: low, through: high, by: 2) }

  func holds(_ diagonal: Int) -> Bool { low <= diagonal && diagonal <= high }

  mutating func begin(at place: Int, on diagonal: Int) {
    (low, high) = (diagonal, diagonal)
    self[diagonal] = place
  }

  /// Lets the next step be made on the diagonals beside those of the last one, as far as there are any.
  mutating func widen(within grid: Grid) {
    let bounds = grid.diagonals
    if low > bounds.lowerBound {
      low -= 1
      self[low - 1] = unreached
    } else {
      low += 1
    }
    if high < bounds.upperBound {
      high += 1
      self[high + 1] = unreached
    } else {
      high -= 1
    }
  }
}
