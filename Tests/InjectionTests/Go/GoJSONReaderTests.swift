import Injection
import ManifestText
import Testing

/// What Go's JSON decoder accepts, and what it says of the rest.
@Suite struct GoJSONReaderTests {
  @Test(arguments: [
    (
      ##" {"a" : [1.50,-0,1E+2,true,false,null,{}] , "a":"\u0041\n\/" } "##,
      ##"{"a":[1.50,-0,1E+2,true,false,null,{}],"a":"A\n/"}"##
    ),
    (##""\ud83d\ude00\ud83d\ud83d\u0041\ude00""##, "\"\u{1F600}\u{FFFD}\u{FFFD}A\u{FFFD}\""),
    ("null", "null"), ("\t\r\n[]", "[]"), ("\"\u{7F}\u{2028}\"", "\"\u{7F}\\u2028\""),
  ])
  func accepted(text: String, written: String) throws {
    #expect(String(decoding: GoJSON.encode(try GoJSON.decode(text).value), as: UTF8.self) == written)
  }

  @Test(arguments: [
    ("", "unexpected end of JSON input"), ("[1", "unexpected end of JSON input"),
    (##"{"a""##, "unexpected end of JSON input"),
    (##""abc"##, "unexpected end of JSON input"), ("[1,", "unexpected end of JSON input"),
    ("tru", "invalid character ' ' in literal true (expecting 'e')"),
    ("nil", "invalid character 'i' in literal null (expecting 'u')"),
    ("-", "invalid character ' ' in numeric literal"), ("-a", "invalid character 'a' in numeric literal"),
    ("1.", "invalid character ' ' after decimal point in numeric literal"),
    ("1e+", "invalid character ' ' in exponent of numeric literal"),
    ("01", "invalid character '1' after top-level value"), ("1 2", "invalid character '2' after top-level value"),
    ("[1 2]", "invalid character '2' after array element"), ("[1}", "invalid character '}' after array element"),
    ("[1,]", "invalid character ']' looking for beginning of value"),
    ("{1:2}", "invalid character '1' looking for beginning of object key string"),
    (##"{"a" 1}"##, "invalid character '1' after object key"),
    (##"{"a":1 "b"}"##, ##"invalid character '"' after object key:value pair"##),
    (##"{"a":}"##, "invalid character '}' looking for beginning of value"),
    ("'a'", ##"invalid character '\'' looking for beginning of value"##),
    ("\"\\x\"", "invalid character 'x' in string escape code"), ("\"\\", "invalid character ' ' in string escape code"),
    ("\"\\u12g4\"", "invalid character 'g' in \\u hexadecimal character escape"),
    ("\"\\u+123\"", "invalid character '+' in \\u hexadecimal character escape"),
    ("\"a\nb\"", "invalid character '\\n' in string literal"),
    ("\u{FEFF}1", "invalid character 'ï' looking for beginning of value"),
    ("\u{A0}1", "invalid character 'Â' looking for beginning of value"),
    ("---", "invalid character '-' in numeric literal"),
    ("\u{B}1", "invalid character '\\v' looking for beginning of value"),
  ])
  func refused(text: String, message: String) throws {
    #expect(
      try GoTables.outcome { String(decoding: GoJSON.encode(try GoJSON.decode(text).value), as: UTF8.self) }
        == "error: \(message)")
  }

  @Test func depth() throws {
    let deep = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
    _ = try GoJSON.decode(deep)
    let refusal = "error: invalid character '[' exceeded max depth"
    #expect(try GoTables.outcome { try GoJSON.decode("[" + deep + "]").kindName } == refusal)
  }
}
