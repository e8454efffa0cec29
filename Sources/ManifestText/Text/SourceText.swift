/// One input as it was read: the name a user knows it by, and its bytes.
public struct SourceText: Sendable {
  /// How the input was named: a path, a URL, or `<stdin>`.
  public let name: String
  /// Every byte, untouched.
  public let bytes: [UInt8]

  /// Names some bytes.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// A place in an input that a person can go to; lines and columns count from 1, columns in characters.
public struct Location: Hashable, Sendable {
  /// The input's name.
  public let file: String
  /// The line, counted from 1.
  public let line: Int
  /// The column, counted from 1 in Unicode scalars, as editors do.
  public let column: Int

  /// Puts the three together.
  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
}

extension Location: Comparable {
  /// Places in the order of their inputs' names, and of their lines and columns.
  public static func < (one: Location, other: Location) -> Bool {
    (one.file, one.line, one.column) < (other.file, other.line, other.column)
  }
}

extension Location: CustomStringConvertible {
  /// `file:line:column`, the form editors and terminals make clickable.
  public var description: String { "\(file):\(line):\(column)" }
}

extension SourceText {
  /// Where the byte at this offset is; an offset past the end is taken for the end.
  public func location(of offset: Int) -> Location { LineIndex(self).location(of: offset) }

  /// The text of the line around this offset, without its line ending.
  public func lineText(around offset: Int) -> String {
    let center = min(max(offset, 0), bytes.count)
    let start = bytes[..<center].lastIndex(where: isLineBreak).map { $0 + 1 } ?? 0
    let end = bytes[center...].firstIndex(where: isLineBreak) ?? bytes.count
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  func isLineEnd(_ index: Int) -> Bool {
    bytes[index] == ASCII.lineFeed
      || (bytes[index] == ASCII.carriageReturn
        && (index + 1 == bytes.count || bytes[index + 1] != ASCII.lineFeed))
  }
}

private func isLineBreak(_ byte: UInt8) -> Bool {
  byte == ASCII.lineFeed || byte == ASCII.carriageReturn
}

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
