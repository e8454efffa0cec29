package import ManifestText

/// JSON as Go's `encoding/json` writes it: unlike `JSONWriter`, it escapes `<`, `>` and `&`.
package enum GoJSON {
  /// The value on one line, without spaces, members in the order they are in.
  ///
  /// Numbers are written as they are spelt.
  package static func encode(_ value: Value) -> [UInt8] {
    var output: [UInt8] = []
    append(value, to: &output)
    return output
  }

  /// Text in double quotes, safe to be put into HTML.
  package static func encode(_ text: String) -> [UInt8] {
    var output: [UInt8] = []
    append(text, to: &output)
    return output
  }

  /// The number, in the fewest digits that tell it from its neighbours.
  /// - Throws: A `Failure` for numbers that JSON cannot express: infinity and not-a-number.
  package static func encode(_ number: Double) throws(GoParse.Failure) -> String {
    guard number.isFinite else {
      let name = number.isNaN ? "NaN" : number < 0 ? "-Inf" : "+Inf"
      throw GoParse.Failure(message: "json: unsupported value: \(name)")
    }
    return ShortestDigits(number).text
  }

  /// Members in the order Go writes a map in: by the bytes of their keys.
  package static func sorted(_ members: [Value.Member]) -> [Value.Member] {
    members.sorted { GoText.precedes($0.key, $1.key) }
  }

  static func append(_ value: Value, to output: inout [UInt8]) {
    switch value {
    case .null: output += "null".utf8
    case .bool(let flag): output += (flag ? "true" : "false").utf8
    case .number(let spelling): output += spelling.utf8
    case .string(let text): append(text, to: &output)
    case .array(let elements):
      appendList(elements, in: "[]", to: &output) { append($0, to: &$1) }
    case .object(let members):
      appendList(members, in: "{}", to: &output) { member, output in
        append(member.key, to: &output)
        output.append(ASCII.colon)
        append(member.value, to: &output)
      }
    }
  }

  private static func appendList<Element>(
    _ elements: [Element], in brackets: StaticString, to output: inout [UInt8],
    appendElement: (Element, inout [UInt8]) -> Void
  ) {
    let brackets = Array(brackets.description.utf8)
    output.append(brackets[0])
    for (index, element) in elements.enumerated() {
      if index > 0 { output.append(ASCII.comma) }
      appendElement(element, &output)
    }
    output.append(brackets[1])
  }

  // MARK: Text

  static func append(_ text: String, to output: inout [UInt8]) {
    output.append(ASCII.doubleQuote)
    appendEscaped(Array(text.utf8), isSpecial, to: &output)
    output.append(ASCII.doubleQuote)
  }

  /// A string in JSON's spelling, respelt as Go's encoder does when it copies it.
  ///
  /// Escapes stay as they are; only characters that are special in HTML or JavaScript are escaped.
  static func respelt(_ spelling: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    appendEscaped(spelling, isHarmful, to: &output)
    return output
  }

  /// Copies what needs no escape in whole runs.
  private static func appendEscaped(_ bytes: [UInt8], _ isSpecial: [Bool], to output: inout [UInt8]) {
    var start = 0
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let isSeparator = byte == 0xE2 && isLineSeparator(bytes[index...])
      guard isSpecial[Int(byte)] || isSeparator else {
        index += 1
        continue
      }
      output += bytes[start..<index]
      let scalar = isSeparator ? 0x2020 | UInt16(bytes[index + 2] & 0xF) : UInt16(byte)
      appendEscape(scalar, to: &output)
      index += isSeparator ? 3 : 1
      start = index
    }
    output += bytes[start...]
  }

  private static let isHarmful = ByteText.table(["<>&": true], usual: false)
  private static let isSpecial = (0...255).map { byte in
    byte < 0x20 || UInt8(byte) == ASCII.doubleQuote || UInt8(byte) == ASCII.backslash || isHarmful[byte]
  }

  /// The two characters that end a line in JavaScript, and not in JSON.
  private static func isLineSeparator(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.starts(with: [0xE2, 0x80, 0xA8]) || bytes.starts(with: [0xE2, 0x80, 0xA9])
  }

  private static func appendEscape(_ unit: UInt16, to output: inout [UInt8]) {
    switch unit {
    case 0x22: output += "\\\"".utf8
    case 0x5C: output += "\\\\".utf8
    case 0x08: output += "\\b".utf8
    case 0x0C: output += "\\f".utf8
    case 0x0A: output += "\\n".utf8
    case 0x0D: output += "\\r".utf8
    case 0x09: output += "\\t".utf8
    default:
      let digits = String(unit, radix: 16)
      output += "\\u".utf8
      output += repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count)
      output += digits.utf8
    }
  }
}

