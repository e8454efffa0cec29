/// Tells UTF-8 text from what only looks like a file of text.
enum TextEncoding {
  /// - Throws: A `Diagnostic` naming the encoding found, or the first byte no text holds.
  static func check(_ bytes: [UInt8]) throws(Diagnostic) {
    if let name = wideEncoding(bytes) { throw .wrongEncoding(name) }
    if let index = ByteText.firstIndex(of: 0, in: bytes, bytes.indices) { throw .binary(at: index) }
  }

  /// A text in UTF-16 or UTF-32 without the zero bytes of its ASCII, to look for names in; nil for any other.
  fileprivate static func narrowed(_ bytes: [UInt8]) -> [UInt8]? {
    wideEncoding(bytes) == nil ? nil : bytes.filter { $0 != 0 }
  }

  /// The first byte that is not part of a character in UTF-8; nil where every one is.
  static func firstInvalidByte(of bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.reduce(0, |) >= 0x80 else { return nil }
    var index = bytes.startIndex
    while index < bytes.endIndex {
      guard bytes[index] >= 0x80 else {
        index += 1
        continue
      }
      var decoder = UTF8()
      var rest = bytes[index...].prefix(4).makeIterator()
      guard case .scalarValue(let scalar) = decoder.decode(&rest) else { return index }
      index += UTF8.width(scalar)
    }
    return nil
  }

  /// UTF-16 and UTF-32, by their byte order mark or by the zero bytes around ASCII.
  private static func wideEncoding(_ bytes: [UInt8]) -> String? {
    // Most texts begin with two characters of ASCII.
    if bytes.count > 1, (1..<0x80).contains(bytes[0]), bytes[1] != 0 { return nil }
    let head = Array(bytes.prefix(4))
    if head.starts(with: [0xFF, 0xFE, 0, 0]) || head.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32" }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
    guard head.count == 4 else { return nil }
    let zeros = head.map { $0 == 0 }
    return zeros == [true, false, true, false] || zeros == [false, true, false, true] ? "UTF-16" : nil
  }
}

extension SourceText {
  /// True where the input holds what is looked for in a range, or would if it were not in UTF-16 or UTF-32.
  package func holds(_ isFound: (Range<Int>, SourceText) -> Bool) -> Bool {
    if isFound(bytes.indices, self) { return true }
    guard let narrowed = TextEncoding.narrowed(bytes) else { return false }
    return isFound(narrowed.indices, SourceText(name: name, bytes: narrowed))
  }
}

/// Where each character of a document stands in bytes: libyaml's marks count characters.
///
/// A document of ASCII needs no table, and most are.
struct CharacterOffsets {
  private let base: Int
  private var table: [Int32] = []

  init(_ bytes: [UInt8], range: Range<Int>) {
    base = range.lowerBound
    guard CharacterOffsets.holdsMultibyteCharacters(bytes, range) else { return }
    table.reserveCapacity(range.count + 1)
    for index in range where bytes[index] & 0xC0 != 0x80 { table.append(Int32(index)) }
    table.append(Int32(range.upperBound))
  }

  /// The byte offset in the input of the character with this index in the document.
  func byte(of character: Int) -> Int {
    guard !table.isEmpty else { return base + character }
    return Int(table[min(character, table.count - 1)])
  }

  private static func holdsMultibyteCharacters(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    bytes[range].reduce(0, |) >= 0x80
  }
}
