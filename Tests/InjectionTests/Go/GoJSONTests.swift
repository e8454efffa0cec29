import Injection
import ManifestText
import TestSupport
import Testing

/// JSON as Go writes it, on recorded answers and on what lies between them.
@Suite struct GoJSONTests {
  @Test func text() throws {
    try GoTables.check("jsonstrings", rows: 299, answer: "json") { encoded(GoJSON.encode($0.input)) }
  }

  @Test(arguments: [
    ("1e21", "1e+21"), ("999999999999999900000", "999999999999999900000"), ("1e-6", "0.000001"), ("1e-7", "1e-7"),
    ("1.5e-10", "1.5e-10"), ("-1.25e30", "-1.25e+30"), ("4.9e-324", "5e-324"), ("1e100", "1e+100"), ("0.1", "0.1"),
    ("0", "0"), ("-0", "-0"), ("123456789012345680000", "123456789012345680000"), ("100", "100"),
    ("9007199254740993", "9007199254740992"), ("1234.5", "1234.5"),
    ("1.7976931348623157e308", "1.7976931348623157e+308"),
  ])
  func numbers(value: String, text: String) throws {
    #expect(try GoJSON.encode(GoParse.float(value)) == text)
  }

  @Test func values() {
    let value: Value = [
      "z": [1, .number("1.50"), .null, true, []], "a<": "\u{2028}é\u{7F}/", "o": ["k": .object([])],
    ]
    #expect(
      encoded(GoJSON.encode(value)) == #"{"z":[1,1.50,null,true,[]],"a\u003c":"\u2028é"# + "\u{7F}"
        + #"/","o":{"k":{}}}"#)
  }

  @Test func membersByBytes() {
    let members = ["b", "a_", "a-", "B"].map { Value.Member(key: $0, value: 1) }
    #expect(GoJSON.sorted(members).map(\.key) == ["B", "a-", "a_", "b"])
  }

  private func encoded(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
