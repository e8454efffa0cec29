/// Tells places in an input without counting lines from its start each time.
public struct LineIndex: Sendable {
  private let source: SourceText
  /// Where each line begins.
  private let starts: [Int]

  /// Finds the lines of an input once.
  public init(_ source: SourceText) {
    self.source = source
    var starts = [source.bytes.starts(with: ByteOrderMark.utf8) ? ByteOrderMark.utf8.count : 0]
    for index in source.bytes.indices where source.isLineEnd(index) { starts.append(index + 1) }
    self.starts = starts
  }

  /// The line, counted from 1, that an offset is on.
  public func line(of offset: Int) -> Int {
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// Where the byte at this offset is; an offset past the end is taken for the end.
  public func location(of offset: Int) -> Location {
    let end = min(max(offset, 0), source.bytes.count)
    let line = line(of: end)
    let start = min(starts[line - 1], end)
    let column = source.bytes[start..<end].count { $0 & 0xC0 != 0x80 }
    return Location(file: source.name, line: line, column: column + 1)
  }
}
