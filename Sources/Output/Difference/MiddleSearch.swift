/// Finds a place in the middle of the shortest edit script between two lists (Myers 1986, section 4b).
///
/// An edit script is a path through a grid: one step removes an old line, one adds a new line, and a line that both
/// lists have costs no step. Places with the same `old - new` are on one diagonal. Of the paths with so many steps, only
/// the furthest-reaching one on each diagonal is kept; those from the start and those from the end grow by a step at a
/// time, until two of them meet.
struct MiddleSearch {
  /// A place on the path.
  struct Middle: Equatable {
    let old: Int
    let new: Int
    /// False where the search was given up, and the place is only the best one known.
    var isBest = true
  }

  /// The number of steps after which the search is given up.
  private static let patience = 256

  private var forward: FurthestPaths
  private var backward: FurthestPaths

  /// Makes room for lists of these lengths.
  init(oldCount: Int, newCount: Int) {
    forward = FurthestPaths(oldCount: oldCount, newCount: newCount, unreached: Int.min)
    backward = FurthestPaths(oldCount: oldCount, newCount: newCount, unreached: Int.max)
  }

  /// The middle of two regions that are not empty, and differ in their first and in their last lines.
  mutating func middle(of grid: Grid) -> Middle {
    forward.begin(at: grid.old.lowerBound, on: grid.old.lowerBound - grid.new.lowerBound)
    backward.begin(at: grid.old.upperBound, on: grid.old.upperBound - grid.new.upperBound)
    // With an odd difference in length the number of steps is odd: the paths meet when a forward one is extended.
    let meetsForward = (grid.old.count - grid.new.count) % 2 != 0
    for _ in 0..<MiddleSearch.patience {
      if let middle = advance(grid), meetsForward { return middle }
      if let middle = retreat(grid), !meetsForward { return middle }
    }
    return furthest(grid)
  }

  /// Extends every forward path by a step; the place where one of them meets a backward path, if any does.
  private mutating func advance(_ grid: Grid) -> Middle? {
    forward.widen(within: grid)
    var meeting: Middle?
    for diagonal in forward.diagonals {
      var place = max(forward[diagonal - 1].advanced(by: 1), forward[diagonal + 1])
      while grid.isSame(place, place - diagonal) { place += 1 }
      forward[diagonal] = place
      if meeting == nil, backward.holds(diagonal), backward[diagonal] <= place {
        meeting = Middle(old: place, new: place - diagonal)
      }
    }
    return meeting
  }

  /// Extends every backward path by a step; the place where one of them meets a forward path, if any does.
  private mutating func retreat(_ grid: Grid) -> Middle? {
    backward.widen(within: grid)
    var meeting: Middle?
    for diagonal in backward.diagonals {
      var place = min(backward[diagonal - 1], backward[diagonal + 1].advanced(by: -1))
      while grid.isSame(place - 1, place - 1 - diagonal) { place -= 1 }
      backward[diagonal] = place
      if meeting == nil, forward.holds(diagonal), place <= forward[diagonal] {
        meeting = Middle(old: place, new: place - diagonal)
      }
    }
    return meeting
  }

  /// The end of the path that has made the most progress.
  private func furthest(_ grid: Grid) -> Middle {
    let start = grid.old.lowerBound + grid.new.lowerBound
    let end = grid.old.upperBound + grid.new.upperBound
    var best = (progress: 0, middle: Middle(old: grid.old.lowerBound, new: grid.new.lowerBound, isBest: false))
    for (paths, isForward) in [(forward, true), (backward, false)] {
      for diagonal in paths.diagonals {
        let place = grid.clamped(paths[diagonal], on: diagonal)
        let sum = place + place - diagonal
        let progress = isForward ? sum - start : end - sum
        if progress > best.progress {
          best = (progress, Middle(old: place, new: place - diagonal, isBest: false))
        }
      }
    }
    return best.middle
  }
}

/// The regions of two lists between which an edit script is sought.
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

/// The ends of the furthest-reaching paths from one side, one for each diagonal.
private struct FurthestPaths {
  private var reached: [Int]
  /// What is added to a diagonal to find it in the array.
  private let origin: Int
  /// Stands on diagonals that no path has reached.
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

  /// The diagonals on which the paths end after the last step: every other one.
  var diagonals: StrideThrough<Int> { stride(from: low, through: high, by: 2) }

  func holds(_ diagonal: Int) -> Bool { low <= diagonal && diagonal <= high }

  mutating func begin(at place: Int, on diagonal: Int) {
    (low, high) = (diagonal, diagonal)
    self[diagonal] = place
  }

  /// Moves on to the diagonals next to those of the last step, as far as the grid has them.
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
