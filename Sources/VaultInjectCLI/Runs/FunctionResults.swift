internal import Output
internal import Injection
internal import ManifestText
internal import Platform
internal import Workloads

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
    value["tags"] = ["rule": .string(diagnostic.rule)]
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
