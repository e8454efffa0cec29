/// What a person may have meant: the known name that the fewest slips of the keyboard lead to.
package enum NearestName {
  /// How many comparisons are worth a hint: where many names are each to be compared with many others, nobody wrote
  /// them by hand.
  package static let mostComparisons = 250_000

  /// The name nearest to a misspelt one; nil where none is close enough to be worth offering.
  package static func nearest(to name: String, among candidates: [String]) -> String? {
    let wanted = folded(name)
    let limit = max(1, min(3, wanted.count / 3))
    var best: (name: String, slips: Int)?
    for candidate in candidates {
      guard let slips = slips(from: wanted, to: folded(candidate), upTo: limit), slips < best?.slips ?? .max else {
        continue
      }
      best = (candidate, slips)
    }
    return best?.name
  }

  private static func folded(_ name: String) -> [UInt8] {
    name.utf8.map(ASCII.lowercased)
  }

  /// How many letters must be put in, left out, replaced, or swapped with their neighbour; nil where they are more than
  /// the limit, which mostly shows after a few letters.
  private static func slips(from source: [UInt8], to target: [UInt8], upTo limit: Int) -> Int? {
    guard abs(source.count - target.count) <= limit else { return nil }
    var beforeLast: [Int] = []
    var last = Array(0...target.count)
    var fewest = 0
    for (row, letter) in source.enumerated() {
      var current = [row + 1]
      current.reserveCapacity(target.count + 1)
      let fewestBefore = fewest
      fewest = row + 1
      for (column, other) in target.enumerated() {
        var slips = min(last[column] + (letter == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, letter == target[column - 1], source[row - 1] == other {
          slips = min(slips, beforeLast[column - 1] + 1)
        }
        current.append(slips)
        fewest = min(fewest, slips)
      }
      // Every way on leads through one of these two rows.
      if min(fewest, fewestBefore) > limit { return nil }
      (beforeLast, last) = (last, current)
    }
    return last[target.count] <= limit ? last[target.count] : nil
  }
}
