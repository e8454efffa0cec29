import Injection
import ManifestText
import TestSupport
import Testing

/// Base64, on recorded answers and there and back.
@Suite struct Base64Tests {
  @Test func decoding() throws {
    try GoTables.check("base64", rows: 26, answer: "outHex") { row in
      let decoded = Base64.decoded(row.input.utf8)
      #expect((decoded != nil) == (row["decoded"] == true), "\(row.input)")
      return (decoded ?? Array(row.input.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }

  @Test(arguments: ["Y===", "YQ=a", "Y=Q=", "=", "YQ==\n\r\nYQ==", "YWJj====", "YQ==="])
  func noBase64(text: String) {
    #expect(Base64.decoded(text.utf8) == nil)
  }

  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("\u{FB}ÿ", "w7vDvw=="),
  ])
  func encoding(text: String, encoded: String) {
    #expect(Base64.encoded(Array(text.utf8)) == encoded)
  }

  @Test func thereAndBack() {
    for count in 0..<300 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 197 &+ count) }
      #expect(Base64.decoded(Base64.encoded(bytes).utf8) == bytes)
    }
  }
}
