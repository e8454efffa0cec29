public import ManifestText

/// What labels have to be, in kubectl's language: `app=web,tier!=db,env in (prod, test),!legacy`.
public struct LabelSelector: Sendable {
  /// A comparison of one label with values.
  enum Comparison: Sendable { case isIn, isNotIn, exists, doesNotExist, isGreater, isLess }

  /// One of the conditions, all of which have to be met.
  struct Requirement: Sendable {
    let key: String
    let comparison: Comparison
    var values: [String] = []
  }

  let requirements: [Requirement]

  /// Reads a selector; an empty one selects everything.
  /// - Throws: A `Diagnostic` that says what was found and what would be accepted in its place.
  public init(_ text: String) throws(Diagnostic) {
    var parser = LabelSelectorParser(text)
    requirements = try parser.requirements()
  }

  /// True where the labels, asked for by their keys, meet every requirement.
  public func matches(_ label: (String) throws(Diagnostic) -> String?) throws(Diagnostic) -> Bool {
    for requirement in requirements {
      guard requirement.isMet(by: try label(requirement.key)) else { return false }
    }
    return true
  }
}

extension LabelSelector.Requirement {
  fileprivate func isMet(by value: String?) -> Bool {
    switch comparison {
    case .exists: value != nil
    case .doesNotExist: value == nil
    case .isIn: value.map(values.contains) ?? false
    case .isNotIn: value.map { !values.contains($0) } ?? true
    case .isGreater: compare(value, >)
    case .isLess: compare(value, <)
    }
  }

  private func compare(_ value: String?, _ isInOrder: (Int64, Int64) -> Bool) -> Bool {
    guard let value = value.flatMap({ Int64($0) }), let bound = values.first.flatMap({ Int64($0) }) else {
      return false
    }
    return isInOrder(value, bound)
  }
}

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

/// Reads kubectl's language of label selectors.
struct LabelSelectorParser {
  private let selector: String
  private var tokens: ArraySlice<LabelSelectorToken>

  init(_ text: String) {
    selector = text
    tokens = LabelSelectorToken.tokens(of: text)[...]
  }

  /// All of it.
  /// - Throws: A `Diagnostic` about the first thing that does not belong where it stands.
  mutating func requirements() throws(Diagnostic) -> [LabelSelector.Requirement] {
    if next == .end { return [] }
    var requirements = [try requirement()]
    while true {
      let token = take()
      if token == .end { return requirements }
      guard token == .symbol(",") else { throw unexpected(token, "a comma or the end") }
      requirements.append(try requirement())
    }
  }

  private var next: LabelSelectorToken { tokens.first ?? .end }

  private mutating func take() -> LabelSelectorToken { tokens.popFirst() ?? .end }

  private mutating func requirement() throws(Diagnostic) -> LabelSelector.Requirement {
    let isNegated = next == .symbol("!")
    if isNegated { _ = take() }
    let token = take()
    guard case .word(let key) = token else { throw unexpected(token, "the key of a label") }
    if let fault = LabelText.fault(ofKey: key) { throw .selectorText(selector, "key", key, fault) }
    if isNegated { return LabelSelector.Requirement(key: key, comparison: .doesNotExist) }
    if next == .end || next == .symbol(",") { return LabelSelector.Requirement(key: key, comparison: .exists) }
    return try comparison(of: key)
  }

  private mutating func comparison(of key: String) throws(Diagnostic) -> LabelSelector.Requirement {
    let token = take()
    let (comparison, values): (LabelSelector.Comparison, [String]) =
      switch token {
      case .symbol("="), .symbol("=="): (.isIn, [try value()])
      case .symbol("!="): (.isNotIn, [try value()])
      case .word("in"): (.isIn, try list())
      case .word("notin"): (.isNotIn, try list())
      case .symbol(">"): (.isGreater, [try number()])
      case .symbol("<"): (.isLess, [try number()])
      default: throw unexpected(token, "one of = == != in notin > <")
      }
    for value in values {
      if let fault = LabelText.fault(ofValue: value) { throw .selectorText(selector, "value", value, fault) }
    }
    return LabelSelector.Requirement(key: key, comparison: comparison, values: values)
  }

  /// The one value of a comparison; nothing at all is the empty value.
  private mutating func value() throws(Diagnostic) -> String {
    if next == .end || next == .symbol(",") { return "" }
    let token = take()
    guard case .word(let text) = token else { throw unexpected(token, "a value") }
    return text
  }

  private mutating func number() throws(Diagnostic) -> String {
    let text = try value()
    guard Int64(text) != nil else { throw .selectorText(selector, "value", text, "> and < compare whole numbers") }
    return text
  }

  /// Values between parentheses, where nothing between two commas is the empty value.
  private mutating func list() throws(Diagnostic) -> [String] {
    let opening = take()
    guard opening == .symbol("(") else { throw unexpected(opening, "(") }
    var values: [String] = []
    while true {
      if case .word(let text) = next {
        values.append(text)
        _ = take()
      } else {
        values.append("")
      }
      let token = take()
      if token == .symbol(")") { return values }
      guard token == .symbol(",") else { throw unexpected(token, "a comma or )") }
    }
  }

  private func unexpected(_ token: LabelSelectorToken, _ expected: String) -> Diagnostic {
    .selectorSyntax(selector, found: token.text, expected: expected)
  }
}

/// A word, an operator or a separator of a selector.
enum LabelSelectorToken: Equatable {
  case word(String)
  case symbol(String)
  case end

  /// The token as it is written; nil at the end.
  var text: String? {
    switch self {
    case .word(let text), .symbol(let text): text
    case .end: nil
    }
  }

  private static let symbols: Set<Character> = ["=", "!", "(", ")", ",", "<", ">"]

  /// The tokens of a selector, white space between them dropped.
  static func tokens(of text: String) -> [LabelSelectorToken] {
    var tokens: [LabelSelectorToken] = []
    var rest = Substring(text).drop(while: \.isWhitespace)
    while let first = rest.first {
      if rest.hasPrefix("==") || rest.hasPrefix("!=") {
        tokens.append(.symbol(String(rest.prefix(2))))
        rest = rest.dropFirst(2)
      } else if symbols.contains(first) {
        tokens.append(.symbol(String(first)))
        rest = rest.dropFirst()
      } else {
        let word = rest.prefix { !symbols.contains($0) && !$0.isWhitespace }
        tokens.append(.word(String(word)))
        rest = rest[word.endIndex...]
      }
      rest = rest.drop(while: \.isWhitespace)
    }
    return tokens
  }
}
