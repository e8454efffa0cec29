internal import ManifestText

/// Reads a template's words as the parser of Go's `text/template` does, with the functions of Vault's agent.
struct TemplateParser {
  /// How deep blocks and parentheses may nest.
  static let deepest = 256

  /// What ends a list of nodes.
  private enum Stop {
    case end(Range<Int>)
    case otherwise(Range<Int>)
  }

  private enum Step {
    case node(TemplateNode)
    case stop(Stop)
  }

  /// A block whose `{{ end }}` is still to come.
  private struct OpenBlock {
    let keyword: TemplateToken.Keyword
    let range: Range<Int>
  }

  let text: [UInt8]
  private let delimiters: TemplateDelimiters
  private let tokens: [TemplateToken]
  private let lexicalFault: TemplateLexicalFault?
  /// The word that comes next.
  var index = 0
  private var open: [OpenBlock] = []
  private var depth = 0
  var scope = TemplateScope()
  /// What `{{ define }}` and `{{ block }}` name.
  private(set) var definitions: [String: [TemplateNode]] = [:]

  init(_ text: [UInt8], _ delimiters: TemplateDelimiters) {
    let lexer = TemplateLexer(text, delimiters)
    self.text = text
    self.delimiters = delimiters
    tokens = lexer.tokens
    lexicalFault = lexer.fault
  }

  /// Reads everything.
  mutating func parse() throws(TemplateFault) -> [TemplateNode] {
    var nodes: [TemplateNode] = []
    while peek.kind != .end {
      if try parseDefinition() { continue }
      switch try parseStep() {
      case .node(let node): nodes.append(node)
      case .stop(.end(let range)): throw surplus("end", range)
      case .stop(.otherwise(let range)): throw surplus("else", range)
      }
    }
    return nodes
  }

  /// A word as an action, as Go's messages show those of a template's own delimiters.
  private func action(_ word: String) -> String { delimiters.left + word + delimiters.right }

  private func surplus(_ word: String, _ range: Range<Int>) -> TemplateFault {
    fault(
      word == "end"
        ? "this `end` closes nothing: no if, with, range, block or define is open"
        : "this `else` belongs to no if, with or range",
      agent: "unexpected \(action(word))", at: range)
  }
}

// Words.
extension TemplateParser {
  var peek: TemplateToken { tokens[min(index, tokens.count - 1)] }

  mutating func next() -> TemplateToken {
    defer { index += 1 }
    return peek
  }

  mutating func skipSpace() { while peek.kind == .space { index += 1 } }

  mutating func nextWord() -> TemplateToken {
    skipSpace()
    return next()
  }

  mutating func peekWord() -> TemplateToken {
    skipSpace()
    return peek
  }

  func spelling(_ token: TemplateToken) -> String { String(decoding: text[token.range], as: UTF8.self) }

  private mutating func expect(_ kind: TemplateToken.Kind, in context: String) throws(TemplateFault) -> TemplateToken {
    let token = nextWord()
    guard token.kind == kind else { throw unexpected(token, in: context) }
    return token
  }

  func fault(_ message: String, agent: String, hint: String? = nil, at range: Range<Int>) -> TemplateFault {
    TemplateFault(stage: .parsing, message: message, agent: agent, hint: hint, range: range)
  }

  func unexpected(_ token: TemplateToken, in context: String) -> TemplateFault {
    if token.kind == .failure, let lexical = lexicalFault {
      var found = fault(lexical.message, agent: lexical.agent, hint: lexical.hint, at: lexical.range)
      found.kind = lexical.kind
      return found
    }
    let agent = "unexpected \(token.shown(in: text)) in \(context)"
    let surprise = TemplateSurprise(token, spelling(token), in: context)
    return fault(surprise.message, agent: agent, hint: surprise.hint, at: token.range)
  }

  /// Goes one level deeper.
  mutating func deepen<Result>(
    _ range: Range<Int>, _ read: (inout Self) throws(TemplateFault) -> Result
  ) throws(TemplateFault) -> Result {
    guard depth < Self.deepest else {
      throw TemplateFault(
        stage: .unjudged, message: "the template nests more than \(Self.deepest) levels deep", agent: "", range: range)
    }
    depth += 1
    defer { depth -= 1 }
    return try read(&self)
  }
}

