/// Numbers as YAML 1.1 spells them, turned into numbers as JSON spells them.
enum NumberSpelling {
  /// The same number in JSON; nil where the text is no number.
  ///
  /// Not-a-number and the infinities, which
  /// JSON has no word for, are no numbers here.
  static func json(_ text: ArraySlice<UInt8>) -> String? {
    guard let last = text.last, text.contains(where: ASCII.isDigit) else { return nil }
    guard ASCII.isDigit(last) || last == ASCII.dot || isHexLetter(last) || last == UInt8(ascii: "_") else {
      return nil
    }
    if JSONNumber.isValid(text) {
      let number = String(decoding: text, as: UTF8.self)
      return text.count < 20 && !text.contains(where: isExponent) || isFinite(number) ? number : nil
    }
    let digits = text.filter { $0 != UInt8(ascii: "_") }
    return integer(digits) ?? float(digits).flatMap { isFinite($0) ? $0 : nil }
  }

  private static func isExponent(_ byte: UInt8) -> Bool { byte | 0x20 == UInt8(ascii: "e") }

  /// True for a number that a float of 64 bits can hold.
  static func isFinite(_ number: String) -> Bool { Double(number)?.isFinite ?? false }

  /// True for the words YAML has for infinity and for what is not a number.
  static func isNotFinite(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.count <= 5, text.contains(ASCII.dot) else { return false }
    let word = String(decoding: text, as: UTF8.self)
    if [".nan", ".NaN", ".NAN"].contains(word) { return true }
    return [".inf", ".Inf", ".INF"].contains(
      word.hasPrefix("-") || word.hasPrefix("+") ? String(word.dropFirst()) : word)
  }

  /// True for a number with a fraction or an exponent.
  static func isFloat(_ number: String) -> Bool { number.utf8.contains { $0 == ASCII.dot || isExponent($0) } }

  /// A number as kubectl spells it where it is the key of a map: floats have 32 bits there.
  static func key(_ number: String) -> String {
    if let whole = Int64(number) { return String(whole) }
    guard let float = Float(number) else { return number }
    return FloatSpelling.shortest(float)
  }

  private static func isHexLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
  }

  private static func integer(_ text: [UInt8]) -> String? {
    let isNegative = text.first == ASCII.dash
    let digits = text.first == ASCII.plus || isNegative ? text.dropFirst() : text[...]
    guard let first = digits.first, ASCII.isDigit(first) else { return nil }
    let sign = isNegative ? "-" : ""
    guard first == UInt8(ascii: "0"), digits.count > 1 else {
      return digits.allSatisfy(ASCII.isDigit) ? sign + String(decoding: digits, as: UTF8.self) : nil
    }
    let (radix, prefix) = radix(of: digits[digits.startIndex + 1])
    let body = String(decoding: digits.dropFirst(prefix), as: UTF8.self)
    let isSigned = body.hasPrefix("+") || body.hasPrefix("-")
    // Go's parser takes a sign after this prefix, and only this one.
    guard !isSigned || text.starts(with: Array("0b".utf8)) else { return nil }
    if isNegative || isSigned { return Int64(sign + body, radix: radix).map(String.init) }
    return UInt64(body, radix: radix).map(String.init)
  }

  private static func radix(of letter: UInt8) -> (radix: Int, prefix: Int) {
    switch letter {
    case UInt8(ascii: "x"), UInt8(ascii: "X"): (16, 2)
    case UInt8(ascii: "o"), UInt8(ascii: "O"): (8, 2)
    case UInt8(ascii: "b"), UInt8(ascii: "B"): (2, 2)
    default: (8, 1)
    }
  }

  /// A float as the YAML 1.1 schema of kubectl's parser has it.
  ///
  /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
  private static func float(_ text: [UInt8]) -> String? {
    var rest = text[...]
    var json = ""
    if let sign = rest.first, sign == ASCII.dash || sign == ASCII.plus {
      if sign == ASCII.dash { json = "-" }
      rest.removeFirst()
    }
    let integer = rest.prefix(while: ASCII.isDigit)
    rest = rest[integer.endIndex...]
    var fraction: ArraySlice<UInt8> = []
    if rest.first == ASCII.dot {
      fraction = rest.dropFirst().prefix(while: ASCII.isDigit)
      rest = rest[fraction.endIndex...]
    }
    guard !integer.isEmpty || !fraction.isEmpty else { return nil }
    let significant = integer.drop { $0 == UInt8(ascii: "0") }
    json += significant.isEmpty ? "0" : String(decoding: significant, as: UTF8.self)
    if !fraction.isEmpty { json += "." + String(decoding: fraction, as: UTF8.self) }
    json += String(decoding: rest, as: UTF8.self)
    return JSONNumber.isValid(json.utf8) ? json : nil
  }
}

/// Spells floats as kubectl does where they are keys: as Go does with the fewest digits, and with YAML's words for what
/// is beyond all of them.
enum FloatSpelling {
  /// The shortest text that gives the same float again, with an exponent where the number is very large or small.
  static func shortest(_ float: Float) -> String {
    guard float != 0 else { return float.sign == .minus ? "-0" : "0" }
    guard float.isFinite else { return float.sign == .minus ? "-.inf" : ".inf" }
    let (digits, point) = digits(of: float.magnitude)
    let sign = float < 0 ? "-" : ""
    let exponent = point - 1
    guard exponent >= -4, exponent < 6 else {
      let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
      let magnitude = String(exponent.magnitude)
      let padding = magnitude.count < 2 ? "0" : ""
      return "\(sign)\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(padding)\(magnitude)"
    }
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
    let whole = digits.prefix(point) + String(repeating: "0", count: max(0, point - digits.count))
    return sign + whole + (digits.count > point ? "." + digits.dropFirst(point) : "")
  }

  /// The digits that count, and where the point stands among them.
  private static func digits(of float: Float) -> (digits: String, point: Int) {
    let parts = float.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = mantissa.count > 1 && mantissa[1] != "0" ? String(mantissa[1]) : ""
    let all = String(mantissa[0]) + fraction
    let leading = all.prefix { $0 == "0" }.count
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    var digits = String(all.dropFirst(leading))
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    return (digits, mantissa[0].count - leading + exponent)
  }
}

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
