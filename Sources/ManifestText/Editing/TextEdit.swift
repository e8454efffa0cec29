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
  /// The edits by place. At one place, what comes stands before what goes; otherwise the edits stay in the order
  /// they were made.
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

  /// True where no edit begins inside the one before it.
  package var areDisjoint: Bool { firstOverlap == nil }

  /// What the first edit takes that begins inside the one before it.
  var firstOverlap: Range<Int>? {
    zip(self, dropFirst()).first { $0.range.upperBound > $1.range.lowerBound }?.1.range
  }
}
