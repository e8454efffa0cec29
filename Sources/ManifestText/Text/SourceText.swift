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
public struct Location: Equatable, Sendable {
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

extension Location: CustomStringConvertible {
  /// `file:line:column`, the form editors and terminals make clickable.
  public var description: String { "\(file):\(line):\(column)" }
}

extension SourceText {
  /// Where the byte at this offset is; an offset past the end is taken for the end.
  public func location(of offset: Int) -> Location {
    let end = min(max(offset, 0), bytes.count)
    var line = 1
    var lineStart = bytes.starts(with: ByteOrderMark.utf8) ? ByteOrderMark.utf8.count : 0
    for index in 0..<end where isLineEnd(index) {
      line += 1
      lineStart = index + 1
    }
    let column = bytes[min(lineStart, end)..<end].count { $0 & 0xC0 != 0x80 }
    return Location(file: name, line: line, column: column + 1)
  }

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
