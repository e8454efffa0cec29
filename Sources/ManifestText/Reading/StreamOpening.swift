/// How a text of documents begins, which decides what has to stand between it and a text before it.
package enum StreamOpening: Equatable, Sendable {
  /// Nothing but white space.
  case blank
  /// A `---` on the first line.
  case marker
  /// A directive, or a `---` with blank lines or comments before it: all of it belongs to the document that follows.
  case prologue
  /// Nothing but comments.
  case comments
  /// Content of a document without a `---` of its own.
  case content

  /// Looks at no more bytes than it takes to tell.
  package init(_ bytes: ArraySlice<UInt8>) { self.init([bytes]) }

  /// Looks at a text that is held in pieces.
  package init(_ pieces: [ArraySlice<UInt8>]) {
    var line = LineStart()
    var (isFirst, sawComment) = (true, false)
    for byte in StreamOpening.withoutByteOrderMark(pieces).lazy.joined() {
      let isBreak = ASCII.isBreak(byte)
      if !isBreak { line.add(byte) }
      if let opening = line.opening(isFirst: isFirst, isOver: isBreak) {
        self = opening
        return
      }
      guard isBreak else { continue }
      sawComment = sawComment || line.ink != nil
      (line, isFirst) = (LineStart(), false)
    }
    self = line.opening(isFirst: isFirst, isOver: true) ?? (sawComment || line.ink != nil ? .comments : .blank)
  }

  private static func withoutByteOrderMark(_ pieces: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
    guard let first = pieces.first, first.starts(with: ByteOrderMark.utf8) else { return pieces }
    return [first.dropFirst(ByteOrderMark.utf8.count)] + pieces.dropFirst()
  }
}

/// What is known of a line after some of its bytes.
private struct LineStart {
  private static let marker = [ASCII.dash, ASCII.dash, ASCII.dash]

  /// The first bytes: as many as a marker has, and the one after it.
  private var bytes: [UInt8] = []
  /// The first byte that is no blank.
  private(set) var ink: UInt8?

  mutating func add(_ byte: UInt8) {
    if bytes.count <= LineStart.marker.count { bytes.append(byte) }
    if ink == nil, !ASCII.isBlank(byte) { ink = byte }
  }

  /// What the line makes of the text; nil for a blank line, a comment, and while that cannot be told.
  func opening(isFirst: Bool, isOver: Bool) -> StreamOpening? {
    guard let ink, ink != ASCII.hash else { return nil }
    if bytes.first == ASCII.percent { return .prologue }
    if !isOver, LineStart.marker.starts(with: bytes) { return nil }
    let isMarker =
      bytes.starts(with: LineStart.marker) && bytes.dropFirst(LineStart.marker.count).allSatisfy(ASCII.isBlank)
    return isMarker ? isFirst ? .marker : .prologue : .content
  }
}
