internal import ManifestText

/// The escapes in Go's texts and characters: `\n`, `\x41`, `\101`, `\u00e9`, `\U0001F600`.
enum GoEscapes {
  /// What the inside of a text in quotes means; nil where an escape is none.
  static func resolved(_ inner: ArraySlice<UInt8>, quote: UInt8) -> [UInt8]? {
    guard inner.contains(ASCII.backslash) else { return inner.contains(ASCII.lineFeed) ? nil : Array(inner) }
    var rest = inner
    var output: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == ASCII.lineFeed { return nil }
      guard byte == ASCII.backslash else {
        output.append(byte)
        continue
      }
      guard let meaning = escape(&rest, quote: quote) else { return nil }
      output += meaning
    }
    return output
  }

  /// What is left after the first character of a text; nil where it begins with none that stands for itself or an escape.
  static func afterCharacter(of text: ArraySlice<UInt8>, quote: UInt8) -> ArraySlice<UInt8>? {
    var rest = text
    guard let first = rest.popFirst(), first != quote else { return nil }
    if first == ASCII.backslash { return escape(&rest, quote: quote) == nil ? nil : rest }
    while let next = rest.first, next & 0xC0 == 0x80 { rest = rest.dropFirst() }
    return rest
  }

  /// Takes the rest of an escape, after its backslash.
  private static func escape(_ rest: inout ArraySlice<UInt8>, quote: UInt8) -> [UInt8]? {
    guard let letter = rest.popFirst() else { return nil }
    if let short = shorts[letter] { return [short] }
    switch letter {
    case quote: return [quote]
    case UInt8(ascii: "x"): return number(&rest, digits: 2, radix: 16).map { [UInt8($0)] }
    case UInt8(ascii: "u"): return number(&rest, digits: 4, radix: 16).flatMap(utf8)
    case UInt8(ascii: "U"): return number(&rest, digits: 8, radix: 16).flatMap(utf8)
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      return octal(letter, &rest)
    default: return nil
    }
  }

  private static func octal(_ first: UInt8, _ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    let high = UInt32(first - UInt8(ascii: "0")) * 64
    return number(&rest, digits: 2, radix: 8).flatMap { high + $0 < 256 ? [UInt8(high + $0)] : nil }
  }

  private static let shorts: [UInt8: UInt8] = [
    UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10,
    UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11, ASCII.backslash: ASCII.backslash,
  ]

  private static func number(_ rest: inout ArraySlice<UInt8>, digits: Int, radix: Int) -> UInt32? {
    let text = rest.prefix(digits)
    guard text.count == digits, text.first != ASCII.plus, text.first != ASCII.dash else { return nil }
    rest = rest.dropFirst(digits)
    return UInt32(String(decoding: text, as: UTF8.self), radix: radix)
  }

  private static func utf8(_ value: UInt32) -> [UInt8]? { Unicode.Scalar(value).map { Array(String($0).utf8) } }
}
