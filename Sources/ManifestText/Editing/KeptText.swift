/// A stretch of text that edits left alone: where it was, and where it is afterwards.
package struct KeptText: Equatable, Sendable {
  /// Where it was.
  package var before: Range<Int>
  /// Where it is, counted from the start of the edited text.
  package var after: Range<Int>

  fileprivate init(_ before: Range<Int>, at start: Int) {
    self.before = before
    after = start..<start + before.count
  }
}

extension [TextEdit] {
  /// What the edits leave alone in a range they are made in, in order.
  package func kept(in range: Range<Int>) -> [KeptText] {
    var kept: [KeptText] = []
    var (position, place) = (range.lowerBound, 0)
    for edit in self {
      kept.append(KeptText(position..<edit.range.lowerBound, at: place))
      place += edit.range.lowerBound - position + edit.text.count
      position = edit.range.upperBound
    }
    kept.append(KeptText(position..<range.upperBound, at: place))
    return kept.filter { !$0.before.isEmpty }
  }
}

extension [KeptText] {
  /// What is still left after further edits, which were made in the edited text.
  package func followed(by further: [KeptText]) -> [KeptText] {
    var result: [KeptText] = []
    var (mine, theirs) = (0, 0)
    while mine < count, theirs < further.count {
      let (first, second) = (self[mine], further[theirs])
      let common = first.after.clamped(to: second.before)
      if !common.isEmpty {
        let start = first.before.lowerBound + common.lowerBound - first.after.lowerBound
        let place = second.after.lowerBound + common.lowerBound - second.before.lowerBound
        result.append(KeptText(start..<start + common.count, at: place))
      }
      if first.after.upperBound < second.before.upperBound { mine += 1 } else { theirs += 1 }
    }
    return result
  }

  /// Where something in the edited text was, or what it stands after where it was not there yet.
  package func origin(of offset: Int) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].after.lowerBound <= offset { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return first?.before.lowerBound }
    let kept = self[low - 1]
    return kept.before.lowerBound + Swift.min(offset - kept.after.lowerBound, kept.before.count)
  }

  /// What stands between the stretches, before and after; at both ends too.
  package func gaps(before: Range<Int>, after: Range<Int>) -> [(before: Range<Int>, after: Range<Int>)] {
    var gaps: [(Range<Int>, Range<Int>)] = []
    var (position, place) = (before.lowerBound, after.lowerBound)
    for kept in self {
      gaps.append((position..<kept.before.lowerBound, place..<kept.after.lowerBound))
      (position, place) = (kept.before.upperBound, kept.after.upperBound)
    }
    gaps.append((position..<before.upperBound, place..<after.upperBound))
    return gaps.filter { !$0.0.isEmpty || !$0.1.isEmpty }
  }
}
