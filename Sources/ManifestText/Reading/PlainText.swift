/// Tells text that needs no care with its characters.
enum PlainText {
  /// True where a range holds nothing but characters that libyaml takes and gives no meaning to, ASCII apart, and ends
  /// in a line feed.
  static func isHeld(in bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard bytes[range].last == ASCII.lineFeed else { return false }
    return !holdsOdd(bytes, range) || holdsPlainCharacters(bytes, range)
  }

  /// True where a byte is neither printable ASCII nor a tab or line feed.
  private static func holdsOdd(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    bytes[range].reduce(0) { $0 | oddness(of: $1) } != 0
  }

  private static func oddness(of byte: UInt8) -> UInt8 {
    let isPrintable = byte &- ASCII.space <= 0x7E - ASCII.space
    return isPrintable || byte == ASCII.lineFeed || byte == ASCII.tab ? 0 : 1
  }

  private static func holdsPlainCharacters(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    var decoder = UTF8()
    var rest = bytes[range].makeIterator()
    while true {
      switch decoder.decode(&rest) {
      case .scalarValue(let scalar): if !isPlain(scalar) { return false }
      case .emptyInput: return true
      case .error: return false
      }
    }
  }

  private static func isPlain(_ character: Unicode.Scalar) -> Bool {
    switch character.value {
    case 0x09, 0x0A, 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
      0x10000...0x10FFFF:
      true
    default: false
    }
  }
}
