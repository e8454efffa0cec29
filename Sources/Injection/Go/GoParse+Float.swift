internal import ManifestText

extension GoParse {
  /// `strconv.ParseFloat`: decimal or hexadecimal, with underscores between digits, or infinity, or no number.
  ///
  /// What is too small is 0; what is too large is refused.
  package static func float(_ text: String) throws(Failure) -> Double {
    if let special = specialFloats[text.lowercased()] { return special }
    let literal = FloatLiteral(text)
    guard literal.isValid, let value = Double(literal.digits) else {
      throw Failure(message: Fault.syntax.message("ParseFloat", text))
    }
    guard value.isFinite else { throw Failure(message: Fault.range.message("ParseFloat", text)) }
    return value
  }

  private static let specialFloats: [String: Double] = [
    "nan": .nan, "inf": .infinity, "infinity": .infinity, "+inf": .infinity, "+infinity": .infinity,
    "-inf": -.infinity, "-infinity": -.infinity,
  ]
}

/// The spelling of a floating-point number in Go.
private struct FloatLiteral {
  private var rest: ArraySlice<UInt8>
  private let isHexadecimal: Bool

  init(_ text: String) {
    rest = Array(text.utf8)[...]
    if rest.first == ASCII.plus || rest.first == ASCII.dash { rest.removeFirst() }
    isHexadecimal = rest.starts(with: "0x".utf8) || rest.starts(with: "0X".utf8)
    digits = String(decoding: text.utf8.filter { $0 != underscore }, as: UTF8.self)
  }

  /// The text without underscores, as every reader of numbers takes it.
  let digits: String

  var isValid: Bool {
    guard underscoresStandBetweenDigits else { return false }
    var rest = rest.filter { $0 != underscore }[...]
    if isHexadecimal { rest.removeFirst(2) }
    let whole = rest.prefix(while: isDigit)
    rest = rest[whole.endIndex...]
    var fraction = rest.prefix(0)
    if rest.first == ASCII.dot {
      fraction = rest.dropFirst().prefix(while: isDigit)
      rest = rest[fraction.endIndex...]
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return false }
    return isExponent(rest)
  }

  /// Hexadecimal numbers must have an exponent; others may.
  private func isExponent(_ text: ArraySlice<UInt8>) -> Bool {
    guard let mark = text.first else { return !isHexadecimal }
    guard mark | 0x20 == UInt8(ascii: isHexadecimal ? "p" : "e") else { return false }
    var rest = text.dropFirst()
    if rest.first == ASCII.plus || rest.first == ASCII.dash { rest.removeFirst() }
    return !rest.isEmpty && rest.allSatisfy(ASCII.isDigit)
  }

  private var underscoresStandBetweenDigits: Bool {
    rest.indices.allSatisfy { index in
      guard rest[index] == underscore else { return true }
      guard index > rest.startIndex, index + 1 < rest.endIndex else { return false }
      let isBehindPrefix = isHexadecimal && index == rest.startIndex + 2
      return (isBehindPrefix || isDigit(rest[index - 1])) && isDigit(rest[index + 1])
    }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    ASCII.isDigit(byte) || isHexadecimal && (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
  }
}

private let underscore = UInt8(ascii: "_")
