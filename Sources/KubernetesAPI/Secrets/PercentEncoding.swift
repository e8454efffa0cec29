/// Percent-encoding and similar escapes.
package enum PercentEncoding {
  /// A name or value of a query, or a segment of a path (RFC 3986): all but unreserved characters are encoded.
  package static func component(_ text: String, keeping kept: String = "") -> String {
    encoded(text) { isUnreserved($0) || kept.utf8.contains($0) }
  }

  /// True for a byte that means nothing but itself anywhere in a URL.
  static func isUnreserved(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || "-._~".utf8.contains(byte) }

  /// A key in a header's name, as client-go encodes those of `Impersonate-Extra-`: what a header's name may not hold,
  /// and `%`.
  static func headerKey(_ text: String) -> String {
    encoded(text.lowercased()) { isAlphanumeric($0) || "!#$&'*+-.^_`|~".utf8.contains($0) }
  }

  /// The bytes a text stands for.
  static func decoded(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2)
      guard byte == UInt8(ascii: "%"), digits.count == 2,
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16), digits.first != UInt8(ascii: "+")
      else {
        bytes.append(byte)
        continue
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return bytes
  }

  private static func encoded(_ text: String, keeping isKept: (UInt8) -> Bool) -> String {
    var bytes: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
      if isKept(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
  }
}
