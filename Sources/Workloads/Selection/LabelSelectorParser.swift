internal import ManifestText

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
