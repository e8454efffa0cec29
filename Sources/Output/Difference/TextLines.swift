internal import ManifestText

/// A text taken as lines, each with the line feed that ends it.
struct TextLines {
  let bytes: [UInt8]
  /// Where each line begins, and after the last where the text ends.
  private let starts: [Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts = [0]
    for index in bytes.indices where bytes[index] == ASCII.lineFeed { starts.append(index + 1) }
    if starts[starts.count - 1] != bytes.count { starts.append(bytes.count) }
    self.starts = starts
  }

  var count: Int { starts.count - 1 }

  subscript(line: Int) -> ArraySlice<UInt8> { bytes[starts[line]..<starts[line + 1]] }

  /// How far the line is indented; nil for a line of white space only.
  func indentation(of line: Int) -> Int? {
    let text = self[line]
    return text.firstIndex { !ASCII.isWhite($0) }.map { $0 - text.startIndex }
  }
}

/// Gives equal lines the same number, so that comparing lines is comparing numbers.
struct LineNumbering {
  private struct Line: Hashable {
    let text: ArraySlice<UInt8>

    static func == (one: Line, other: Line) -> Bool { ByteText.isEqual(one.text, other.text) }

    func hash(into hasher: inout Hasher) { unsafe text.withUnsafeBytes { unsafe hasher.combine(bytes: $0) } }
  }

  private var known: [Line: Int32] = [:]

  /// How many different lines there are.
  var count: Int { known.count }

  /// The numbers of all lines of a text.
  mutating func numbers(of lines: TextLines) -> [Int32] {
    known.reserveCapacity(known.count + lines.count)
    return (0..<lines.count).map { number(of: Line(text: lines[$0])) }
  }

  private mutating func number(of line: Line) -> Int32 {
    if let number = known[line] { return number }
    let number = Int32(known.count)
    known[line] = number
    return number
  }
}
