internal import ManifestText

/// Amounts of resources, as Kubernetes reads and writes them.
package enum Quantity {
  /// The text Kubernetes writes for a quantity it has read, whatever its size.
  ///
  /// Text that is in canonical form already is kept as it is typed, signs and leading zeros included.
  /// - Throws: A `Failure` with Kubernetes' own message.
  package static func canonical(_ text: String) throws(GoParse.Failure) -> String {
    if text == "0" { return text }
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
