internal import ManifestText

/// Goes through a template in the order the agent does, with every answer of Vault unknown.
struct TemplateFlow {
  /// How many steps are gone: templates that call one another could take forever.
  private static let mostSteps = 50_000
  /// How deep templates that call one another are followed.
  private static let deepest = 32

  /// What is noted once, however often the agent comes to it.
  private enum Note: Hashable {
    case fault(Range<Int>, String)
    case field(Int, [String], Range<Int>)
    case literal(Range<Int>, String)
    case nothing(Range<Int>)
  }

  /// What makes two calls the same.
  private struct Call: Hashable {
    let range: Range<Int>
    let path: String?
    let parameters: [String?]
  }

  let template: AgentTemplate
  private var seen: Set<Note> = []
  private var places: [Call: Int] = [:]
  private(set) var reads: [TemplateUse.Read] = []
  private(set) var faults: [TemplateFault] = []
  private(set) var literals: [TemplateUse.Literal] = []
  private(set) var fieldsOfNothing: [Range<Int>] = []
  var variables = TemplateVariables()
  var dot = TemplateValue.nothing
  /// Whether the agent comes here whenever the template can be filled in at all.
  var isCertain = true
  /// The variables that were declared before the innermost branch.
  private var branchMark = 0
  private var calls = 0
  private var steps = 0

  init(_ template: AgentTemplate) { self.template = template }

  mutating func run() {
    variables.declare("$", .nothing)
    walk(template.nodes)
  }

  func spelling(_ range: Range<Int>) -> String { String(decoding: template.text[range], as: UTF8.self) }

  /// Notes what goes wrong; what follows what certainly goes wrong is not executed any more.
  mutating func fail(_ message: String, agent: String, hint: String? = nil, at range: Range<Int>) {
    let stage = isCertain ? TemplateFault.Stage.execution : .reachedExecution
    let fault = TemplateFault(stage: stage, message: message, agent: agent, hint: hint, range: range)
    if seen.insert(.fault(range, agent)).inserted { faults.append(fault) }
  }

  /// Notes a call; its answer.
  mutating func add(_ read: TemplateUse.Read) -> TemplateValue {
    let call = Call(range: read.range, path: read.path, parameters: read.parameters)
    if let known = places[call] { return .answer(known, []) }
    places[call] = reads.count
    reads.append(read)
    return .answer(reads.count - 1, [])
  }

  /// Notes what is made use of: written, or given to a function.
  mutating func take(_ value: TemplateValue, at range: Range<Int>) {
    guard case .answer(let read, let names) = value, !names.isEmpty else { return }
    guard seen.insert(.field(read, names, range)).inserted else { return }
    reads[read].fields.append(TemplateUse.Field(names: names, isCertain: isCertain, range: range))
  }

  /// Notes what the template looks for, and does without where it is not there.
  mutating func look(for value: TemplateValue) {
    guard case .answer(let read, let names) = value, !names.isEmpty else { return }
    if !reads[read].lookedFor.contains(names) { reads[read].lookedFor.append(names) }
  }

  /// Notes that a value is put into the file.
  private mutating func write(_ value: TemplateValue, at range: Range<Int>) {
    if case .text(let text) = value, seen.insert(.literal(range, text)).inserted {
      literals.append(TemplateUse.Literal(text: text, range: range))
    }
    take(value, at: range)
  }

  mutating func takeOfNothing(at range: Range<Int>) {
    if isCertain, seen.insert(.nothing(range)).inserted { fieldsOfNothing.append(range) }
  }
}

// Nodes.
extension TemplateFlow {
  private mutating func walk(_ nodes: [TemplateNode]) {
    for node in nodes {
      steps += 1
      guard steps < TemplateFlow.mostSteps else { return }
      walk(node)
    }
  }

  private mutating func walk(_ node: TemplateNode) {
    switch node {
    case .text, .jump: return
    case .action(let pipeline):
      let value = evaluate(pipeline)
      if pipeline.variables.isEmpty { write(value, at: pipeline.range) }
    case .branch(let branch): walk(branch)
    case .template(let name, let pipeline, let range): call(name, pipeline, at: range)
    }
  }

  private mutating func walk(_ branch: TemplateBranch) {
    let mark = variables.mark
    let (outerDot, outerMark, wasCertain) = (dot, branchMark, isCertain)
    let value = branch.kind == .range ? evaluateRange(branch.pipeline) : evaluate(branch.pipeline)
    branchMark = mark
    let inner = variables.mark
    switch branch.kind {
    case .if:
      take(value, at: branch.pipeline.range)
      look(for: value)
    case .with: dot = value
    case .range: dot = element(of: value)
    }
    isCertain = wasCertain && branch.kind == .with && isAnswer(value)
    walk(branch.body)
    variables.reset(to: inner)
    (dot, isCertain) = (outerDot, false)
    walk(branch.otherwise)
    variables.reset(to: mark)
    (branchMark, isCertain) = (outerMark, wasCertain)
  }

  /// Whether a value is a whole answer: the agent waits until there is one.
  private func isAnswer(_ value: TemplateValue) -> Bool {
    guard case .answer(let read, let names) = value else { return false }
    return names.isEmpty && reads[read].asksVault && !reads[read].lists
  }

  private mutating func evaluateRange(_ pipeline: TemplatePipeline) -> TemplateValue {
    let value = evaluateCommands(pipeline)
    for variable in pipeline.variables {
      // The last is the element; a key says which elements there are.
      if pipeline.isAssignment {
        assign(variable, .unknown)
      } else {
        variables.declare(variable.name, element(of: value))
      }
    }
    return value
  }

  private func element(of value: TemplateValue) -> TemplateValue {
    guard case .answer(let read, let names) = value else { return .unknown }
    return .answer(read, names + ["*"])
  }

  private mutating func call(_ name: String, _ pipeline: TemplatePipeline?, at range: Range<Int>) {
    let value = pipeline.map { evaluate($0) } ?? .nothing
    guard let body = template.definitions[name] else {
      return fail(
        "there is no template \(GoQuote.quoted(name))", agent: "template \(GoQuote.quoted(name)) not defined",
        hint: "define it: {{ define \(GoQuote.quoted(name)) }} … {{ end }}", at: range)
    }
    guard calls < TemplateFlow.deepest else { return }
    let outer = (variables, dot, branchMark)
    variables = TemplateVariables()
    variables.declare("$", value)
    (dot, branchMark, calls) = (value, 0, calls + 1)
    walk(body)
    (variables, dot, branchMark) = outer
    calls -= 1
  }
}

// Pipelines.
extension TemplateFlow {
  /// The value of a pipeline, whose variables get it.
  mutating func evaluate(_ pipeline: TemplatePipeline) -> TemplateValue {
    let value = evaluateCommands(pipeline)
    for variable in pipeline.variables {
      if pipeline.isAssignment { assign(variable, value) } else { variables.declare(variable.name, value) }
    }
    return value
  }

  private mutating func assign(_ variable: TemplateVariable, _ value: TemplateValue) {
    guard let place = variables.place(of: variable.name) else {
      return fail(
        "\(variable.name) is given a value, and was never declared", agent: "undefined variable: \(variable.name)",
        hint: "declare it with := first", at: variable.range)
    }
    // What is assigned in a branch is only sometimes so afterwards.
    variables[variable.name] = place < branchMark && variables[variable.name] != value ? .unknown : value
  }

  mutating func evaluateCommands(_ pipeline: TemplatePipeline) -> TemplateValue {
    var value: TemplateValue?
    for command in pipeline.commands { value = evaluate(command, piped: value) }
    return value ?? .unknown
  }
}
