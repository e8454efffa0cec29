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
