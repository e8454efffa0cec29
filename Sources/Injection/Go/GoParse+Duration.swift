internal import ManifestText

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
