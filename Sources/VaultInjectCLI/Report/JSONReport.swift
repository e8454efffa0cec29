internal import Injection
internal import ManifestText
internal import Workloads

/// The report as JSON: what became of each input, for machines.
enum JSONReport {
  /// An input with its objects and findings.
  static func input(_ result: InjectionPipeline.Result, of source: SourceText) -> Value {
    var lines = LineCounter(source)
    let objects = result.objects.map { plan in
      object(plan, line: plan.offset.map { lines.line(of: $0) })
    }
    let findings = result.objects.flatMap { $0.findings + $0.refusals } + result.findings
    return [
      "name": .string(source.name), "changed": .bool(result.isChanged && result.output != nil),
      "refused": .bool(result.output == nil), "objects": .array(objects),
      "findings": .array(findings.map { finding($0, in: source) }),
    ]
  }

  /// An input that could not be had.
  static func failure(_ diagnostic: Diagnostic, in source: SourceText?, name: String?) -> Value {
    [
      "name": (source?.name ?? name).map(Value.string) ?? .null, "changed": false,
      "refused": .bool(diagnostic.severity == .error), "objects": [],
      "findings": [finding(diagnostic, in: source)],
    ]
  }

  private static func object(_ plan: ObjectPlan, line: Int?) -> Value {
    var value: Value = [:]
    if let object = plan.object {
      value["apiVersion"] = .string(object.apiVersion)
      value["kind"] = .string(object.kind)
      value["name"] = .string(object.name)
      value["namespace"] = object.namespace.map(Value.string)
    }
    value["line"] = line.map { .number(String($0)) }
    switch plan.outcome {
    case .injected(let summary):
      value["outcome"] = "injected"
      value["initContainers"] = .array(summary.initContainers.map(Value.string))
      value["containers"] = .array(summary.containers.map(Value.string))
      value["volumes"] = .array(summary.volumes.map(Value.string))
    case .unchanged(let reason):
      value["outcome"] = "unchanged"
      value["reason"] = .string(reason.rawValue)
    case .refused(let diagnostic):
      value["outcome"] = "refused"
      value["reason"] = .string(diagnostic.message)
    }
    return value
  }

  private static func finding(_ diagnostic: Diagnostic, in source: SourceText?) -> Value {
    var value: Value = [
      "severity": .string(diagnostic.severity.rawValue), "rule": .string(diagnostic.rule),
      "message": .string(diagnostic.message),
    ]
    value["hint"] = diagnostic.hint.map(Value.string)
    if let source, let range = diagnostic.range {
      let location = source.location(of: range.lowerBound)
      value["line"] = .number(String(location.line))
      value["column"] = .number(String(location.column))
    }
    return value
  }
}
