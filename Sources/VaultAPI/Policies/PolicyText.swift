internal import ManifestText

/// Policies as they are written, in HCL or JSON.
public enum PolicyText: Sendable {
  /// The rules of a policy; nil where it is written in a way that this does not read.
  public static func rules(of text: String) -> [ACLRule]? {
    if let value = Value(json: Array(text.utf8)) { return rules(of: value) }
    var reader = PolicyReader(text)
    return reader.rules()
  }

  private static func rules(of value: Value) -> [ACLRule]? {
    let blocks = value["path"]?.array ?? value["path"].map { [$0] } ?? []
    return blocks.flatMap { $0.members ?? [] }.map { member in
      let names = member.value["capabilities"]?.array?.compactMap(\.string) ?? []
      return ACLRule(path: member.key, capabilities: names + legacy(member.value["policy"]?.string))
    }
  }

  /// What the old words for capabilities stand for.
  static func legacy(_ word: String?) -> [String] {
    switch word {
    case "read": ["read", "list"]
    case "write": ["create", "read", "update", "delete", "list"]
    case "sudo": ["create", "read", "update", "delete", "list", "sudo"]
    case "deny": ["deny"]
    default: []
    }
  }
}

/// Reads the blocks `path "…" { capabilities = […] }`; what else is in them is passed over.
struct PolicyReader {
  private enum Token: Equatable {
    case text(String)
    case word(String)
    case sign(UInt8)
  }

  private var tokens: ArraySlice<Token>?

  init(_ text: String) { tokens = PolicyReader.tokens(Array(text.utf8)).map { $0[...] } }

  mutating func rules() -> [ACLRule]? {
    guard var rest = tokens else { return nil }
    var rules: [ACLRule] = []
    while let token = rest.popFirst() {
      guard token == .word("path") || token == .text("path"), case .text(let path)? = rest.popFirst(),
        rest.popFirst() == .sign(UInt8(ascii: "{")), let names = PolicyReader.capabilities(&rest)
      else { return nil }
      rules.append(ACLRule(path: path, capabilities: names))
    }
    return rules
  }

  /// What a block allows, up to the brace that closes it; nil where there is none.
  private static func capabilities(_ rest: inout ArraySlice<Token>) -> [String]? {
    var names: [String] = []
    var depth = 1
    while let token = rest.popFirst() {
      switch token {
      case .sign(UInt8(ascii: "{")): depth += 1
      case .sign(UInt8(ascii: "}")):
        depth -= 1
        if depth == 0 { return names }
      case .word("capabilities") where depth == 1, .text("capabilities") where depth == 1: names += list(&rest)
      case .word("policy") where depth == 1:
        _ = rest.popFirst()
        if case .text(let word)? = rest.popFirst() { names += PolicyText.legacy(word) }
      default: break
      }
    }
    return nil
  }

  private static func list(_ rest: inout ArraySlice<Token>) -> [String] {
    var names: [String] = []
    while let token = rest.popFirst(), token != .sign(UInt8(ascii: "]")) {
      if case .text(let name) = token { names.append(name) }
    }
    return names
  }

  /// The text without comments, in pieces; nil where a text has no end.
  private static func tokens(_ bytes: [UInt8]) -> [Token]? {
    var tokens: [Token] = []
    var index = 0
    func starts(_ text: String) -> Bool { bytes[index...].starts(with: text.utf8) }
    while index < bytes.count {
      let byte = bytes[index]
      if byte == ASCII.doubleQuote {
        guard let (text, end) = quoted(bytes, from: index + 1) else { return nil }
        tokens.append(.text(text))
        index = end
      } else if starts("#") || starts("//") {
        while index < bytes.count, bytes[index] != ASCII.lineFeed { index += 1 }
      } else if starts("/*") {
        while index < bytes.count, !starts("*/") { index += 1 }
        index += 2
      } else if starts("<<") {
        return nil
      } else if let word = word(bytes, from: index) {
        tokens.append(.word(word))
        index += word.utf8.count
      } else {
        if !ASCII.isWhite(byte) { tokens.append(.sign(byte)) }
        index += 1
      }
    }
    return tokens
  }

  private static func word(_ bytes: [UInt8], from index: Int) -> String? {
    let word = bytes[index...].prefix { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "_") }
    return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
  }

  private static func quoted(_ bytes: [UInt8], from start: Int) -> (text: String, end: Int)? {
    var text: [UInt8] = []
    var index = start
    while index < bytes.count, bytes[index] != ASCII.doubleQuote {
      if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count { index += 1 }
      text.append(bytes[index])
      index += 1
    }
    return index < bytes.count ? (String(decoding: text, as: UTF8.self), index + 1) : nil
  }
}
