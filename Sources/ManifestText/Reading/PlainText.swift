/// Tells text that needs no care with its characters.
enum PlainText {
  /// True where a range holds nothing but characters that libyaml takes and gives no meaning to, ASCII apart, and ends
  /// in a line feed.
  static func isHeld(in bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard bytes[range].last == ASCII.lineFeed else { return false }
    return !holdsOdd(bytes, range) || holdsPlainCharacters(bytes, range)
  }

  /// True where a byte is neither printable ASCII nor a tab or line feed.
  ///
  /// Without branches, so that the compiler takes many bytes at once.
  private static func holdsOdd(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    unsafe bytes[range].withUnsafeBufferPointer { bytes in
      var odd: UInt8 = 0
      var index = 0
      while index < bytes.count {
        let byte = unsafe bytes[index]
        let isOdd: UInt8 = byte &- ASCII.space > 0x7E - ASCII.space ? 1 : 0
        let isWhite: UInt8 = byte &- ASCII.tab > 1 ? 1 : 0
        odd |= isOdd & isWhite
        index &+= 1
      }
      return odd != 0
    }
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
