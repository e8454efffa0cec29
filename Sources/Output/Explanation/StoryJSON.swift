package import Injection
internal import ManifestText
internal import Workloads

/// What becomes of objects, for machines: one JSON object for all of them.
package struct StoryJSON: StoryWriter {
  /// What the JSON is of; it goes up by one where members change their meaning or go away.
  static let schemaVersion = 1

  private var objects: [Value] = []

  package init() {}

  package var text: String {
    let value: Value = ["schemaVersion": .number("\(StoryJSON.schemaVersion)"), "objects": .array(objects)]
    return String(decoding: JSONWriter.pretty(ShownText.safe(value)), as: UTF8.self)
  }

  package mutating func add(_ story: ObjectStory, _ provenance: Provenance) {
    let teller = Teller(provenance: provenance)
    var value: Value = [:]
    if let object = story.plan.object {
      value["apiVersion"] = .string(object.apiVersion)
      value["kind"] = .string(object.kind)
      value["name"] = .string(object.name)
    }
    if !story.namespace.isEmpty { value["namespace"] = .string(story.namespace) }
    value["at"] = story.plan.offset.map { teller.place($0..<$0) }
    value["outcome"] = .string(story.plan.outcome.row.word)
    value["objections"] = .array(story.objections.map(teller.value))
    value["pods"] = .array(story.pods.map(teller.value))
    var findings = story.plan.findings
    if case .refused(let refusal) = story.plan.outcome { findings.append(refusal) }
    value["findings"] = .array(findings.map(teller.value))
    let questions = story.accesses.compactMap(\.questionsJSON)
    if !questions.isEmpty { value["preflight"] = .array(questions) }
    objects.append(value)
  }
}

/// Puts parts of a story into values.
private struct Teller {
  let provenance: Provenance

  func place(_ range: Range<Int>) -> Value {
    let location = provenance.location(of: range)
    return [
      "file": .string(location.file), "line": .number("\(location.line)"), "column": .number("\(location.column)"),
    ]
  }

  func value(_ objection: Objection) -> Value {
    var value: Value = ["reason": .string(objection.text)]
    value["at"] = objection.range.map(place)
    return value
  }

  func value(_ finding: Diagnostic) -> Value {
    var value: Value = [
      "severity": .string(finding.severity.rawValue), "rule": .string(finding.rule.id),
      "message": .string(finding.message),
    ]
    value["hint"] = finding.hint.map(Value.string)
    value["at"] = finding.range.map(place)
    return value
  }

  func value(_ pod: PodStory) -> Value {
    [
      "path": .string(pod.path.description), "injector": .string(pod.dialect),
      "request": value(pod.request, pod), "login": .array(pod.login.map { value($0, pod) }),
      "initContainers": .array(pod.initial.map(value)), "containers": .array(pod.running.map(value)),
      "files": .array(pod.files.map { value($0, pod) }), "events": .array(pod.events.map(value)),
      "decisions": .array(pod.decisions.map { value($0, pod) }),
      "configurations": .array(pod.configurations.map(value)),
    ]
  }

  private func value(_ configuration: PodStory.AgentText) -> Value {
    var value: Value = [
      "container": .string(configuration.container),
      "configuration": configuration.value ?? .string(configuration.text),
    ]
    value["file"] = configuration.file.map(Value.string)
    return value
  }

  private func value(_ decision: Decision, _ pod: PodStory) -> Value {
    var value: Value = ["subject": .string(decision.subject), "value": .string(decision.value)]
    value["by"] = self.value(decision.source, pod)
    return value
  }

  private func value(_ source: Decision.Source, _ pod: PodStory) -> Value {
    let words = provenance.words(source, in: pod.dialect)
    var value: Value = ["kind": .string(source.kind), "name": .string(words.name)]
    if case .setting = source { value["origin"] = words.place.map(Value.string) }
    value["at"] = source.range.map(place)
    return value
  }

  private func value(_ step: PodStory.Step) -> Value {
    var value: Value = ["name": .string(step.name), "role": .string(step.role.rawValue), "stays": .bool(step.stays)]
    if !step.image.isEmpty { value["image"] = .string(step.image) }
    value["does"] = .array(step.deeds.map(self.value))
    return value
  }

  private func value(_ deed: PodStory.Deed) -> Value {
    var value: Value = ["action": .string(deed.name)]
    switch deed {
    case .logsIn, .keeps, .revokes, .ends: break
    case .writes(let paths), .holdsBack(let paths), .waits(let paths):
      value["files"] = .array(paths.map(Value.string))
    case .listens(let address): value["address"] = .string(address)
    case .runs(let command, let path):
      value["command"] = .string(command)
      value["after"] = .string(path)
    case .sees(let folder, let isEmpty):
      value["folder"] = .string(folder)
      value["isEmpty"] = .bool(isEmpty)
    case .startsThrough(let program): value["program"] = .string(program)
    case .other(let words): value["text"] = .string(words)
    }
    return value
  }

  private func value(_ file: PodStory.File, _ pod: PodStory) -> Value {
    var value: Value = ["path": .string(file.path), "contents": .string(file.contents.name)]
    if case .template(let text) = file.contents { value["template"] = .string(text) }
    value["reads"] = .array(file.reads.map(self.value))
    for subject in ["mode", "owner"] { value[subject] = file.value(of: subject).map(Value.string) }
    if !file.command.isEmpty { value["command"] = .string(file.command) }
    value["readers"] = .array(
      file.readers.map { ["container": .string($0.container), "path": .string($0.path)] })
    value["decisions"] = .array(file.decisions.map { self.value($0, pod) })
    return value
  }

  private func value(_ read: PodStory.Read) -> Value {
    var value: Value = ["function": .string(read.function)]
    value["path"] = read.path.map(Value.string)
    value["fields"] = .array(read.fields.map(Value.string))
    value["writes"] = .bool(read.writes)
    value["certain"] = .bool(read.isCertain)
    return value
  }

  private func value(_ event: PodStory.Event) -> Value {
    ["when": .string(event.moment.rawValue), "what": .string(event.text)]
  }
}

extension Decision.Source {
  /// The source for machines.
  fileprivate var kind: String {
    switch self {
    case .annotation: "annotation"
    case .label: "label"
    case .field: "field"
    case .setting: "setting"
    case .webhook: "webhook"
    case .usual: "default"
    }
  }
}

extension PodStory.File.Contents {
  /// The contents for machines.
  fileprivate var name: String {
    switch self {
    case .defaultTemplate: "default-template"
    case .template: "template"
    case .templateFile: "template-file"
    case .variables: "variables"
    case .token: "token"
    }
  }
}
