internal import ManifestText

/// A word of a template's text.
struct TemplateToken: Sendable {
  enum Kind: Equatable, Sendable {
    case failure, text, end
    case leftDelimiter, rightDelimiter, leftParenthesis, rightParenthesis, space, pipe, declare, assign
    /// A character that is a word by itself, such as a comma.
    case character
    case identifier, field, variable, dot, boolean, null
    case number, complex, characterConstant, string, rawString
    case keyword(Keyword)
  }

  /// The words that no function can be called.
  enum Keyword: String, Sendable {
    case block, `break`, `continue`, define, `else`, end, `if`, range, template, with
  }

  let kind: Kind
  let range: Range<Int>
}

/// What the lexer cannot read.
struct TemplateLexicalFault: Sendable {
  let range: Range<Int>
  let message: String
  let agent: String
  var hint: String?
  var kind = TemplateFault.Kind.other
}

extension TemplateToken {
  /// As Go's messages show a word.
  func shown(in text: [UInt8]) -> String {
    let spelling = String(decoding: text[range], as: UTF8.self)
    switch kind {
    case .end: return "EOF"
    case .keyword, .dot, .null: return "<\(spelling)>"
    default: break
    }
    guard range.count > 10 else { return GoQuote.quoted(spelling) }
    return GoQuote.quoted(String(String.UnicodeScalarView(spelling.unicodeScalars.prefix(10)))) + "..."
  }
}
