/// The warnings the API server sends beside an answer (RFC 7234 section 5.5): `299 - "text" "date"`, several with commas.
enum WarningHeader {
  /// The texts of a header's value with the code 299, unquoted, in order; what cannot be read is left out.
  static func texts(_ value: String) -> [String] {
    var texts: [String] = []
    var rest = value.utf8[...]
    while let warning = takeWarning(from: &rest) {
      if warning.code == "299" { texts.append(warning.text) }
    }
    return texts
  }

  private static func takeWarning(from rest: inout Substring.UTF8View) -> (code: String, text: String)? {
    skip(while: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ",") }, in: &rest)
    let code = takeWord(from: &rest)
    _ = takeWord(from: &rest)
    guard !code.isEmpty, let text = takeQuoted(from: &rest) else { return nil }
    skip(while: { $0 == UInt8(ascii: " ") }, in: &rest)
    // The date.
    if rest.first == UInt8(ascii: "\"") { _ = takeQuoted(from: &rest) }
    return (code, text)
  }

  private static func takeWord(from rest: inout Substring.UTF8View) -> String {
    let word = rest.prefix { $0 != UInt8(ascii: " ") }
    rest = rest.dropFirst(word.count)
    skip(while: { $0 == UInt8(ascii: " ") }, in: &rest)
    return String(decoding: word, as: UTF8.self)
  }

  private static func takeQuoted(from rest: inout Substring.UTF8View) -> String? {
    guard rest.first == UInt8(ascii: "\"") else { return nil }
    rest = rest.dropFirst()
    var text: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
      if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
        text.append(escaped)
      } else {
        text.append(byte)
      }
    }
    return nil
  }

  private static func skip(while condition: (UInt8) -> Bool, in rest: inout Substring.UTF8View) {
    rest = rest.drop(while: condition)
  }
}
