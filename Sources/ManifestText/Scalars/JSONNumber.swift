/// The spelling of numbers in JSON.
enum JSONNumber {
  /// True where the text is a number as RFC 8259 section 6 spells it.
  static func isValid(_ text: some Collection<UInt8>) -> Bool {
    var rest = text[...]
    if rest.first == ASCII.dash { rest.removeFirst() }
    let integer = rest.prefix(while: ASCII.isDigit)
    guard let first = integer.first, integer.count == 1 || first != UInt8(ascii: "0") else { return false }
    rest = rest[integer.endIndex...]
    if rest.first == ASCII.dot {
      rest = rest.dropFirst()
      let fraction = rest.prefix(while: ASCII.isDigit)
      guard !fraction.isEmpty else { return false }
      rest = rest[fraction.endIndex...]
    }
    guard rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") else { return rest.isEmpty }
    rest = rest.dropFirst()
    if rest.first == ASCII.plus || rest.first == ASCII.dash { rest = rest.dropFirst() }
    return !rest.isEmpty && rest.allSatisfy(ASCII.isDigit)
  }
}
