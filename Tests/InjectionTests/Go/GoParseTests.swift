import Injection
import ManifestText
import TestSupport
import Testing

/// Go's readers of values, on recorded answers and on what lies between them.
@Suite struct GoParseTests {
  @Test func booleans() throws {
    try GoTables.check("bools", rows: 46) { try HashiCorpParse.bool($0.input) ? "true" : "false" }
  }

  @Test func signedNumbers() throws {
    try GoTables.check("ints", rows: 83) { String(try HashiCorpParse.int($0.input)) }
  }

  @Test func unsignedNumbers() throws {
    try GoTables.check("uints", rows: 83) { String(try GoParse.uint($0.input)) }
  }

  @Test func floats() throws {
    // A zero is left out of the agent's configuration, and so of the table.
    try GoTables.check("floats", rows: 474, answer: "json", failures: ["error", "encodeError"]) { row in
      let value = try GoParse.float(row.input)
      return value == 0 ? "" : try GoJSON.encode(value)
    }
  }

  @Test func durations() throws {
    try GoTables.check("durations", rows: 364, answer: "ns") { String(try GoParse.duration($0.input)) }
  }

  /// What is found wrong first is what the message says.
  @Test(arguments: [
    ("99999999999999999999x", "value out of range"), ("9999999999999999999x", "invalid syntax"),
    ("--1", "invalid syntax"), ("+", "invalid syntax"), ("\u{661}", "invalid syntax"), ("1 ", "invalid syntax"),
  ])
  func signedNumberFaults(text: String, fault: String) throws {
    let expected = "error: strconv.ParseInt: parsing \"\(text)\": \(fault)"
    #expect(try GoTables.outcome { String(try GoParse.int(text)) } == expected)
  }

  @Test(arguments: [
    ("0x_1p-2", 0.25), ("0X1P+2", 4), ("1_0.5_0e1_0", 10.5e10), ("+.5", 0.5), ("1e-999999999999", 0),
    ("0e99999999999999999999", 0), ("-0x.8p1", -1), ("4.9e-324", Double.leastNonzeroMagnitude), ("00_7", 7),
  ])
  func floatSpellings(text: String, value: Double) throws {
    #expect(try GoParse.float(text) == value)
  }

  @Test(arguments: [
    "0x1", "0xp1", "0x", "0_x1p1", "1_e5", "1e_5", "1e5_", "1e", "1e+", "1..2", "1.2.3", "in", "infinit", "+nan",
    "0x1e5", "_0x1p1", "1_.5", "1._5", "0x1_p1", "0x1p0x1", "1e400x", "\u{130}nf", "1p5", "e5", ".e5", "-", "+",
  ])
  func floatFaults(text: String) throws {
    let expected = "error: strconv.ParseFloat: parsing \"\(text)\": invalid syntax"
    #expect(try GoTables.outcome { String(try GoParse.float(text)) } == expected)
  }

  @Test(arguments: ["1e309", "-1e309", "0x1p1024", "1" + String(repeating: "0", count: 400)])
  func floatsOutOfRange(text: String) throws {
    let expected = "error: strconv.ParseFloat: parsing \"\(text)\": value out of range"
    #expect(try GoTables.outcome { String(try GoParse.float(text)) } == expected)
  }

  @Test(arguments: [
    ("-9223372036854775808ns", Int64.min), ("9223372036.854775807s", Int64.max),
    ("2562047h47m16.854775807s", Int64.max),
    ("0.3333333333333333333333h", 1_200_000_000_000), ("1\u{B5}s1\u{3BC}s1us", 3000), ("0.1ns", 0),
  ])
  func durationSpellings(text: String, nanoseconds: Int64) throws {
    #expect(try GoParse.duration(text) == nanoseconds)
  }

  @Test(arguments: [
    ("", #"invalid duration """#), ("9223372036854775808ns", #"invalid duration "9223372036854775808ns""#),
    ("9223372036854775807ns1ns", #"invalid duration "9223372036854775807ns1ns""#),
    ("-9223372036854775809ns", #"invalid duration "-9223372036854775809ns""#),
    ("1\u{E9}", #"unknown unit "\xc3\xa9" in duration "1\xc3\xa9""#), ("1s ", #"unknown unit "s " in duration "1s ""#),
    ("3000000h", #"invalid duration "3000000h""#), ("1m-5s", #"unknown unit "m-" in duration "1m-5s""#),
    ("1\n", #"unknown unit "\x0a" in duration "1\x0a""#), (#"1"\"#, #"unknown unit "\"\\" in duration "1\"\\""#),
  ])
  func durationFaults(text: String, fault: String) throws {
    #expect(try GoTables.outcome { String(try GoParse.duration(text)) } == "error: time: \(fault)")
  }
}
