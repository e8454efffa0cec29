internal import ManifestText

/// A text that is held as spans of other texts, which are in memory anyway, and of bytes of its own between them.
struct TextSpans: Sendable {
  /// Some bytes of a source, or the next ones of the text's own.
  private struct Span: Sendable {
    /// The number of the source; negative for the text's own bytes, which have no start.
    let source: Int32
    var start: Int32
    var count: Int32
  }

  private static let own: Int32 = -1
  private static let chunkSize = 1 << 20

  private var spans: [Span] = []
  private var sources: [[UInt8]] = []
  /// The text's own bytes, in chunks that never grow beyond a size, so that none is copied to a larger place.
  private var chunks: [[UInt8]] = []

  /// How many bytes of the first piece are not part of the text any more.
  private var dropped = 0

  /// How many bytes the text has.
  private(set) var count = 0
  /// The last byte; nil where there is none.
  private(set) var last: UInt8?
  /// True where the last line that ends does so with a carriage return before the line feed.
  private(set) var endsLinesWithCarriageReturn = false

  /// The number under which spans of an array are added; the array lives as long as the text.
  mutating func adopt(_ bytes: [UInt8]) -> Int32 {
    sources.append(bytes)
    return Int32(sources.count - 1)
  }

  /// True where the array is the one of this number.
  func isSource(_ number: Int32, _ bytes: [UInt8]) -> Bool {
    unsafe sources[Int(number)].withUnsafeBufferPointer { source in
      unsafe bytes.withUnsafeBufferPointer { unsafe $0.baseAddress == source.baseAddress && $0.count == source.count }
    }
  }

  /// Adds some bytes of an array.
  mutating func append(_ range: Range<Int>, ofSource number: Int32) {
    guard let start = Int32(exactly: range.lowerBound), let length = Int32(exactly: range.count) else {
      return append(sources[Int(number)][range])
    }
    note(sources[Int(number)][range])
    spans.append(Span(source: number, start: start, count: length))
  }

  /// Adds a copy of some bytes.
  mutating func append(_ slice: ArraySlice<UInt8>) {
    guard !slice.isEmpty else { return }
    note(slice)
    addOwnSpan(slice.count)
    var rest = slice
    while !rest.isEmpty {
      if chunks.last.map({ $0.count == Self.chunkSize }) ?? true {
        chunks.append([])
        chunks[chunks.count - 1].reserveCapacity(Self.chunkSize)
      }
      let last = chunks.count - 1
      let room = Self.chunkSize - chunks[last].count
      chunks[last].append(contentsOf: rest.prefix(room))
      rest = rest.dropFirst(room)
    }
  }

  /// Notes what comes now, for what is asked of the end.
  private mutating func note(_ piece: ArraySlice<UInt8>) {
    count += piece.count
    if let end = piece.lastIndex(of: ASCII.lineFeed) {
      endsLinesWithCarriageReturn = (end > piece.startIndex ? piece[end - 1] : last) == ASCII.carriageReturn
    }
    last = piece.last ?? last
  }

  private mutating func addOwnSpan(_ length: Int) {
    let last = spans.count - 1
    if last >= 0, spans[last].source == Self.own, let sum = Int32(exactly: Int(spans[last].count) + length) {
      spans[last].count = sum
    } else {
      var rest = length
      while rest > 0 {
        let part = min(rest, Int(Int32.max))
        spans.append(Span(source: Self.own, start: 0, count: Int32(part)))
        rest -= part
      }
    }
  }

  /// Takes bytes of the first piece away.
  mutating func dropFirst(_ length: Int) {
    count -= length
    dropped += length
  }
}

extension TextSpans {
  /// What the text is made of, in order.
  var pieces: Pieces { Pieces(text: self) }

  /// The pieces of a text, in order.
  struct Pieces: Sequence, IteratorProtocol {
    private let text: TextSpans
    private var index = 0
    /// How much of the span was handed out.
    private var used = 0
    /// Where the next of the text's own bytes are.
    private var (chunk, offset) = (0, 0)

    fileprivate init(text: TextSpans) { self.text = text }

    mutating func next() -> ArraySlice<UInt8>? {
      let isFirst = index == 0 && used == 0
      guard let piece = nextWhole() else { return nil }
      return isFirst ? piece.dropFirst(text.dropped) : piece
    }

    private mutating func nextWhole() -> ArraySlice<UInt8>? {
      guard index < text.spans.count else { return nil }
      let span = text.spans[index]
      guard span.source == TextSpans.own else {
        index += 1
        return text.sources[Int(span.source)][Int(span.start)..<Int(span.start) + Int(span.count)]
      }
      if offset == text.chunks[chunk].count { (chunk, offset) = (chunk + 1, 0) }
      let length = Swift.min(Int(span.count) - used, text.chunks[chunk].count - offset)
      defer {
        (offset, used) = (offset + length, used + length)
        if used == Int(span.count) { (index, used) = (index + 1, 0) }
      }
      return text.chunks[chunk][offset..<offset + length]
    }
  }
}
