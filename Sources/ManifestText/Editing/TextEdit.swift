/// One change to an input's bytes: what stands in the range gives way to the text.
public struct TextEdit: Equatable, Sendable {
  /// The bytes that go; empty for an insertion.
  public let range: Range<Int>
  /// The bytes that come.
  public let text: [UInt8]

  /// Puts an edit together.
  public init(_ range: Range<Int>, _ text: [UInt8]) {
    self.range = range
    self.text = text
  }

  /// What edits are sorted by: where they begin, insertions first, and their number.
  fileprivate func place(_ number: Int) -> (start: Int, takesText: Int, number: Int) {
    (range.lowerBound, range.isEmpty ? 0 : 1, number)
  }
}

extension [TextEdit] {
  /// The edits by place.
  ///
  /// At one place, what comes stands before what goes; otherwise the edits stay in the order they were made.
  package func inOrder() -> [TextEdit] {
    enumerated().sorted { $0.element.place($0.offset) < $1.element.place($1.offset) }.map(\.element)
  }

  /// The edits, in order, with carriage returns at their ends kept from joining a line feed that stands after them.
  ///
  /// A document may use several line breaks: lines that end with carriage returns can be inserted before a blank
  /// line that is a line feed alone, which would be part of the last line break and is lost when the lines go again.
  func keepingLineBreaksApart(in bytes: [UInt8]) -> [TextEdit] {
    var edits = self
    for (index, edit) in enumerated() where edit.text.last == ASCII.carriageReturn {
      var end = edit.range.upperBound
      var next = index + 1
      while next < count, self[next].range.lowerBound == end, self[next].text.isEmpty {
        end = self[next].range.upperBound
        next += 1
      }
      let follower = next < count && self[next].range.lowerBound == end ? self[next].text.first : nil
      if (follower ?? (end < bytes.count ? bytes[end] : nil)) == ASCII.lineFeed {
        edits[index] = TextEdit(edit.range, edit.text + [ASCII.lineFeed])
      }
    }
    return edits
  }

  /// The bytes of a range with the edits made.
  ///
  /// The edits must be in order and may not overlap.
  package func applied(to bytes: [UInt8], in range: Range<Int>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(range.count + reduce(0) { $0 + $1.text.count })
    var position = range.lowerBound
    for edit in self {
      output += bytes[position..<edit.range.lowerBound]
      output += edit.text
      position = edit.range.upperBound
    }
    output += bytes[position..<range.upperBound]
    return output
  }

  /// True where the edits make this text of the bytes of a range; the edits must be as for `applied(to:in:)`.
  package func make(_ text: ArraySlice<UInt8>, of bytes: [UInt8], in range: Range<Int>) -> Bool {
    var rest = text
    var position = range.lowerBound
    func takes(_ part: ArraySlice<UInt8>) -> Bool {
      defer { rest = rest.dropFirst(part.count) }
      return ByteText.isEqual(rest.prefix(part.count), part)
    }
    for edit in self {
      guard takes(bytes[position..<edit.range.lowerBound]), takes(edit.text[...]) else { return false }
      position = edit.range.upperBound
    }
    return takes(bytes[position..<range.upperBound]) && rest.isEmpty
  }

  /// True where no edit begins inside the one before it.
  package var areDisjoint: Bool { firstOverlap == nil }

  /// What the first edit takes that begins inside the one before it.
  var firstOverlap: Range<Int>? {
    zip(self, dropFirst()).first { $0.range.upperBound > $1.range.lowerBound }?.1.range
  }
}

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
