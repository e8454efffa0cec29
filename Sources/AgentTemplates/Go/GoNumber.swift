internal import ManifestText

/// Numbers as Go's templates spell them: `42`, `0x1p-2`, `1_000`, `3i`, `1+2i`.
enum GoNumber {
  /// Looks at a spelling.
  /// - Throws: What Go says of one that is no number, or of one that is too large.
  static func check(_ spelling: String) throws(GoComplaint) {
    if spelling.utf8.last == UInt8(ascii: "i"), isFloat(String(spelling.dropLast())) { return }
    if isInteger(spelling) { return }
    guard isFloat(spelling) else { throw GoComplaint("illegal number syntax: \(GoQuote.quoted(spelling))") }
    guard spelling.utf8.contains(where: isFloatMark) else {
      throw GoComplaint("integer overflow: \(GoQuote.quoted(spelling))")
    }
  }

  private static func isFloatMark(_ byte: UInt8) -> Bool {
    [ASCII.dot, UInt8(ascii: "e"), UInt8(ascii: "p")].contains(ASCII.lowercased(byte))
  }

  /// `strconv.ParseInt` or `ParseUint` with the base that the spelling tells, in 64 bits.
  private static func isInteger(_ spelling: String) -> Bool {
    let (sign, digits) = split(spelling)
    guard !digits.isEmpty, underscoresSeparate(digits) else { return false }
    let (base, rest) = base(of: digits)
    let text = String(decoding: rest.filter { $0 != underscore }, as: UTF8.self)
    guard text.utf8.allSatisfy({ digit($0).map { $0 < base } ?? false }) else { return false }
    guard let value = text.isEmpty ? 0 : UInt64(text, radix: base) else { return false }
    return sign == nil || value <= UInt64(Int64.max) + (sign == ASCII.dash ? 1 : 0)
  }

  private static func base(of digits: Substring.UTF8View) -> (Int, Substring.UTF8View) {
    guard digits.first == zero else { return (10, digits) }
    if digits.count > 2, let base = bases[ASCII.lowercased(digits.dropFirst().first ?? 0)] {
      return (base, digits.dropFirst(2))
    }
    return (8, digits.dropFirst())
  }

  private static let bases: [UInt8: Int] = [UInt8(ascii: "x"): 16, UInt8(ascii: "o"): 8, UInt8(ascii: "b"): 2]
  private static let underscore = UInt8(ascii: "_")
  private static let zero = UInt8(ascii: "0")

  private static func digit(_ byte: UInt8) -> Int? {
    ASCII.isDigit(byte) ? Int(byte - zero) : hexadecimal(byte)
  }

  private static func hexadecimal(_ byte: UInt8) -> Int? {
    let letter = ASCII.lowercased(byte)
    return letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "f") ? Int(letter - UInt8(ascii: "a")) + 10 : nil
  }

  private static func split(_ spelling: String) -> (sign: UInt8?, digits: Substring.UTF8View) {
    let bytes = spelling.utf8[...]
    guard let first = bytes.first, first == ASCII.plus || first == ASCII.dash else { return (nil, bytes) }
    return (first, bytes.dropFirst())
  }

  /// `strconv.ParseFloat`: decimal, or hexadecimal with an exponent.
  private static func isFloat(_ spelling: String) -> Bool {
    let (_, digits) = split(spelling)
    guard underscoresSeparate(digits) else { return false }
    let text = digits.filter { $0 != underscore }.map(ASCII.lowercased)
    let isHexadecimal = text.starts(with: [zero, UInt8(ascii: "x")])
    let mark = isHexadecimal ? UInt8(ascii: "p") : UInt8(ascii: "e")
    let parts = text.dropFirst(isHexadecimal ? 2 : 0).split(separator: mark, omittingEmptySubsequences: false)
    guard let mantissa = parts.first, parts.count <= 2, !isHexadecimal || parts.count == 2 else { return false }
    let pieces = mantissa.split(separator: ASCII.dot, omittingEmptySubsequences: false)
    let isMantissa =
      mantissa.count >= pieces.count && pieces.count <= 2
      && pieces.joined().allSatisfy { digit($0).map { $0 < (isHexadecimal ? 16 : 10) } ?? false }
    guard isMantissa, parts.dropFirst().allSatisfy(isExponent) else { return false }
    return Double(String(decoding: text, as: UTF8.self)).map(\.isFinite) ?? false
  }

  private static func isExponent(_ text: ArraySlice<UInt8>) -> Bool {
    let digits = text.first == ASCII.plus || text.first == ASCII.dash ? text.dropFirst() : text
    return !digits.isEmpty && digits.allSatisfy(ASCII.isDigit)
  }

  /// Whether underscores stand only between digits, or between the prefix of a base and a digit.
  private static func underscoresSeparate(_ digits: Substring.UTF8View) -> Bool {
    guard digits.contains(underscore) else { return true }
    let prefixed = digits.first == zero && bases[ASCII.lowercased(digits.dropFirst().first ?? 0)] != nil
    let isHexadecimal = ASCII.lowercased(digits.dropFirst().first ?? 0) == UInt8(ascii: "x")
    var isAfterDigit = prefixed
    var isAfterUnderscore = false
    for byte in digits.dropFirst(prefixed ? 2 : 0) {
      let isDigit = ASCII.isDigit(byte) || (isHexadecimal && hexadecimal(byte) != nil)
      if byte == underscore ? !isAfterDigit : isAfterUnderscore && !isDigit { return false }
      isAfterUnderscore = byte == underscore
      isAfterDigit = isDigit
    }
    return !isAfterUnderscore
  }
}

/// What Go's library says of a spelling it does not take.
struct GoComplaint: Error, Equatable {
  let text: String

  init(_ text: String) { self.text = text }
}