/// The fewest decimal digits that tell a number from its neighbours.
private struct ShortestDigits {
  private let sign: String
  private let digits: String
  /// How many of the digits stand before the decimal point.
  private let point: Int

  init(_ number: Double) {
    sign = number.sign == .minus ? "-" : ""
    let parts = number.magnitude.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let whole = mantissa[0]
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let leadingZeros = (whole + fraction).prefix { $0 == "0" }.count
    let significant = (whole + fraction).dropFirst(leadingZeros)
    let trailingZeros = significant.reversed().prefix { $0 == "0" }.count
    digits = number == 0 ? "0" : String(significant.dropLast(trailingZeros))
    point = number == 0 ? 1 : whole.count - leadingZeros + exponent
  }

  /// Plain between 1e-6 and 1e21, and with an exponent beyond.
  var text: String {
    if point > 21 || point < -5 { return sign + scientific }
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
    if digits.count <= point { return sign + digits + String(repeating: "0", count: point - digits.count) }
    return sign + digits.prefix(point) + "." + digits.dropFirst(point)
  }

  private var scientific: String {
    let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
    let exponent = point - 1
    return "\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "" : "+")\(exponent)"
  }
}

/// JSON as Go's decoder keeps it: taken apart, with its scalars as they are spelt.
///
/// As in Go, a null inside a list or an object is no node at all.
package indirect enum GoJSONNode: Equatable, Sendable {
  /// A null that is the whole text.
  case null
  /// A string, number or truth value, as it is spelt.
  case scalar([UInt8])
  case array([GoJSONNode?])
  /// Members in the order they were read, each as often as it was there.
  case object([Member])

  /// One member of an object.
  package struct Member: Equatable, Sendable {
    package var key: String
    package var value: GoJSONNode?

    package init(_ key: String, _ value: GoJSONNode?) {
      self.key = key
      self.value = value
    }
  }
}

extension GoJSONNode {
  /// The node of what `GoJSON` would write for a value.
  package init(_ value: Value) {
    switch value {
    case .null: self = .null
    case .array(let elements): self = .array(elements.map(GoJSONNode.inside))
    case .object(let members): self = .object(members.map { Member($0.key, GoJSONNode.inside($0.value)) })
    default: self = .scalar(GoJSON.encode(value))
    }
  }

  private static func inside(_ value: Value) -> GoJSONNode? { value == .null ? nil : GoJSONNode(value) }

  /// The value, numbers as they are spelt.
  package var value: Value {
    switch self {
    case .null: return .null
    case .scalar(let spelling): return GoJSONNode.value(ofScalar: spelling)
    case .array(let elements): return .array(elements.map { $0?.value ?? .null })
    case .object(let members):
      return .object(members.map { Value.Member(key: $0.key, value: $0.value?.value ?? .null) })
    }
  }

  private static func value(ofScalar spelling: [UInt8]) -> Value {
    switch spelling.first {
    case ASCII.doubleQuote: .string(GoJSON.unquoted(spelling[...]))
    case UInt8(ascii: "n"): .null
    case UInt8(ascii: "t"): true
    case UInt8(ascii: "f"): false
    default: .number(String(decoding: spelling, as: UTF8.self))
    }
  }

  /// What Go calls this in a message about a value of the wrong type.
  package var kindName: String {
    switch self {
    case .null: "null"
    case .array: "array"
    case .object: "object"
    case .scalar(let spelling):
      switch spelling.first {
      case ASCII.doubleQuote: "string"
      case UInt8(ascii: "t"), UInt8(ascii: "f"): "bool"
      default: "number"
      }
    }
  }
}
