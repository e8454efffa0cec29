/// Bytes as text of 64 letters (RFC 4648).
///
/// FoundationEssentials takes only the padded form (see Package.swift).
package enum Base64 {
  /// How strict a reader is.
  package enum Form {
    /// Section 4 of the RFC: letters of that alphabet, padded; the bits that padding leaves over may be anything.
    case padded
    /// The letters of URLs are taken too, and padding may be left out, as in tokens.
    case tolerant
  }

  /// The bytes as text of one line, padded.
  package static func encoded(_ bytes: [UInt8]) -> String {
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

  /// The bytes a text stands for, line breaks in it ignored; nil where it is not Base64 of this form.
  package static func decoded(_ text: some Sequence<UInt8>, _ form: Form = .padded) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var digits = 0
    var paddings = 0
    for byte in text where !ASCII.isBreak(byte) {
      guard byte != padding else {
        paddings += 1
        continue
      }
      guard paddings == 0, let value = value(of: byte, form) else { return nil }
      bits = bits << 6 | UInt32(value)
      digits += 1
      // Of four digits the first gives no byte by itself, and each of the others completes one.
      let place = digits % 4
      if place != 1 { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32((8 - 2 * place) % 8))) }
    }
    return switch form {
    case .padded: paddings <= 2 && (digits + paddings).isMultiple(of: 4) ? bytes : nil
    case .tolerant: digits % 4 != 1 ? bytes : nil
    }
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")

  private static func value(of letter: UInt8, _ form: Form) -> UInt8? {
    switch letter {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    case UInt8(ascii: "-") where form == .tolerant: 62
    case UInt8(ascii: "_") where form == .tolerant: 63
    default: nil
    }
  }
}
