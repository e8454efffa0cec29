/// Finds lines that occur once in each of two regions, as many as keep their order (Cohen's patience method).
struct AnchorSearch {
  /// A line's place in both lists.
  typealias Pair = (old: Int, new: Int)

  private struct Sighting {
    var oldCount = 0
    var newCount = 0
    var newPlace = 0
  }

  private var sightings: [Sighting]

  /// Makes room for this many different lines.
  init(numberCount: Int) {
    sightings = [Sighting](repeating: Sighting(), count: numberCount)
  }

  /// The pairs, in order.
  mutating func pairs(in grid: Grid) -> [Pair] {
    for line in grid.oldLines[grid.old] { sightings[Int(line)].oldCount += 1 }
    for place in grid.new {
      sightings[Int(grid.newLines[place])].newCount += 1
      sightings[Int(grid.newLines[place])].newPlace = place
    }
    let candidates: [Pair] = grid.old.compactMap { place in
      let sighting = sightings[Int(grid.oldLines[place])]
      return sighting.oldCount == 1 && sighting.newCount == 1 ? (place, sighting.newPlace) : nil
    }
    for line in grid.oldLines[grid.old] { sightings[Int(line)] = Sighting() }
    for line in grid.newLines[grid.new] { sightings[Int(line)] = Sighting() }
    return AnchorSearch.longestRise(of: candidates)
  }

  /// The longest sequence of pairs whose places increase in both lists.
  private static func longestRise(of pairs: [Pair]) -> [Pair] {
    /// For each length, the pair that ends the rise of that length which leaves most room.
    var ends: [Int] = []
    var previous = [Int](repeating: -1, count: pairs.count)
    for index in pairs.indices {
      let length = ends.partitioningIndex { pairs[$0].new > pairs[index].new }
      if length > 0 { previous[index] = ends[length - 1] }
      if length == ends.count { ends.append(index) } else { ends[length] = index }
    }
    var rise: [Pair] = []
    var next = ends.last ?? -1
    while next >= 0 {
      rise.append(pairs[next])
      next = previous[next]
    }
    return rise.reversed()
  }
}

extension Array {
  /// The first place where the condition holds, of elements that meet it from some place on.
  fileprivate func partitioningIndex(where isAfter: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
