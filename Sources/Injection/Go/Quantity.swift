internal import ManifestText

/// Amounts of resources, as Kubernetes reads and writes them.
package enum Quantity {
  /// The text Kubernetes writes for a quantity it has read, whatever its size.
  ///
  /// Text that is in canonical form already is kept as it is typed, signs and leading zeros included.
  /// - Throws: A `Failure` with Kubernetes' own message.
  package static func canonical(_ text: String) throws(GoParse.Failure) -> String {
    if text == "0" || isPlainlyCanonical(text) { return text }
    let parts = try QuantityText(text)
    let unit = try QuantityUnit(suffix: parts.suffix)
    if parts.isCanonical(in: unit) { return text }
    guard parts.hasDigits || parts.isShort(in: unit) else { throw .noNumber }
    var amount = Decimal(digits: parts.digits, exponent: -parts.fraction.count)
    amount.multiply(by: unit)
    amount.roundUp(toExponent: smallestExponent)
    if unit.base == .binary { amount.cap(at: .max) }
    guard !amount.isZero else { return "0" }
    let sign = parts.isNegative ? "-" : ""
    return sign + (unit.base == .binary ? amount.binaryText : amount.decimalText(unit.base))
  }

  /// True where one amount is more than another; false where one of the texts is no amount.
  package static func exceeds(_ text: String, _ other: String) -> Bool {
    if let thousandths = thousandths(text), let others = self.thousandths(other) { return thousandths > others }
    guard let (amount, isNegative) = try? amount(text), let (limit, isBelowZero) = try? self.amount(other) else {
      return false
    }
    if isNegative != isBelowZero { return isBelowZero }
    return isNegative ? amount < limit : limit < amount
  }

  /// True for most of the amounts that people write: a number that no larger suffix could make shorter.
  private static func isPlainlyCanonical(_ text: String) -> Bool {
    guard text.utf8.first != zero, let (number, unit) = common(text) else { return false }
    return number % unit.step != 0
  }

  /// What the amounts that people write count, in thousandths; nil for one that is rare or none.
  private static func thousandths(_ text: String) -> Int? {
    common(text).map { number, unit in number * unit.thousandths }
  }

  /// How many thousandths a common unit has, and how many of it the next larger one.
  private typealias CommonUnit = (thousandths: Int, step: Int)

  /// A number of a few digits and its unit: so few that no unit makes it more than 64 bits.
  private static func common(_ text: String) -> (number: Int, unit: CommonUnit)? {
    var text = text
    return text.withUTF8 { text in
      var (number, digits) = (0, 0)
      while digits < text.count, unsafe ASCII.isDigit(text[digits]) {
        number = unsafe number * 10 + Int(text[digits] - zero)
        digits += 1
        if digits > 6 { return nil }
      }
      let isBinary = unsafe digits + 2 == text.count && text[digits + 1] == UInt8(ascii: "i")
      guard digits > 0, digits + 1 >= text.count || isBinary else { return nil }
      let first = unsafe digits < text.count ? text[digits] : nil
      return commonUnit(first, isBinary: isBinary).map { (number, $0) }
    }
  }

  private static func commonUnit(_ first: UInt8?, isBinary: Bool) -> CommonUnit? {
    switch (first, isBinary) {
    case (nil, _): (1_000, 1_000)
    case (UInt8(ascii: "m"), false): (1, 1_000)
    case (UInt8(ascii: "k"), false): (1_000_000, 1_000)
    case (UInt8(ascii: "M"), false): (1_000_000_000, 1_000)
    case (UInt8(ascii: "G"), false): (1_000_000_000_000, 1_000)
    case (UInt8(ascii: "K"), true): (1_000 << 10, 1_024)
    case (UInt8(ascii: "M"), true): (1_000 << 20, 1_024)
    case (UInt8(ascii: "G"), true): (1_000 << 30, 1_024)
    default: nil
    }
  }

  /// What a text counts without its sign.
  private static func amount(_ text: String) throws(GoParse.Failure) -> (Decimal, isNegative: Bool) {
    let parts = try QuantityText(text)
    var amount = Decimal(digits: parts.digits, exponent: -parts.fraction.count)
    amount.multiply(by: try QuantityUnit(suffix: parts.suffix))
    return (amount, parts.isNegative && !amount.isZero)
  }

  /// Kubernetes counts in billionths.
  static let smallestExponent = -9
}

