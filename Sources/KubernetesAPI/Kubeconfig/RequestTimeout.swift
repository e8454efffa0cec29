/// The value of `--request-timeout`, and of other flags that take a time.
package enum RequestTimeout {
  private static let units: [(name: String, milliseconds: Double)] = [
    ("ns", 1e-6), ("us", 1e-3), ("µs", 1e-3), ("μs", 1e-3), ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000),
  ]

  /// Milliseconds of a whole number of seconds, or of a duration as Go writes it (`1m30s`); nil for anything else.
  ///
  /// A duration shorter than a millisecond is one, because 0 means no limit.
  package static func milliseconds(_ text: String) -> Int? {
    if let seconds = Int(text) { return (0...Int(Int32.max)).contains(seconds) ? seconds * 1000 : nil }
    var rest = text[...]
    var sum = 0.0
    repeat {
      guard let part = takePart(from: &rest) else { return nil }
      sum += part
    } while !rest.isEmpty
    guard sum <= Double(Int32.max) * 1000 else { return nil }
    return sum > 0 ? max(1, Int(sum)) : 0
  }

  /// A number and its unit from the front, in milliseconds.
  private static func takePart(from rest: inout Substring) -> Double? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    guard let amount = Double(digits) else { return nil }
    rest = rest[digits.endIndex...]
    let name = rest.prefix { !($0.isASCII && $0.isNumber) && $0 != "." }
    guard let unit = units.first(where: { $0.name == name }) else { return nil }
    rest = rest[name.endIndex...]
    return amount * unit.milliseconds
  }
}
