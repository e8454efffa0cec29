internal import Injection
internal import ManifestText
internal import Platform
internal import Workloads

/// The report as SARIF 2.1.0, which code scanning reads.
struct SARIFReport: ReportWriter {
  var configurationFiles: [String] = []
  var namesObjects = false
  private let places = ReportPlaces()
  private var rules: [Rule] = []
  private var results: [Value] = []
  /// What concerns no file: the command line, what could not be fetched.
  private var notifications: [Value] = []
  private var fingerprints = FindingFingerprints()
  private var succeeded = true

  mutating func add<Sink: ReportSink & ~Copyable>(_ entry: ReportEntry, to sink: inout Sink) {
    let lines = entry.source.map(LineIndex.init)
    if entry.failure != nil || entry.source == nil && entry.isRefused { succeeded = false }
    for finding in entry.allFindings {
      guard let name = entry.name else {
        notifications.append(SARIFReport.notification(finding.diagnostic))
        continue
      }
      addResult(finding, at: location(name, finding.diagnostic.range, lines, finding.object), in: name)
    }
    guard entry.isChanged, !entry.isPending, let name = entry.name else { return }
    for plan in entry.objects where plan.outcome.row.kind == .change {
      let row = plan.outcome.row
      guard let rule = row.rule else { continue }
      let text = "\(plan.object?.displayName ?? "document") \(row.word): \(row.details)"
      let diagnostic = Diagnostic(as: .note, rule: rule, message: text)
      let start = plan.offset.map { $0..<$0 }
      addResult(
        ReportEntry.Finding(diagnostic: diagnostic, object: plan.object),
        at: location(name, start, lines, plan.object), in: name, isInformation: true)
    }
  }

  mutating func finish<Sink: ReportSink & ~Copyable>(_ sink: inout Sink) {
    var run: Value = [
      "tool": ["driver": driver],
      "columnKind": "unicodeCodePoints",
      "invocations": [
        ["executionSuccessful": .bool(succeeded), "toolExecutionNotifications": .array(notifications)]
      ],
    ]
    if let root = places.root {
      run["originalUriBaseIds"] = ["SRCROOT": ["uri": .string("file://\(URIText.escaped(root))/")]]
    }
    run["results"] = .array(results)
    if !configurationFiles.isEmpty {
      run["properties"] = ["configuration": .array(configurationFiles.map(Value.string))]
    }
    let log: Value = [
      "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
      "version": "2.1.0", "runs": [run],
    ]
    sink.json(log)
  }

  private var driver: Value {
    [
      "name": "kubectl-vault-inject", "version": .string(Version.number), "semanticVersion": .string(Version.number),
      "rules": .array(rules.map(SARIFReport.json)),
    ]
  }

  private mutating func addResult(
    _ finding: ReportEntry.Finding, at location: Value, in name: String, isInformation: Bool = false
  ) {
    let diagnostic = finding.diagnostic
    let index = ruleIndex(of: diagnostic)
    var result: Value = ["ruleId": .string(diagnostic.rule.id), "ruleIndex": .number("\(index)")]
    if isInformation { result["kind"] = "informational" }
    result["level"] = isInformation ? "none" : .string(diagnostic.severity.rawValue)
    result["message"] = ["text": .string(diagnostic.plainText)]
    result["locations"] = [location]
    result["partialFingerprints"] = ["objectAndRule/v1": .string(fingerprints.next(of: finding, at: place(of: name)))]
    results.append(result)
  }

  private mutating func ruleIndex(of diagnostic: Diagnostic) -> Int {
    if let index = rules.firstIndex(of: diagnostic.rule) { return index }
    rules.append(diagnostic.rule)
    return rules.count - 1
  }

  /// A rule that results refer to.
  private static func json(_ rule: Rule) -> Value {
    var help = rule.reason
    if let examples = rule.examples {
      help += "\n\nFails:\n\n\(examples.fails)\n\nPasses:\n\n\(examples.passes)\n"
    }
    return [
      "id": .string(rule.id), "shortDescription": ["text": .string(rule.summary)],
      "fullDescription": ["text": .string(rule.reason)], "help": ["text": .string(help)],
      "defaultConfiguration": ["level": .string(rule.level.rawValue)],
    ]
  }

  private static func notification(_ diagnostic: Diagnostic) -> Value {
    [
      "descriptor": ["id": .string(diagnostic.rule.id)], "level": .string(diagnostic.severity.rawValue),
      "message": ["text": .string(diagnostic.plainText)],
    ]
  }

  // MARK: Places

  private func location(
    _ name: String, _ range: Range<Int>?, _ lines: LineIndex?, _ object: ManifestObject?
  ) -> Value {
    if namesObjects { return ["logicalLocations": [SARIFReport.logical(name)]] }
    var physical: Value = ["artifactLocation": artifact(name)]
    if let region = range.flatMap({ ReportRegion($0, lines) }) {
      physical["region"] = [
        "startLine": .number("\(region.startLine)"), "startColumn": .number("\(region.startColumn)"),
        "endLine": .number("\(region.endLine)"), "endColumn": .number("\(region.endColumn)"),
      ]
    } else {
      // Code scanning wants a line for everything.
      physical["region"] = ["startLine": 1]
    }
    var location: Value = ["physicalLocation": physical]
    if let object, !object.kind.isEmpty {
      location["logicalLocations"] = [SARIFReport.logical(object.qualifiedName)]
    }
    return location
  }

  private func place(of name: String) -> String { namesObjects ? name : artifact(name)["uri"]?.string ?? "" }

  private static func logical(_ name: String) -> Value {
    ["fullyQualifiedName": .string(ShownText.safe(name)), "kind": "object"]
  }

  private func artifact(_ name: String) -> Value {
    switch places.place(of: name) {
    case .other(let uri): ["uri": .string(uri)]
    case .file(let path) where path.hasPrefix("/"): ["uri": .string("file://\(URIText.escaped(path))")]
    case .file(let path): ["uri": .string(URIText.escaped(path)), "uriBaseId": "SRCROOT"]
    }
  }
}