extension GoParse.Failure {
  fileprivate static let wrongFormat = GoParse.Failure(
    message: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
  fileprivate static let wrongSuffix = GoParse.Failure(message: "unable to parse quantity's suffix")
  fileprivate static let noNumber = GoParse.Failure(message: "unable to parse numeric part of quantity")
}

/// A quantity's text, taken apart.
private struct QuantityText {
  let isNegative: Bool
  /// The digits before the point, without leading zeros; one zero where there are no others.
  let whole: [UInt8]
  /// The digits after the point.
  let fraction: [UInt8]
  let suffix: String
  /// False for a sign or a point by itself.
  let hasDigits: Bool

  init(_ text: String) throws(GoParse.Failure) {
    var rest = Array(text.utf8)[...]
    guard !rest.isEmpty else { throw .wrongFormat }
    isNegative = rest.first == ASCII.dash
    if isNegative || rest.first == ASCII.plus { rest.removeFirst() }
    let integer = rest.prefix(while: ASCII.isDigit)
    rest = rest[integer.endIndex...]
    let stripped = integer.drop { $0 == zero }
    whole = stripped.isEmpty ? [zero] : Array(stripped)
    if rest.first == ASCII.dot {
      fraction = Array(rest.dropFirst().prefix(while: ASCII.isDigit))
      rest = rest.dropFirst(1 + fraction.count)
    } else {
      fraction = []
    }
    hasDigits = !integer.isEmpty || !fraction.isEmpty
    suffix = String(decoding: rest, as: UTF8.self)
    rest = rest.drop { "eEinumkKMGTP".utf8.contains($0) }
    if rest.first == ASCII.plus || rest.first == ASCII.dash { rest.removeFirst() }
    guard rest.allSatisfy(ASCII.isDigit) else { throw .wrongFormat }
  }

  var digits: [UInt8] { whole + fraction }

  /// True where Kubernetes reckons with 64 bits, and only then looks whether it may keep the text.
  func isShort(in unit: QuantityUnit) -> Bool {
    guard unit.base == .binary else {
      return digits.count <= 18 && scale(in: unit) >= Quantity.smallestExponent
    }
    return fraction.isEmpty && whole.count <= 14 - unit.exponent * 3 / 10
  }

  func isCanonical(in unit: QuantityUnit) -> Bool {
    guard isShort(in: unit) else { return false }
    if unit.base == .binary { return digits.reduce(0) { ($0 * 10 + Int($1 - zero)) & 7 } != 0 }
    return scale(in: unit) % 3 == 0 && digits.first != zero && !digits.suffix(3).elementsEqual([zero, zero, zero])
  }

  private func scale(in unit: QuantityUnit) -> Int { unit.exponent - fraction.count }
}

private let zero = UInt8(ascii: "0")

/// What a quantity's suffix multiplies its number with.
struct QuantityUnit {
  enum Base { case decimal, decimalExponent, binary }

  let base: Base
  /// The power of 10, or of 2 for the base `binary`.
  let exponent: Int

  fileprivate init(suffix: String) throws(GoParse.Failure) {
    if let index = QuantityUnit.decimal.firstIndex(of: suffix) {
      (base, exponent) = (.decimal, index * 3 - 9)
    } else if let index = QuantityUnit.binary.firstIndex(of: suffix), index > 0 {
      (base, exponent) = (.binary, index * 10)
    } else {
      guard suffix.utf8.count > 1, suffix.hasPrefix("e") || suffix.hasPrefix("E"),
        let power = try? GoParse.index(String(suffix.dropFirst()))
      else { throw .wrongSuffix }
      (base, exponent) = (.decimalExponent, Int(Int32(truncatingIfNeeded: power)))
    }
  }

  /// The suffixes for powers of 1000, from the billionth on.
  static let decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"]
  /// The suffixes for powers of 1024.
  static let binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
}

/// A decimal number of any size that is not negative: digits, and the power of ten they are counted in.
struct Decimal: Comparable {
  /// ASCII digits without leading zeros; none for zero.
  private(set) var digits: ArraySlice<UInt8>
  private(set) var exponent: Int

