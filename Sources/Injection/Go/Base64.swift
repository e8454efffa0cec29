/// Base64 as RFC 4648 section 4 has it, with padding.
package enum Base64 {
  /// The bytes as text of one line.
  package static func encode(_ bytes: [UInt8]) -> String {
    let alphabet = alphabet
    var text = [UInt8](repeating: padding, count: (bytes.count + 2) / 3 * 4)
    var index = 0
    var place = 0
    while index + 3 <= bytes.count {
      let bits = Int(bytes[index]) << 16 | Int(bytes[index + 1]) << 8 | Int(bytes[index + 2])
      text[place] = alphabet[bits >> 18]
      text[place + 1] = alphabet[bits >> 12 & 63]
      text[place + 2] = alphabet[bits >> 6 & 63]
      text[place + 3] = alphabet[bits & 63]
      index += 3
      place += 4
    }
    let rest = bytes[index...]
    guard let first = rest.first else { return String(decoding: text, as: UTF8.self) }
    let second = rest.dropFirst().first
    text[place] = alphabet[Int(first >> 2)]
    text[place + 1] = alphabet[Int(first << 4 & 63 | (second ?? 0) >> 4)]
    if let second { text[place + 2] = alphabet[Int(second << 2 & 63)] }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes a text stands for, line breaks ignored; nil where it is no Base64.
  ///
  /// The bits that padding leaves over may be anything.
  package static func decode(_ text: String) -> [UInt8]? {
    let text = text.utf8.filter { $0 != 0x0A && $0 != 0x0D }
    guard text.count % 4 == 0 else { return nil }
    let digits = text.prefix { $0 != padding }
    let paddingLength = text.count - digits.count
    guard paddingLength <= 2, text.suffix(paddingLength).allSatisfy({ $0 == padding }) else { return nil }
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    for (index, digit) in digits.enumerated() {
      let value = values[Int(digit)]
      guard value < 64 else { return nil }
      bits = bits << 6 | UInt32(value)
      if index % 4 != 0 { bytes.append(UInt8(truncatingIfNeeded: bits >> (6 - 2 * (index % 4)))) }
    }
    return bytes
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")
  /// What each byte stands for; 64 for those that stand for nothing.
  private static let values: [UInt8] = (0...255).map { byte in
    UInt8(alphabet.firstIndex(of: byte) ?? 64)
  }
}
