/// Tells UTF-8 text from what only looks like a file of text.
enum TextEncoding {
  /// - Throws: A `Diagnostic` naming the encoding found, or the first byte no text holds.
  static func check(_ bytes: [UInt8]) throws(Diagnostic) {
    if let name = wideEncoding(bytes) { throw .wrongEncoding(name) }
    if let index = bytes.firstIndex(of: 0) { throw .binary(at: index) }
  }

  /// UTF-16 and UTF-32, by their byte order mark or by the zero bytes around ASCII.
  private static func wideEncoding(_ bytes: [UInt8]) -> String? {
    let head = Array(bytes.prefix(4))
    if head.starts(with: [0xFF, 0xFE, 0, 0]) || head.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32" }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
    guard head.count == 4 else { return nil }
    let zeros = head.map { $0 == 0 }
    return zeros == [true, false, true, false] || zeros == [false, true, false, true] ? "UTF-16" : nil
  }
}