// Blocks.
extension TemplateParser {
  private mutating func parseStep() throws(TemplateFault) -> Step {
    let token = nextWord()
    switch token.kind {
    case .text: return .node(.text(token.range))
    case .leftDelimiter: return try parseAction(after: token)
    default: throw unexpected(token, in: "input")
    }
  }

  private mutating func parseAction(after delimiter: TemplateToken) throws(TemplateFault) -> Step {
    guard case .keyword(let keyword) = peekWord().kind, keyword != .define else {
      return .node(.action(try parsePipeline("command", endingWith: .rightDelimiter)))
    }
    let word = nextWord()
    switch keyword {
    case .if: return .node(try parseBranch(.if, word))
    case .with: return .node(try parseBranch(.with, word))
    case .range: return .node(try parseBranch(.range, word))
    case .template: return .node(try parseTemplate(word))
    case .block: return .node(try parseBlock(word))
    case .break, .continue: return .node(try parseJump(word))
    case .end:
      let last = try expect(.rightDelimiter, in: "end")
      return .stop(.end(delimiter.range.lowerBound..<last.range.upperBound))
    default: return .stop(.otherwise(try parseElse(from: delimiter)))
    }
  }

  /// Reads up to the delimiter after `else`, or up to the word that makes it `else if` or `else with`.
  private mutating func parseElse(from delimiter: TemplateToken) throws(TemplateFault) -> Range<Int> {
    let word = peekWord()
    if word.kind == .keyword(.if) || word.kind == .keyword(.with) {
      return delimiter.range.lowerBound..<word.range.upperBound
    }
    let last = try expect(.rightDelimiter, in: "else")
    return delimiter.range.lowerBound..<last.range.upperBound
  }

  private mutating func parseJump(_ word: TemplateToken) throws(TemplateFault) -> TemplateNode {
    let name = spelling(word)
    let last = nextWord()
    guard last.kind == .rightDelimiter else { throw unexpected(last, in: "{{\(name)}}") }
    guard scope.ranges > 0 else {
      throw fault("`\(name)` stands outside of a range", agent: "{{\(name)}} outside {{range}}", at: word.range)
    }
    return .jump(word.range)
  }

  /// Reads nodes up to an `end` or `else`.
  private mutating func parseList(
    of keyword: TemplateToken.Keyword, at range: Range<Int>
  ) throws(TemplateFault) -> ([TemplateNode], Stop) {
    open.append(OpenBlock(keyword: keyword, range: range))
    defer { open.removeLast() }
    return try deepen(range) { parser throws(TemplateFault) in
      var nodes: [TemplateNode] = []
      while parser.peekWord().kind != .end {
        switch try parser.parseStep() {
        case .node(let node): nodes.append(node)
        case .stop(let stop): return (nodes, stop)
        }
      }
      throw parser.unclosed()
    }
  }

  private func unclosed() -> TemplateFault {
    guard let block = open.last else { return fault("the text ends", agent: "unexpected EOF", at: peek.range) }
    let name = block.keyword.rawValue
    return fault(
      "this `\(name)` has no `end`", agent: "unexpected EOF",
      hint: "close it with an end of its own: every if, with, range, block and define needs one", at: block.range)
  }

  private mutating func parseBranch(
    _ kind: TemplateBranch.Kind, _ word: TemplateToken
  ) throws(TemplateFault) -> TemplateNode {
    let outer = scope.mark
    defer { scope.reset(to: outer) }
    let pipeline = try parsePipeline(kind.rawValue, endingWith: .rightDelimiter)
    let range = word.range.lowerBound..<max(word.range.upperBound, pipeline.range.upperBound)
    if kind == .range { scope.ranges += 1 }
    let keyword = TemplateToken.Keyword(rawValue: kind.rawValue) ?? .if
    let (body, stop) = try parseList(of: keyword, at: range)
    if kind == .range { scope.ranges -= 1 }
    let otherwise = try parseOtherwise(of: kind, keyword, at: range, after: stop)
    return .branch(TemplateBranch(kind: kind, pipeline: pipeline, body: body, otherwise: otherwise))
  }

