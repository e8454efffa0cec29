internal import Injection
internal import ManifestText
internal import Workloads

/// The report as one JSON object, for machines.
struct JSONReport: ReportWriter {
  var configurationFiles: [String] = []
  var namesObjects = false
  private var inputs: [Value] = []
  private var account: Value?
  private var summary: Value?

  init() {}

  mutating func add<Sink: ReportSink & ~Copyable>(_ entry: ReportEntry, to sink: inout Sink) {
    let lines = entry.source.map(LineIndex.init)
    let templates = entry.allFindings.isEmpty ? nil : HelmTemplates(entry.source)
    let objects = entry.objects.map { plan in
      JSONReport.object(plan, isPending: entry.isPending, line: plan.offset.flatMap { lines?.line(of: $0) })
    }
    var input: Value = [
      "name": entry.name.map(Value.string) ?? .null, "changed": .bool(entry.isChanged),
      "refused": .bool(entry.isRefused), "objects": .array(objects),
      "findings": .array(entry.allFindings.map { JSONReport.finding($0.diagnostic, lines, templates) }),
    ]
    if entry.fate == .rewritten { input["written"] = true }
    if case .sameFile(let name) = entry.fate { input["sameFileAs"] = .string(name) }
    inputs.append(input)
  }

  mutating func add<Sink: ReportSink & ~Copyable>(_ account: ClusterAccount, to sink: inout Sink) {
    self.account = account.json
  }

  mutating func add<Sink: ReportSink & ~Copyable>(_ summary: RunSummary, to sink: inout Sink) {
    self.summary = summary.json
  }

  mutating func finish<Sink: ReportSink & ~Copyable>(_ sink: inout Sink) {
    var report: Value = ["schemaVersion": 1, "inputs": .array(inputs)]
    report["summary"] = summary
    report["cluster"] = account
    if !configurationFiles.isEmpty { report["configuration"] = .array(configurationFiles.map(Value.string)) }
    sink.json(report)
  }

  private static func object(_ plan: ObjectPlan, isPending: Bool, line: Int?) -> Value {
    var value: Value = [:]
    if let object = plan.object {
      value["apiVersion"] = .string(object.apiVersion)
      value["kind"] = .string(object.kind)
      value["name"] = .string(object.name)
      value["namespace"] = object.namespace.map(Value.string)
    }
    value["line"] = line.map { .number(String($0)) }
    let row = plan.outcome.row
    value["outcome"] = .string(row.word(isPending: isPending))
    for part in row.parts { value[part.key] = .array(part.names.map(Value.string)) }
    value["reason"] = row.reason.map(Value.string)
    return value
  }

  private static func finding(_ diagnostic: Diagnostic, _ lines: LineIndex?, _ templates: HelmTemplates?) -> Value {
    var value: Value = [
      "severity": .string(diagnostic.severity.rawValue), "rule": .string(diagnostic.rule.id),
      "message": .string(ShownText.safe(diagnostic.message, keeping: ["\n"])),
    ]
    value["hint"] = diagnostic.hint.map { .string(ShownText.safe($0, keeping: ["\n"])) }
    if let location = diagnostic.range.flatMap({ lines?.location(of: $0.lowerBound) }) {
      value["line"] = .number(String(location.line))
      value["column"] = .number(String(location.column))
    }
    value["template"] = diagnostic.range.flatMap { templates?.name(at: $0.lowerBound) }.map(Value.string)
    return value
  }
}
