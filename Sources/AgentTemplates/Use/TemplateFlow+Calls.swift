internal import ManifestText

// Commands and their words.
extension TemplateFlow {
  /// The value of a command, which gets what is before its pipe as its last argument.
  mutating func evaluate(_ command: TemplateCommand, piped: TemplateValue?) -> TemplateValue {
    let first = command.operands[0]
    let arguments = command.operands.dropFirst()
    if case .function(let name) = first.kind { return call(name, command, arguments, piped) }
    let hasArguments = !arguments.isEmpty || piped != nil
    switch first.kind {
    case .null where !hasArguments:
      fail("nil alone is nothing that can be written", agent: "nil is not a command", at: first.range)
    case .dot, .null, .boolean, .number, .string, .variable, .pipeline:
      if hasArguments { failArguments(of: first) }
    case .fields(let base, _):
      // Methods take arguments: scratch.Set "key" 1.
      for argument in arguments { take(evaluate(argument), at: argument.range) }
      if hasArguments, case .function = base.kind { return .unknown }
    case .function: break
    }
    return evaluate(first)
  }

  private mutating func failArguments(of operand: TemplateOperand) {
    var shown = operand.range
    if case .pipeline(let pipeline) = operand.kind { shown = pipeline.range }
    fail(
      "`\(spelling(shown))` is no function, and something is given to it",
      agent: "can't give argument to non-function \(spelling(shown))",
      hint: "operators are functions, which come first: add 1 2, eq A B, and A B", at: operand.range)
  }

  /// The value of one word.
  mutating func evaluate(_ operand: TemplateOperand) -> TemplateValue {
    switch operand.kind {
    case .dot: return dot
    case .null: return .nothing
    case .boolean: return .constant(type: "bool")
    case .number: return .constant(type: numberType(spelling(operand.range)))
    case .string(let text): return .text(text)
    case .variable(let name): return variable(name, at: operand.range)
    case .function(let name):
      return call(name, TemplateCommand(range: operand.range, operands: [operand]), [], nil)
    case .pipeline(let pipeline): return evaluate(pipeline)
    case .fields(let base, let names): return fields(names, of: evaluate(base), at: operand.range)
    }
  }

  private func numberType(_ spelling: String) -> String? {
    spelling.utf8.allSatisfy(ASCII.isDigit) && spelling.utf8.count < 19 ? "int" : nil
  }

  private mutating func variable(_ name: String, at range: Range<Int>) -> TemplateValue {
    if let value = variables[name] { return value }
    fail(
      "the variable \(name) has no value yet where it is used", agent: "undefined variable: \(name)", at: range)
    return .unknown
  }

  private mutating func fields(_ names: [String], of value: TemplateValue, at range: Range<Int>) -> TemplateValue {
    switch value {
    case .answer(let read, let before):
      if before.isEmpty, reads[read].function == "secret", let name = names.first, !secretFields.contains(name) {
        failSecretField(name, at: range)
      }
      return .answer(read, before + names)
    case .nothing:
      takeOfNothing(at: range)
      return .nothing
    case .unknown, .text, .constant: return .unknown
    }
  }

  private var secretFields: [String] {
    ["RequestID", "LeaseID", "LeaseDuration", "Renewable", "Data", "Warnings", "Auth", "WrapInfo"]
  }

  private mutating func failSecretField(_ name: String, at range: Range<Int>) {
    let nearest = secretFields.first { $0.lowercased() == name.lowercased() }
    fail(
      "a secret has no field `.\(name)`", agent: "can't evaluate field \(name) in type *dependency.Secret",
      hint: nearest.map { "write .\($0)" } ?? "its values are in .Data, and of the second KV engine in .Data.data",
      at: range)
  }
}

// Functions.
extension TemplateFlow {
  private mutating func call(
    _ name: String, _ command: TemplateCommand, _ arguments: ArraySlice<TemplateOperand>, _ piped: TemplateValue?
  ) -> TemplateValue {
    guard let function = TemplateFunction.named(name) else { return .unknown }
    let count = arguments.count + (piped == nil ? 0 : 1)
    guard function.takes(count) else {
      failCount(function, count, at: command.operands[0].range)
      return .unknown
    }
    var values = evaluate(arguments, of: function)
    if let piped {
      check(piped, function, at: command.operands[0].range)
      values.append(piped)
    }
    return result(of: function, values, Array(arguments), command)
  }

  private mutating func failCount(_ function: TemplateFunction, _ count: Int, at range: Range<Int>) {
    let wanted = (function.rest == nil ? "" : "at least ") + "\(function.parameters.count)"
    fail(
      "`\(function.name)` takes \(function.arity), and gets \(count)",
      agent: "wrong number of args for \(function.name): want \(wanted) got \(count)", at: range)
  }

  private mutating func evaluate(
    _ arguments: ArraySlice<TemplateOperand>, of function: TemplateFunction
  ) -> [TemplateValue] {
    let wasCertain = isCertain
    defer { isCertain = wasCertain }
    return arguments.enumerated().map { place, argument in
      // Of these, what decides is enough.
      if place > 0, ["and", "or"].contains(function.name) { isCertain = false }
      if let parameter = function.parameter(place) { check(argument, parameter) }
      return evaluate(argument)
    }
  }