  init(digits: [UInt8], exponent: Int) {
    self.digits = digits.drop { $0 == zero }
    self.exponent = exponent
  }

  var isZero: Bool { digits.isEmpty }

  /// Counts in a quantity's unit.
  mutating func multiply(by unit: QuantityUnit) {
    guard unit.base == .binary else {
      exponent += unit.exponent
      return
    }
    for _ in 0..<unit.exponent / 10 { multiply(by: 1024) }
  }

  private mutating func multiply(by factor: Int) {
    var product: [UInt8] = []
    var carry = 0
    for digit in digits.reversed() {
      carry += Int(digit - zero) * factor
      product.append(zero + UInt8(carry % 10))
      carry /= 10
    }
    while carry > 0 {
      product.append(zero + UInt8(carry % 10))
      carry /= 10
    }
    digits = ArraySlice(product.reversed())
  }

  /// Leaves nothing after this power of ten; what was there makes the number larger.
  mutating func roundUp(toExponent smallest: Int) {
    let surplus = smallest - exponent
    guard surplus > 0, !isZero else { return }
    let isInexact = digits.suffix(surplus).contains { $0 != zero }
    digits = digits.dropLast(surplus)
    exponent = smallest
    if isInexact { increment() }
  }

  private mutating func increment() {
    let nines = digits.reversed().prefix { $0 == nine }.count
    digits = digits.dropLast(nines)
    let last = digits.popLast() ?? zero
    digits.append(last + 1)
    digits += repeatElement(zero, count: nines)
  }

  /// Takes the limit for every number beyond it, for numbers not counted in tens.
  mutating func cap(at limit: Int) {
    let exceeds = wholePart.map { $0 > limit || $0 == limit && !isWhole } ?? true
    if exceeds { self = Decimal(digits: Array(String(limit).utf8), exponent: 0) }
  }

  private var isWhole: Bool { digits.suffix(max(0, -exponent)).allSatisfy { $0 == zero } }

  /// What stands before the decimal point, for numbers not counted in tens; nil beyond 64 bits with a sign.
  private var wholePart: Int? {
    let whole = digits.dropLast(max(0, -exponent))
    return whole.isEmpty ? 0 : Int(String(decoding: whole, as: UTF8.self))
  }

  static func == (one: Decimal, other: Decimal) -> Bool { !(one < other) && !(other < one) }

  static func < (one: Decimal, other: Decimal) -> Bool {
    if one.isZero || other.isZero { return one.isZero && !other.isZero }
    let (size, otherSize) = (one.digits.count + one.exponent, other.digits.count + other.exponent)
    if size != otherSize { return size < otherSize }
    let shared = max(one.digits.count, other.digits.count)
    func padded(_ digits: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
      digits + repeatElement(zero, count: shared - digits.count)
    }
    return padded(one.digits).lexicographicallyPrecedes(padded(other.digits))
  }

  // MARK: Text

  /// Digits without factors of 1000, and the suffix for the power of 1000 they are counted in.
  ///
  /// Beyond the largest suffix Kubernetes writes none at all, however wrong that is.
  func decimalText(_ base: QuantityUnit.Base) -> String {
    let significant = digits.reversed().drop { $0 == zero }
    var power = exponent + digits.count - significant.count
    let padding = (power % 3 + 3) % 3
    power -= padding
    let number = String(decoding: significant.reversed(), as: UTF8.self) + String(repeating: "0", count: padding)
    if power == 0 { return number }
    if base == .decimalExponent { return "\(number)e\(power)" }
    let index = (power - Quantity.smallestExponent) / 3
    return number + (index < QuantityUnit.decimal.count ? QuantityUnit.decimal[index] : "")
  }

  /// As `decimalText` with powers of 1024, for whole numbers from 1024 on.
  var binaryText: String {
    guard isWhole, var rest = wholePart, rest >= 1024 else { return decimalText(.decimal) }
    var power = 0
    while rest % 1024 == 0 {
      rest /= 1024
      power += 1
    }
    return "\(rest)\(QuantityUnit.binary[power])"
  }
}

private let nine = UInt8(ascii: "9")
