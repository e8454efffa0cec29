internal import ManifestText

// Pipelines, commands and their words.
extension TemplateParser {
  /// Reads `$x := command | command` up to a delimiter or a parenthesis.
  mutating func parsePipeline(
    _ context: String, endingWith end: TemplateToken.Kind
  ) throws(TemplateFault) -> TemplatePipeline {
    let start = peekWord().range.lowerBound
    let (variables, isAssignment) = try parseVariables(context)
    var commands: [TemplateCommand] = []
    while peekWord().kind != end {
      guard startsOperand(peek.kind) else { throw unexpected(peek, in: context) }
      commands.append(try parseCommand())
    }
    let last = next()
    let range = start..<max(start, last.range.lowerBound)
    try check(commands, at: range, last, context)
    return TemplatePipeline(range: range, variables: variables, isAssignment: isAssignment, commands: commands)
  }

  private func startsOperand(_ kind: TemplateToken.Kind) -> Bool {
    switch kind {
    case .boolean, .characterConstant, .complex, .dot, .field, .identifier, .number, .null, .rawString, .string,
      .variable, .leftParenthesis:
      true
    default: false
    }
  }

  private func check(
    _ commands: [TemplateCommand], at range: Range<Int>, _ last: TemplateToken, _ context: String
  ) throws(TemplateFault) {
    guard !commands.isEmpty else {
      throw fault(
        "a value is missing", agent: "missing value for \(context)", at: range.isEmpty ? last.range : range)
    }
    for (place, command) in commands.enumerated().dropFirst() where isConstant(command.operands[0]) {
      throw fault(
        "a value cannot be called with what is before the |",
        agent: "non executable command in pipeline stage \(place + 1)", hint: "name a function after the |",
        at: command.range)
    }
  }

  private func isConstant(_ operand: TemplateOperand) -> Bool {
    switch operand.kind {
    case .boolean, .dot, .null, .number, .string: true
    default: false
    }
  }

  /// Reads `$x :=`, `$x =`, and for a range `$i, $x :=`.
  private mutating func parseVariables(
    _ context: String
  ) throws(TemplateFault) -> ([TemplateVariable], isAssignment: Bool) {
    var variables: [TemplateVariable] = []
    while peekWord().kind == .variable {
      let before = index
      let token = next()
      let variable = TemplateVariable(name: spelling(token), range: token.range)
      let sign = peekWord()
      if sign.kind == .assign || sign.kind == .declare {
        _ = next()
        scope.declare(variable.name)
        return (variables + [variable], sign.kind == .assign)
      }
      guard sign.kind == .character, spelling(sign) == "," else {
        index = before
        return (variables, false)
      }
      _ = next()
      variables.append(variable)
      scope.declare(variable.name)
      try checkComma(sign, context, variables.count)
    }
    return (variables, false)
  }

  private mutating func checkComma(
    _ comma: TemplateToken, _ context: String, _ count: Int
  ) throws(TemplateFault) {
    guard context == "range", count < 2 else {
      throw fault(
        context == "range" ? "a range declares two variables at most" : "only a range declares two variables",
        agent: "too many declarations in \(context)", at: comma.range)
    }
    switch peekWord().kind {
    case .variable, .rightDelimiter, .rightParenthesis: return
    default:
      throw fault(
        "a variable has to follow this comma", agent: "range can only initialize variables", at: peek.range)
    }
  }

  /// Reads a command, and the pipe after it.
  private mutating func parseCommand() throws(TemplateFault) -> TemplateCommand {
    let start = peekWord().range.lowerBound
    var operands: [TemplateOperand] = []
    while true {
      skipSpace()
      if let operand = try parseOperand() { operands.append(operand) }
      let token = peek
      switch token.kind {
      case .space: continue
      case .rightDelimiter, .rightParenthesis: break
      case .pipe: _ = next()
      default:
        _ = next()
        throw unexpected(token, in: "operand")
      }
      break
    }
    let end = operands.last?.range.upperBound ?? start
    guard !operands.isEmpty else { throw fault("a command is missing", agent: "empty command", at: start..<end) }
    return TemplateCommand(range: start..<end, operands: operands)
  }