  private mutating func parseOtherwise(
    of kind: TemplateBranch.Kind, _ keyword: TemplateToken.Keyword, at range: Range<Int>, after stop: Stop
  ) throws(TemplateFault) -> [TemplateNode] {
    guard case .otherwise = stop else { return [] }
    // `else if` and `else with` share the `end` of what they follow.
    if kind != .range, peek.kind == .keyword(keyword) {
      let word = next()
      return try deepen(word.range) { parser throws(TemplateFault) in [try parser.parseBranch(kind, word)] }
    }
    let (nodes, last) = try parseList(of: keyword, at: range)
    if case .otherwise(let second) = last {
      throw fault(
        "this is the second `else` of one \(kind.rawValue)", agent: "expected end; found \(action("else"))", at: second)
    }
    return nodes
  }
}

// Templates in templates.
extension TemplateParser {
  /// Reads a `{{ define }}`; false where none stands here.
  private mutating func parseDefinition() throws(TemplateFault) -> Bool {
    guard peek.kind == .leftDelimiter else { return false }
    let before = index
    _ = next()
    let word = nextWord()
    guard word.kind == .keyword(.define) else {
      index = before
      return false
    }
    let name = try parseName(in: "define clause")
    _ = try expect(.rightDelimiter, in: "define clause")
    try parseDefinition(of: name, .define, word, in: "define clause")
    return true
  }

  private mutating func parseDefinition(
    of name: String, _ keyword: TemplateToken.Keyword, _ word: TemplateToken, in context: String
  ) throws(TemplateFault) {
    let outer = scope
    scope = TemplateScope()
    let (body, stop) = try parseList(of: keyword, at: word.range)
    if case .otherwise(let range) = stop {
      throw fault(
        "a \(keyword.rawValue) has no `else`", agent: "unexpected \(action("else")) in \(context)", at: range)
    }
    scope = outer
    guard !isEmpty(body) else {
      if definitions[name] == nil { definitions[name] = body }
      return
    }
    if let former = definitions[name], !isEmpty(former) {
      throw fault(
        "the template \(GoQuote.quoted(name)) is defined twice",
        agent: "template: multiple definition of template \(GoQuote.quoted(name))", at: word.range)
    }
    definitions[name] = body
  }

  /// True for nothing but white space.
  private func isEmpty(_ nodes: [TemplateNode]) -> Bool {
    nodes.allSatisfy {
      guard case .text(let range) = $0 else { return false }
      return String(decoding: text[range], as: UTF8.self).unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }
  }

  private mutating func parseBlock(_ word: TemplateToken) throws(TemplateFault) -> TemplateNode {
    let name = try parseName(in: "block clause")
    let pipeline = try parsePipeline("block clause", endingWith: .rightDelimiter)
    try parseDefinition(of: name, .block, word, in: "block clause")
    return .template(name: name, pipeline, word.range)
  }

  private mutating func parseTemplate(_ word: TemplateToken) throws(TemplateFault) -> TemplateNode {
    let name = try parseName(in: "template clause")
    if peekWord().kind == .rightDelimiter {
      _ = next()
      return .template(name: name, nil, word.range)
    }
    return .template(name: name, try parsePipeline("template clause", endingWith: .rightDelimiter), word.range)
  }

  private mutating func parseName(in context: String) throws(TemplateFault) -> String {
    let token = nextWord()
    guard token.kind == .string || token.kind == .rawString else { throw unexpected(token, in: context) }
    return try string(token)
  }

  /// What a text in quotes means.
  func string(_ token: TemplateToken) throws(TemplateFault) -> String {
    guard let bytes = GoQuote.unquoted(text[token.range]) else {
      throw fault(
        "a backslash in these quotes begins no escape that Go knows", agent: "invalid syntax",
        hint: "write \\\\ for a backslash, or put the text between `…`, where it stands for itself", at: token.range)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The variables that can be used at a place, and how many ranges are around it.
struct TemplateScope {
  private var names = ["$"]
  private var counts = ["$": 1]
  var ranges = 0

  /// The place to go back to.
  var mark: Int { names.count }

  mutating func declare(_ name: String) {
    names.append(name)
    counts[name, default: 0] += 1
  }

  mutating func reset(to mark: Int) {
    while names.count > mark { counts[names.removeLast(), default: 1] -= 1 }
  }

  func holds(_ name: String) -> Bool { counts[name, default: 0] > 0 }

  /// The variables there are.
  var all: [String] { counts.filter { $0.value > 0 }.keys.sorted() }
}
