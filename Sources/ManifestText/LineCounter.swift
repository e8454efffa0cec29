/// Tells lines of ascending offsets without counting from the start each time.
public struct LineCounter: Sendable {
  private let bytes: [UInt8]
  private var offset = 0
  private var line = 1

  /// Begins at the first line of an input.
  public init(_ source: SourceText) { bytes = source.bytes }

  /// The line, counted from 1, of an offset not before the last one asked for.
  public mutating func line(of target: Int) -> Int {
    let end = min(target, bytes.count)
    while offset < end {
      if bytes[offset] == ASCII.lineFeed { line += 1 }
      offset += 1
    }
    return line
  }
}
