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
  private var texts: [(hash: Int, text: ArraySlice<UInt8>)] = []
  /// Numbers of texts at the places their hashes lead to; -1 where there is none.
  private var slots: [Int32]

  /// Makes room for this many lines.
  init(capacity: Int) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    slots = [Int32](repeating: -1, count: size)
  }

  /// How many different lines there are.
  var count: Int { texts.count }

  /// The numbers of all lines of a text.
  mutating func numbers(of lines: TextLines) -> [Int32] {
    var numbers: [Int32] = []
    numbers.reserveCapacity(lines.count)
    for line in 0..<lines.count { numbers.append(number(of: lines[line])) }
    return numbers
  }

  private mutating func number(of text: ArraySlice<UInt8>) -> Int32 {
    let hash = LineNumbering.hash(text)
    let mask = slots.count - 1
    var slot = hash & mask
    while slots[slot] >= 0 {
      let known = texts[Int(slots[slot])]
      if known.hash == hash, ByteText.isEqual(known.text, text) { return slots[slot] }
      slot = (slot + 1) & mask
    }
    slots[slot] = Int32(texts.count)
    texts.append((hash, text))
    return slots[slot]
  }

  private static func hash(_ text: ArraySlice<UInt8>) -> Int {
    var hash: UInt = 0xCBF2_9CE4_8422_2325
    for byte in text { hash = (hash ^ UInt(byte)) &* 0x100_0000_01B3 }
    return Int(bitPattern: hash ^ (hash >> 32))
  }
}
