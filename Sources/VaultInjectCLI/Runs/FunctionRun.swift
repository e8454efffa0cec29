internal import Injection
internal import ManifestText
internal import Output
internal import Platform
internal import Workloads

/// What a run as a KRM function is to do.
struct FunctionPlan {
  let list: ResourceList
  /// Loads the configuration, to which the list adds its own.
  let load: () throws(Fault) -> LoadedConfiguration
  /// The change that a configuration asks for; nil, and reported, where it cannot be told what is to be changed.
  let transform: (LoadedConfiguration, inout Report) throws(Fault) -> (any DocumentTransform)?
}

/// Runs a command as a KRM function: the list that was read is printed, changed, with what there is to say in it.
///
/// Where something is refused, the list is printed as it was read, and the results say why. What they say is not said
/// again on standard error where the host shows them.
struct FunctionRun: ~Copyable {
  private let list: ResourceList
  private var results: FunctionResults
  private var report: Report
  /// True where standard error tells what the results do.
  private let isShown: Bool

  private init(_ list: ResourceList, report: consuming Report) {
    self.list = list
    self.report = report
    results = FunctionResults(list)
    isShown = !list.isFromKpt
  }

  /// Does what the plan says, and prints the list.
  static func all(_ plan: FunctionPlan, report: consuming Report) -> Ending {
    var run = FunctionRun(plan.list, report: report)
    let transform = run.transform(plan)
    run.printList(transform.map { run.apply($0) } ?? plan.list)
    return run.report.finish()
  }

  private mutating func transform(_ plan: FunctionPlan) -> (any DocumentTransform)? {
    do throws(Fault) {
      let loaded = try plan.load()
      report.take(configuration: loaded.findings, files: loaded.files, isShown: isShown)
      if !loaded.policy.ignores(.builtInAddress) {
        report.expectAddress { loaded.policy.judged(.builtInAddress($0)) }
      }
      for finding in loaded.findings { results.add(finding.diagnostic) }
      return try plan.transform(loaded, &report)
    } catch {
      report.fail(error, isShown: isShown)
      for diagnostic in [error.diagnostic] + error.others { results.add(diagnostic) }
      return nil
    }
  }

  /// The list with the transform done to it; as it was where anything is refused.
  private mutating func apply(_ transform: any DocumentTransform) -> ResourceList {
    var sink = DocumentRenderer(format: nil)
    let result = DocumentPipeline(transform: transform, scope: .everyInput).run(list.source, into: &sink) { _ in }
    report.add(ReportEntry(result, of: list.source), isShown: isShown)
    for object in result.objects { results.add(object, isPending: result.isRefused) }
    for finding in result.findings { results.add(finding) }
    if let finding = report.missedSelection { results.add(finding) }
    if let finding = report.tellOfAddress(isShown: isShown) { results.add(finding) }
    guard !result.isRefused else { return list }
    let changed = ResourceList(SourceText(name: list.source.name, bytes: sink.output.bytes))
    if changed == nil { report.fail(.internalError, .listLost) }
    return changed ?? list
  }

  private mutating func printList(_ list: ResourceList) {
    var output = OutputBuffer()
    do throws(Diagnostic) {
      output.append(try list.bytes(adding: results.values))
    } catch {
      report.fail(Fault(.refused, in: list.source, error))
      output.append(list.source.bytes)
    }
    do throws(OutputError) {
      try output.write()
    } catch {
      report.fail(error)
    }
  }
}

extension Diagnostic {
  fileprivate static let listLost = Diagnostic(
    rule: .internalMistake,
    message: "internal error: what was made of the list is not a list any more; it is printed as it was")
}

/// What a KRM function has to say of its list, in the form of its `results`.
struct FunctionResults {
  /// The list as it was given.
  let list: ResourceList
  /// The results, which orchestrators show at a terminal.
  var values: [Value] { results.map(ShownText.safe) }
  private var results: [Value] = []

  init(_ list: ResourceList) { self.list = list }

  /// What became of an object, or would have; nothing where it stays as it is and there is nothing to say.
  mutating func add(_ plan: ObjectPlan, isPending: Bool) {
    let row = plan.outcome.row
    if row.kind == .change {
      results.append(value(.note, "\(row.word(isPending: isPending)): \(row.details)", about: plan.object))
    }
    for diagnostic in plan.findings + plan.refusals { add(diagnostic, about: plan.object) }
  }

  /// A finding, about an object or about none.
  mutating func add(_ diagnostic: Diagnostic, about object: ManifestObject? = nil) {
    let message = diagnostic.hint.map { "\(diagnostic.message) (\($0))" } ?? diagnostic.message
    var value = value(diagnostic.severity, message, about: object)
    if let object, let field = field(of: diagnostic, in: object) { value["field"] = ["path": .string(field)] }
    value["tags"] = ["rule": .string(diagnostic.rule.id)]
    results.append(value)
  }

  private func value(_ severity: Diagnostic.Severity, _ message: String, about object: ManifestObject?) -> Value {
    var value: Value = ["message": .string(message), "severity": .string(severity.functionName)]
    guard let object else { return value }
    var reference: Value = ["apiVersion": .string(object.apiVersion), "kind": .string(object.kind)]
    reference["name"] = .string(object.name)
    reference["namespace"] = object.namespace.map(Value.string)
    value["resourceRef"] = reference
    value["file"] = file(of: object)
    return value
  }

  /// The path of the value a finding is about, from its object on; nil where it is about the object as a whole.
  private func field(of diagnostic: Diagnostic, in object: ManifestObject) -> String? {
    guard let offset = diagnostic.range?.lowerBound, let path = list.document.path(at: offset) else { return nil }
    let steps = path.steps.dropFirst(object.path.steps.count)
    guard path.steps.starts(with: object.path.steps), !steps.isEmpty else { return nil }
    return Path(Array(steps)).fieldPath
  }

  /// Which of the package's files an object came from, as the annotations say that the orchestrator gave it.
  private func file(of object: ManifestObject) -> Value? {
    guard let path = annotation("path", of: object) else { return nil }
    var file: Value = ["path": .string(path)]
    file["index"] = annotation("index", of: object).flatMap(Int.init).map { .number(String($0)) }
    return file
  }

  private func annotation(_ name: String, of object: ManifestObject) -> String? {
    let place = object.path.appending("metadata").appending("annotations")
    let keys = ["internal.config.kubernetes.io/\(name)", "config.kubernetes.io/\(name)"]
    for key in keys {
      guard let node = try? list.document.node(at: place.appending(key)) else { continue }
      return list.document.text(of: node)
    }
    return nil
  }
}

extension Diagnostic.Severity {
  /// The severity in the words of a KRM function.
  fileprivate var functionName: String {
    switch self {
    case .error: "error"
    case .warning: "warning"
    case .note: "info"
    }
  }
}

extension Path {
  /// The path as the API server names fields: keys that hold dots or slashes stand in brackets.
  fileprivate var fieldPath: String {
    steps.reduce(into: "") { text, step in
      switch step {
      case .index(let index): text += "[\(index)]"
      case .key(let key) where key.utf8.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }:
        text += "[\(key)]"
      case .key(let key): text += text.isEmpty ? key : ".\(key)"
      }
    }
  }
}
