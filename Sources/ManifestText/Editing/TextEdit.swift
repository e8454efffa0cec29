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
}

extension [TextEdit] {
  /// The edits by place; those at one place stay in the order they were made.
  package func inOrder() -> [TextEdit] {
    enumerated().sorted {
      ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
    }.map(\.element)
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
