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

  /// What of the bytes is told wherever they stand among others: one text for each place that they may have in a group
  /// of three.
  package static func marks(of bytes: [UInt8]) -> [String] {
    (0..<3).map { place in
      let text = encoded([UInt8](repeating: 0, count: place) + bytes).utf8
      // Letters that hold bits of what stands before, or behind.
      let (before, whole) = ((place * 8 + 5) / 6, (place + bytes.count) * 8 / 6)
      return String(decoding: text.prefix(whole).dropFirst(before), as: UTF8.self)
    }
  }

  /// The bytes as text of one line, padded.
  package static func encoded(_ bytes: [UInt8]) -> String {
    let count = (bytes.count + 2) / 3 * 4
    return unsafe String(unsafeUninitializedCapacity: count) { text in
      unsafe bytes.withUnsafeBufferPointer { bytes in
        unsafe alphabet.withUnsafeBufferPointer { alphabet in
          for group in 0..<count / 4 {
            let (start, place) = (group * 3, group * 4)
            let second = start + 1 < bytes.count ? unsafe bytes[start + 1] : nil
            let third = start + 2 < bytes.count ? unsafe bytes[start + 2] : nil
            let bits = unsafe Int(bytes[start]) << 16 | Int(second ?? 0) << 8 | Int(third ?? 0)
            unsafe text[place] = alphabet[bits >> 18]
            unsafe text[place + 1] = alphabet[bits >> 12 & 63]
            unsafe text[place + 2] = second == nil ? padding : alphabet[bits >> 6 & 63]
            unsafe text[place + 3] = third == nil ? padding : alphabet[bits & 63]
          }
        }
      }
      return count
    }
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
