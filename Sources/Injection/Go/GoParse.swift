internal import AgentTemplates
internal import ManifestText

/// Values as Go's `strconv` and `time` read them from text, refused with the messages they refuse it with.
package enum GoParse {
  /// Text that Go cannot read.
  package struct Failure: Error, Equatable, Sendable {
    /// What Go says of it, to the letter.
    package let message: String
  }

  /// `strconv.ParseBool`: a truth value.
  package static func bool(_ text: String) throws(Failure) -> Bool {
    if trueWords.contains(where: { ByteText.isEqual($0, text) }) { return true }
    if falseWords.contains(where: { ByteText.isEqual($0, text) }) { return false }
    throw Failure(message: Fault.syntax.message("ParseBool", text))
  }

  /// What `strconv.ParseBool` takes for true, and for false.
  package static let trueWords = ["1", "t", "T", "true", "True", "TRUE"]
  package static let falseWords = ["0", "f", "F", "false", "False", "FALSE"]

  /// `strconv.ParseInt`: a whole number of 64 bits.
  package static func int(_ text: String) throws(Failure) -> Int64 { try signed(text, by: "ParseInt") }

  /// `strconv.Atoi`: a whole number of 64 bits.
  package static func index(_ text: String) throws(Failure) -> Int64 { try signed(text, by: "Atoi") }

  /// A whole number of 64 bits that is not negative and has no sign.
  package static func uint(_ text: String) throws(Failure) -> UInt64 {
    do throws(Fault) {
      return try magnitude(of: Array(text.utf8)[...])
    } catch {
      throw Failure(message: error.message("ParseUint", text))
    }
  }

  /// Why a number cannot be read.
  enum Fault: String, Error {
    case syntax = "invalid syntax"
    case range = "value out of range"

    /// What `strconv` says of it.
    func message(_ function: String, _ text: String) -> String {
      "strconv.\(function): parsing \(GoQuote.quoted(text)): \(rawValue)"
    }
  }

  private static func signed(_ text: String, by function: String) throws(Failure) -> Int64 {
    do throws(Fault) {
      var digits = Array(text.utf8)[...]
      let isNegative = digits.first == ASCII.dash
      if isNegative || digits.first == ASCII.plus { digits.removeFirst() }
      let magnitude = try magnitude(of: digits)
      guard let value = isNegative ? Int64(negating: magnitude) : Int64(exactly: magnitude) else { throw .range }
      return value
    } catch {
      throw Failure(message: error.message(function, text))
    }
  }

  /// The number these digits spell; what is too large is found before what follows it is looked at.
  private static func magnitude(of digits: ArraySlice<UInt8>) throws(Fault) -> UInt64 {
    guard !digits.isEmpty else { throw .syntax }
    var value: UInt64 = 0
    for digit in digits {
      guard ASCII.isDigit(digit) else { throw .syntax }
      let product = value.multipliedReportingOverflow(by: 10)
      let sum = product.partialValue.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
      guard !product.overflow, !sum.overflow else { throw .range }
      value = sum.partialValue
    }
    return value
  }
}

extension Int64 {
  /// The number below zero of this magnitude; nil where there is none.
  fileprivate init?(negating magnitude: UInt64) {
    guard magnitude <= Int64.min.magnitude else { return nil }
    self = 0 &- Int64(bitPattern: UInt64(magnitude))
  }
}

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
      let isAfterPrefix = isHexadecimal && index == rest.startIndex + 2
      return (isAfterPrefix || isDigit(rest[index - 1])) && isDigit(rest[index + 1])
    }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    ASCII.isDigit(byte) || isHexadecimal && (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
  }
}

private let underscore = UInt8(ascii: "_")

extension GoParse {
  /// `time.ParseDuration`: a span of time in nanoseconds, such as `1h15m30.918s`.
  @discardableResult
  package static func duration(_ text: String) throws(Failure) -> Int64 {
    let invalid = Failure(message: "time: invalid duration \(GoQuote.durationQuoted(text))")
    var rest = Array(text.utf8)[...]
    let isNegative = rest.first == ASCII.dash
    if isNegative || rest.first == ASCII.plus { rest.removeFirst() }
    if rest.elementsEqual("0".utf8) { return 0 }
    guard !rest.isEmpty else { throw invalid }
    var total: UInt64 = 0
    while !rest.isEmpty {
      guard let amount = DurationAmount(readingFrom: &rest) else { throw invalid }
      let name = rest.prefix { $0 != ASCII.dot && !ASCII.isDigit($0) }
      rest = rest[name.endIndex...]
      let unit = try unit(String(decoding: name, as: UTF8.self), in: text)
      guard let length = amount.nanoseconds(each: unit), length <= limit - total else { throw invalid }
      total += length
    }
    if isNegative { return 0 &- Int64(bitPattern: total) }
    guard let duration = Int64(exactly: total) else { throw invalid }
    return duration
  }

  /// The length of the longest span, which is a negative one.
  fileprivate static let limit = Int64.min.magnitude

  private static func unit(_ name: String, in text: String) throws(Failure) -> UInt64 {
    let text = GoQuote.durationQuoted(text)
    guard !name.isEmpty else { throw Failure(message: "time: missing unit in duration \(text)") }
    guard let unit = units.first(where: { $0.name == name })?.nanoseconds else {
      throw Failure(message: "time: unknown unit \(GoQuote.durationQuoted(name)) in duration \(text)")
    }
    return unit
  }

  /// Microseconds may be spelt with the micro sign or with the Greek letter.
  private static let units: [(name: String, nanoseconds: UInt64)] = [
    ("ns", 1), ("us", 1000), ("\u{B5}s", 1000), ("\u{3BC}s", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
    ("m", 60_000_000_000), ("h", 3_600_000_000_000),
  ]
}

/// The number in front of a duration's unit.
private struct DurationAmount {
  private var whole: UInt64 = 0
  private var fraction: UInt64 = 0
  private var scale = 1.0

  /// Nil where there is no number, or one that is too large.
  init?(readingFrom text: inout ArraySlice<UInt8>) {
    let digits = text.prefix(while: ASCII.isDigit)
    text = text[digits.endIndex...]
    for digit in digits {
      guard whole <= GoParse.limit / 10 else { return nil }
      whole = whole * 10 + UInt64(digit - UInt8(ascii: "0"))
      guard whole <= GoParse.limit else { return nil }
    }
    guard text.first == ASCII.dot else {
      if digits.isEmpty { return nil }
      return
    }
    let decimals = text.dropFirst().prefix(while: ASCII.isDigit)
    text = text[decimals.endIndex...]
    if digits.isEmpty, decimals.isEmpty { return nil }
    readFraction(decimals)
  }

  /// Digits beyond what 63 bits hold are left out.
  private mutating func readFraction(_ digits: ArraySlice<UInt8>) {
    for digit in digits {
      guard fraction <= (GoParse.limit - 1) / 10 else { return }
      let longer = fraction * 10 + UInt64(digit - UInt8(ascii: "0"))
      guard longer <= GoParse.limit else { return }
      fraction = longer
      scale *= 10
    }
  }

  /// The length of so many units; nil where it is too large.
  func nanoseconds(each unit: UInt64) -> UInt64? {
    guard whole <= GoParse.limit / unit else { return nil }
    let length = whole * unit + (fraction > 0 ? UInt64(Double(fraction) * (Double(unit) / scale)) : 0)
    return length <= GoParse.limit ? length : nil
  }
}
