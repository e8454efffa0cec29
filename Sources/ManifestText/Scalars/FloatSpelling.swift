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