  /// Reads a term and the fields after it.
  private mutating func parseOperand() throws(TemplateFault) -> TemplateOperand? {
    guard let term = try parseTerm() else { return nil }
    guard peek.kind == .field else { return term }
    var fields: [String] = []
    var end = term.range.upperBound
    while peek.kind == .field {
      let token = next()
      fields.append(String(spelling(token).dropFirst()))
      end = token.range.upperBound
    }
    let range = term.range.lowerBound..<end
    switch term.kind {
    case .fields(let base, let first): return TemplateOperand(kind: .fields(of: base, first + fields), range: range)
    case .boolean, .string, .number, .null, .dot:
      let spelling = String(decoding: text[term.range], as: UTF8.self)
      throw fault(
        "`\(spelling)` has no fields", agent: "unexpected . after term \(GoQuote.quoted(spelling))",
        at: term.range.upperBound..<end)
    default: return TemplateOperand(kind: .fields(of: term, fields), range: range)
    }
  }

  private mutating func parseTerm() throws(TemplateFault) -> TemplateOperand? {
    let token = peekWord()
    if token.kind == .leftParenthesis { return try parseParentheses() }
    guard let kind = try operandKind(of: token) else { return nil }
    _ = next()
    return TemplateOperand(kind: kind, range: token.range)
  }

  private func operandKind(of token: TemplateToken) throws(TemplateFault) -> TemplateOperand.Kind? {
    switch token.kind {
    case .identifier: return .function(try function(token))
    case .dot: return .dot
    case .null: return .null
    case .boolean: return .boolean
    case .variable: return .variable(try variable(token))
    case .field:
      let dot = TemplateOperand(kind: .dot, range: token.range.lowerBound..<token.range.lowerBound)
      return .fields(of: dot, [String(spelling(token).dropFirst())])
    case .number, .complex, .characterConstant:
      try checkNumber(token)
      return .number
    case .string, .rawString: return .string(try string(token))
    default: return nil
    }
  }

  private mutating func parseParentheses() throws(TemplateFault) -> TemplateOperand {
    let opening = next()
    return try deepen(opening.range) { parser throws(TemplateFault) in
      let pipeline = try parser.parsePipeline("parenthesized pipeline", endingWith: .rightParenthesis)
      let range = opening.range.lowerBound..<pipeline.range.upperBound + 1
      return TemplateOperand(kind: .pipeline(pipeline), range: range)
    }
  }

  private func function(_ token: TemplateToken) throws(TemplateFault) -> String {
    let name = spelling(token)
    guard TemplateFunction.named(name) == nil else { return name }
    let isHelm = TemplateSurprise.helmFunctions.contains(name)
    var found = fault(
      "the agent has no function `\(name)`", agent: "function \(GoQuote.quoted(name)) not defined",
      hint: TemplateFunction.replacement(for: name).map { "use \($0)" }, at: token.range)
    if isHelm {
      found.kind = .helm
      found.hint = "\(name) is one of Helm's, and what Helm is to fill in has to reach it without escapes"
    }
    throw found
  }

  private func variable(_ token: TemplateToken) throws(TemplateFault) -> String {
    let name = spelling(token)
    guard !scope.holds(name) else { return name }
    let nearest = NearestName.nearest(to: name, among: scope.all.filter { $0 != "$" })
    throw fault(
      "the variable \(name) is not declared here", agent: "undefined variable \(GoQuote.quoted(name))",
      hint: nearest.map { "did you mean \($0)?" }
        ?? "declare it before, in this block or one around it, with \(name) := …",
      at: token.range)
  }

  private func checkNumber(_ token: TemplateToken) throws(TemplateFault) {
    let spelling = spelling(token)
    do throws(GoComplaint) {
      switch token.kind {
      case .characterConstant: try checkCharacter(spelling)
      case .number: try GoNumber.check(spelling)
      default: return
      }
    } catch {
      let isText = token.kind == .characterConstant
      throw fault(
        isText ? "single quotes are around one character, not a text" : "this is no number", agent: error.text,
        hint: isText ? "write \"\(spelling.dropFirst().dropLast())\"" : nil, at: token.range)
    }
  }

  private func checkCharacter(_ spelling: String) throws(GoComplaint) {
    let inner = Array(spelling.utf8.dropFirst())
    guard let rest = GoEscapes.afterCharacter(of: inner[...], quote: ASCII.singleQuote) else {
      throw GoComplaint("invalid syntax")
    }
    guard rest.count == 1 else { throw GoComplaint("malformed character constant: \(spelling)") }
  }
}
