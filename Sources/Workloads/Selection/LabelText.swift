/// What Kubernetes takes for the key and the value of a label.
enum LabelText {
  /// What is wrong with a key, such as `app` or `example.com/tier`; nil where nothing is.
  static func fault(ofKey key: String) -> String? {
    let parts = key.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    switch parts.count {
    case 1: return fault(ofName: parts[0])
    case 2: return fault(ofPrefix: parts[0]) ?? fault(ofName: parts[1])
    default: return "a key is a name, or a domain and a name with one / between them"
    }
  }

  /// What is wrong with a value; nil where nothing is.
  static func fault(ofValue value: String) -> String? {
    value.isEmpty ? nil : fault(ofName: value.utf8[...])
  }

  private static func fault(ofName name: Substring.UTF8View) -> String? {
    if name.count > 63 { return "it may have 63 characters at most" }
    let isFitting =
      name.allSatisfy { isLetterOrDigit($0) || "-_.".utf8.contains($0) }
      && name.first.map(isLetterOrDigit) == true && name.last.map(isLetterOrDigit) == true
    return isFitting ? nil : "it is made of letters, digits, - _ and ., and begins and ends with a letter or digit"
  }

  private static func fault(ofPrefix prefix: Substring.UTF8View) -> String? {
    let isFitting =
      prefix.count <= 253
      && prefix.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { part in
        part.allSatisfy { isLowercaseOrDigit($0) || $0 == UInt8(ascii: "-") }
          && part.first.map(isLowercaseOrDigit) == true && part.last.map(isLowercaseOrDigit) == true
      }
    return isFitting ? nil : "what stands before the / is a domain in small letters, such as example.com"
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    isLowercaseOrDigit(byte) || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
  }

  private static func isLowercaseOrDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }
}
