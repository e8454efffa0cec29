internal import ManifestText

/// Some documents of an input that follow one another, for one thread to work on.
struct Portion: Sendable {
  /// From this size on an input gains more by several threads than it costs to start them.
  static let sizeWorthThreads = 256 << 10
  /// What a thread takes at a time.
  fileprivate static let size = 16 << 10

  /// Where the documents stand in the input.
  let pieces: [DocumentStream.Piece]

  /// Where the text of the portion begins in the input: one byte early, which tells whether a line begins.
  var start: Int { max(0, (pieces.first?.range.lowerBound ?? 0) - 1) }

  /// A copy of the documents' text, with what is around it as far as that tells where a document ends.
  func text(of source: SourceText) -> SourceText {
    let end = min(source.bytes.count, (pieces.last?.range.upperBound ?? 0) + 4)
    return SourceText(name: source.name, bytes: Array(source.bytes[start..<end]))
  }
}

/// The portions of an input, in order.
struct Portions: IteratorProtocol {
  private var pieces: DocumentStream

  init(_ pieces: DocumentStream) { self.pieces = pieces }

  /// The next portion, or nil after the last.
  mutating func next() -> Portion? {
    var portion: [DocumentStream.Piece] = []
    var size = 0
    while size < Portion.size, let piece = pieces.next() {
      portion.append(piece)
      size += piece.range.count
    }
    return portion.isEmpty ? nil : Portion(pieces: portion)
  }
}

// MARK: Places

extension Range<Int> {
  func moved(by distance: Int) -> Range<Int> { lowerBound + distance..<upperBound + distance }
}

extension DocumentStream.Piece {
  func moved(by distance: Int) -> DocumentStream.Piece {
    DocumentStream.Piece(range: range.moved(by: distance), mayBeJSON: mayBeJSON)
  }
}

extension DocumentPlan {
  /// The same plan, its objects and what is found about them at their places in a text that begins earlier.
  func moved(by distance: Int) -> DocumentPlan {
    switch self {
    case .unchanged(let document, let objects): .unchanged(document, objects.moved(by: distance))
    case .edited(let edits, let textEdits, let result, let objects):
      .edited(edits, as: textEdits, result: result, objects.moved(by: distance))
    case .revised(let document, let result, let objects):
      .revised(document, result: result, objects.moved(by: distance))
    }
  }
}

extension [ObjectPlan] {
  fileprivate func moved(by distance: Int) -> [ObjectPlan] {
    map { plan in
      var plan = plan
      plan.offset = plan.offset.map { $0 + distance }
      for index in plan.findings.indices {
        plan.findings[index].range = plan.findings[index].range?.moved(by: distance)
      }
      return plan
    }
  }
}
