/// A decimal number of any size that is not negative: digits, and the power of ten they are counted in.
struct Decimal {
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

private let zero = UInt8(ascii: "0")
private let nine = UInt8(ascii: "9")
