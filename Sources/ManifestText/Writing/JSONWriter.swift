/// Spells values as JSON (RFC 8259).
public enum JSONWriter: Sendable {
  /// The value on one line, with a space after commas and colons where `spaced`.
  public static func compact(_ value: Value, spaced: Bool = false) -> [UInt8] {
    var output: [UInt8] = []
    FlowWriter(spelling: .json, spaced: spaced).append(value, to: &output)
    return output
  }

  /// The value over several lines, four spaces a level as kubectl prints it, with a line feed at the end.
  public static func pretty(_ value: Value) -> [UInt8] {
    var output: [UInt8] = []
    let unit = Array("    ".utf8)
    FlowWriter(spelling: .json, lines: .init(newline: [ASCII.lineFeed], indent: [], unit: unit))
      .append(value, to: &output)
    output.append(ASCII.lineFeed)
    return output
  }

  /// Text in double quotes, escaped as both JSON and YAML read it.
  package static func appendQuoted(_ text: String, to output: inout [UInt8], escapingLineSeparators: Bool = false) {
    output.append(ASCII.doubleQuote)
    let escapesWide = escapingLineSeparators && text.utf8.contains { $0 >= 0x7F }
    if escapesWide {
      for scalar in text.unicodeScalars { append(scalar, to: &output) }
    } else {
      appendRuns(of: text.utf8, to: &output)
    }
    output.append(ASCII.doubleQuote)
  }

  /// The JSON with each `$` spelt as an escape that stands before one of these bytes, for readers that would replace it.
  ///
  /// In JSON, `$` stands within texts only, so that another byte follows each.
  package static func escapingDollars(before following: [UInt8], in json: [UInt8]) -> [UInt8] {
    let dollar = UInt8(ascii: "$")
    guard json.contains(dollar) else { return json }
    var output: [UInt8] = []
    output.reserveCapacity(json.count + 64)
    for (index, byte) in json.enumerated() {
      if byte == dollar, following.contains(json[index + 1]) {
        output += "\\u0024".utf8
      } else {
        output.append(byte)
      }
    }
    return output
  }

  /// True for a byte that stands in quotes as it is.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != ASCII.doubleQuote && byte != ASCII.backslash
  }

  /// Appends what stands as it is in one go, from one byte that has to be escaped to the next.
  private static func appendRuns(of text: String.UTF8View, to output: inout [UInt8]) {
    var rest = text[...]
    while let special = rest.firstIndex(where: { !isPlain($0) }) {
      output.append(contentsOf: rest[..<special])
      append(rest[special], to: &output)
      rest = rest[rest.index(after: special)...]
    }
    output.append(contentsOf: rest)
  }

  private static func append(_ scalar: Unicode.Scalar, to output: inout [UInt8]) {
    if scalar.value < 0x7F {
      append(UInt8(scalar.value), to: &output)
    } else if ScalarSpelling.isUnprintable(scalar) {
      output.append(contentsOf: "\\u".utf8)
      appendHex(UInt16(scalar.value), to: &output)
    } else {
      output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
  }

  private static func append(_ byte: UInt8, to output: inout [UInt8]) {
    switch byte {
    case ASCII.doubleQuote, ASCII.backslash: output += [ASCII.backslash, byte]
    case ASCII.lineFeed: output += [ASCII.backslash, UInt8(ascii: "n")]
    case ASCII.tab: output += [ASCII.backslash, UInt8(ascii: "t")]
    case ASCII.carriageReturn: output += [ASCII.backslash, UInt8(ascii: "r")]
    case 0..<0x20:
      output.append(contentsOf: "\\u".utf8)
      appendHex(UInt16(byte), to: &output)
    default: output.append(byte)
    }
  }

  private static func appendHex(_ unit: UInt16, to output: inout [UInt8]) {
    let digits = String(unit, radix: 16)
    output.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count))
    output.append(contentsOf: digits.utf8)
  }
}