  /// Checks a constant against what a function takes in its place.
  private mutating func check(_ argument: TemplateOperand, _ parameter: TemplateFunction.Parameter) {
    let shown = spelling(argument.range)
    switch (parameter, argument.kind) {
    case (.string, .number), (.string, .boolean):
      failArgument(argument, "a text", agent: "expected string; found \(shown)")
    case (.int, .string), (.int, .boolean):
      failArgument(argument, "a whole number", agent: "expected integer; found \(shown)")
    case (.bool, .string), (.bool, .number):
      failArgument(argument, "true or false", agent: "expected bool; found \(shown)")
    case (.float, .string), (.float, .boolean):
      failArgument(argument, "a number", agent: "expected float; found \(shown)")
    case (.string, .null), (.int, .null), (.bool, .null):
      failArgument(argument, "a value", agent: "cannot assign nil to \(parameter.rawValue)")
    case (.string, .dot) where dot == .nothing:
      failArgument(argument, "a text", agent: "invalid value; expected string")
    default: break
    }
  }

  private mutating func failArgument(_ argument: TemplateOperand, _ wanted: String, agent: String) {
    fail("\(wanted) has to stand here, and this is `\(spelling(argument.range))`", agent: agent, at: argument.range)
  }

  private mutating func check(_ piped: TemplateValue, _ function: TemplateFunction, at range: Range<Int>) {
    guard function.parameters.last == .string || function.parameters.isEmpty && function.rest == .string,
      function.rest == nil || function.parameters.isEmpty, case .constant(let type?) = piped
    else { return }
    fail(
      "`\(function.name)` takes a text, and gets a value that is none",
      agent: "wrong type for value; expected string; got \(type)", at: range)
  }

  private mutating func result(
    of function: TemplateFunction, _ values: [TemplateValue], _ arguments: [TemplateOperand],
    _ command: TemplateCommand
  ) -> TemplateValue {
    switch function.name {
    case "index": return indexed(values, arguments, command)
    case "print" where values.count == 1: return values[0]
    case "printf": return formatted(values, arguments, command)
    case "and", "or", "sprig_default", "sprig_coalesce": return either(values, arguments, command)
    case "eq" where values.count == 1:
      fail(
        "`eq` compares two values, and gets one", agent: "error calling eq: missing argument for comparison",
        at: command.range)
    default: break
    }
    for (place, value) in values.enumerated() { take(value, at: range(place, arguments, command)) }
    if ["not", "sprig_empty"].contains(function.name), let value = values.last { look(for: value) }
    guard function.origin == .vault || function.origin == .consul, !values.isEmpty else { return .unknown }
    return read(function, values, arguments, command)
  }

  private func range(_ place: Int, _ arguments: [TemplateOperand], _ command: TemplateCommand) -> Range<Int> {
    place < arguments.count ? arguments[place].range : command.range
  }

  /// What one of several values is: that of the answers, where there is one alone.
  private mutating func either(
    _ values: [TemplateValue], _ arguments: [TemplateOperand], _ command: TemplateCommand
  ) -> TemplateValue {
    for value in values { look(for: value) }
    let answers = values.filter { if case .answer = $0 { true } else { false } }
    if answers.count == 1 { return answers[0] }
    for (place, value) in values.enumerated() { take(value, at: range(place, arguments, command)) }
    return .unknown
  }

  private mutating func indexed(
    _ values: [TemplateValue], _ arguments: [TemplateOperand], _ command: TemplateCommand
  ) -> TemplateValue {
    guard case .answer(let read, let names) = values[0] else {
      for (place, value) in values.enumerated() { take(value, at: range(place, arguments, command)) }
      return .unknown
    }
    let keys = values.dropFirst().map { if case .text(let key) = $0 { key } else { "*" } }
    return .answer(read, names + keys)
  }

  /// What `printf` makes of constants, as far as paths are put together by it.
  private mutating func formatted(
    _ values: [TemplateValue], _ arguments: [TemplateOperand], _ command: TemplateCommand
  ) -> TemplateValue {
    for (place, value) in values.enumerated() { take(value, at: range(place, arguments, command)) }
    let texts = values.map { if case .text(let text) = $0 { text } else { nil as String? } }
    guard let format = texts[0] else { return .unknown }
    var pieces = ByteText.pieces(of: format, around: "%s")
    guard pieces.count == texts.count, !pieces.contains(where: { $0.utf8.contains(ASCII.percent) }) else {
      return .unknown
    }
    var text = pieces.removeFirst()
    for (piece, value) in zip(pieces, texts.dropFirst()) {
      guard let value else { return .unknown }
      text += value + piece
    }
    return .text(text)
  }

  private mutating func read(
    _ function: TemplateFunction, _ values: [TemplateValue], _ arguments: [TemplateOperand],
    _ command: TemplateCommand
  ) -> TemplateValue {
    let texts = values.map { if case .text(let text) = $0 { text } else { nil as String? } }
    let isVault = function.name == "secret" || function.name == "pkiCert"
    for (place, text) in texts.enumerated().dropFirst() where isVault {
      guard let text, !text.isEmpty, !text.utf8.contains(UInt8(ascii: "=")) else { continue }
      fail(
        "a parameter is written name=value, and this is \(GoQuote.quoted(text))",
        agent: "error calling \(function.name): not k=v pair \(GoQuote.quoted(text))",
        at: range(place, arguments, command))
    }
    return add(
      TemplateUse.Read(
        function: function.name, path: texts[0], parameters: Array(texts.dropFirst()), isCertain: isCertain,
        range: command.range, pathRange: range(0, arguments, command)))
  }
}
