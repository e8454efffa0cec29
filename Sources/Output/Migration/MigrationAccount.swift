package import Injection
package import ManifestText
internal import Workloads

/// The form in which a migration is told.
package enum MigrationFormat: String, CaseIterable, Sendable { case table, json }

/// What there is to migrate, and how.
package struct MigrationAccount: Sendable {
  /// A pod, and where it was read.
  private struct Entry {
    let pod: PodMigration
    let location: Location
  }

  /// What the JSON is of; it goes up by one where members change their meaning or go away.
  private static let schemaVersion = 1

  private var entries: [Entry] = []
  private var strangers: [StrangePod] = []
  private let inputs: String
  private let option: String

  /// Nothing yet; the commands to type read these inputs, with this option.
  package init(inputs: String, option: String = "") { (self.inputs, self.option) = (inputs, option) }

  package var isEmpty: Bool { entries.isEmpty && strangers.isEmpty }

  package mutating func add(_ pod: PodMigration, at location: Location) {
    entries.append(Entry(pod: pod, location: location))
  }

  /// Adds a pod that asks a webhook which this program does not stand in for.
  package mutating func add(_ pod: StrangePod) { strangers.append(pod) }

  private var steps: MigrationSteps { MigrationSteps(entries.map(\.pod), inputs: inputs, option: option) }

  /// Everything, in a form.
  package func text(as format: MigrationFormat) -> String {
    switch format {
    case .table: table
    case .json: String(decoding: JSONWriter.pretty(ShownText.safe(value)), as: UTF8.self)
    }
  }

  // MARK: For people

  /// The entries in order, with those together that one owner has made and of which the same is true.
  private var alike: [[Entry]] {
    var places: [Likeness: Int] = [:]
    var alike: [[Entry]] = []
    for entry in entries {
      guard let likeness = Likeness(entry.pod) else {
        alike.append([entry])
        continue
      }
      if let place = places[likeness] {
        alike[place].append(entry)
      } else {
        places[likeness] = alike.count
        alike.append([entry])
      }
    }
    return alike
  }

  /// What is true of pods that are told of together.
  private struct Likeness: Hashable {
    let owner: ObjectOwner
    let texts: [String]

    init?(_ pod: PodMigration) {
      guard let owner = pod.owner else { return nil }
      self.owner = owner
      texts = [pod.object.kind, pod.namespace, pod.dialect, pod.words, pod.outcome] + pod.differences
    }
  }

  /// What entries of one owner are called together: `Deployment/web: 3 pods`.
  private static func name(of entries: [Entry]) -> String {
    let pod = entries[0].pod
    guard let owner = pod.owner else { return pod.object.displayName }
    let kind = pod.object.kind
    let all = entries.count == 1 ? pod.object.displayName : "\(entries.count) \(kind == "Pod" ? "pods" : "of \(kind)")"
    return "\(owner.displayName): \(all)"
  }

  private var table: String {
    var rows = [["NAMESPACE", "OBJECT", "INJECTOR", "NOW", "WITH THIS PROGRAM"]]
    rows += alike.map { entries in
      let pod = entries[0].pod
      return [pod.namespace, MigrationAccount.name(of: entries), pod.dialect, pod.words, pod.outcome]
    }.map { $0.map { ShownText(of: $0).line } }
    rows += strangers.map { pod in
      [pod.namespace, pod.displayName, "bank-vaults", "asks Bank-Vaults' webhook", "once it is converted"]
        .map { ShownText(of: $0).line }
    }
    let widths = rows[0].indices.map { column in rows.map { TerminalWidth.columns(of: $0[column]) }.max() ?? 0 }
    var text = ""
    for row in rows {
      let cells = zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: width - TerminalWidth.columns(of: cell))
      }
      var line = cells.joined(separator: "   ")
      while line.last == " " { line.removeLast() }
      text += line + "\n"
    }
    let differences = alike.flatMap { entries in
      entries[0].pod.differences.map { "\(MigrationAccount.name(of: entries)) (\(entries[0].location)): \($0)" }
    }
    if !differences.isEmpty { text += "\nWhat is different:\n" + differences.map(MigrationAccount.item).joined() }
    if !strangers.isEmpty {
      text +=
        "\nTo have pods of Bank-Vaults' webhook injected as well, rewrite what they ask of it:\n"
        + "  kubectl vault-inject convert --from bank-vaults \(ShownText(of: inputs).line)\n"
    }
    let steps = steps.steps
    if steps.isEmpty { return text }
    text += "\nWhat to do, in this order:\n"
    for (number, step) in steps.enumerated() {
      text += "\(number + 1). \(ShownText(of: step.text).line)\n"
      if let command = step.command { text += "   \(ShownText(of: command).line)\n" }
    }
    return text
  }

  private static func item(_ text: String) -> String { "- \(ShownText(of: text).line)\n" }

  // MARK: For machines

  private var value: Value {
    [
      "schemaVersion": .number("\(MigrationAccount.schemaVersion)"),
      "pods": .array(entries.map { MigrationAccount.value($0.pod, $0.location) }),
      "others": .array(strangers.map(MigrationAccount.value)),
      "steps": .array(
        steps.steps.map { step in
          var value: Value = ["step": .string(step.id), "text": .string(step.text)]
          value["command"] = step.command.map(Value.string)
          return value
        }),
    ]
  }

  private static func value(_ pod: PodMigration, _ location: Location) -> Value {
    var value: Value = [
      "apiVersion": .string(pod.object.apiVersion), "kind": .string(pod.object.kind), "name": .string(pod.object.name),
      "namespace": .string(pod.namespace),
      "at": ["file": .string(location.file), "line": .number("\(location.line)")],
      "injector": .string(pod.dialect), "state": .string(pod.state.rawValue),
    ]
    value["owner"] = pod.owner.map { ["kind": .string($0.kind), "name": .string($0.name)] }
    value["present"] = pod.present.map(parts)
    value["added"] = pod.added.map(parts)
    value["addedByWebhook"] = pod.byWebhook.map(parts)
    value["refusal"] = pod.refusal.map { .string($0.message) }
    value["refusalOfWebhook"] = pod.webhookRefusal.map { .string($0.message) }
    value["findings"] = .array(
      pod.findings.map { ["rule": .string($0.rule.id), "message": .string($0.message)] })
    return value
  }

  private static func value(_ pod: StrangePod) -> Value {
    var value: Value = [
      "apiVersion": .string(pod.object.apiVersion), "kind": .string(pod.object.kind), "name": .string(pod.object.name),
      "namespace": .string(pod.namespace), "injector": "bank-vaults",
    ]
    value["owner"] = pod.owner.map { ["kind": .string($0.kind), "name": .string($0.name)] }
    return value
  }

  private static func parts(_ summary: InjectionOutcome.Summary) -> Value {
    [
      "initContainers": .array(summary.initContainers.map(Value.string)),
      "containers": .array(summary.containers.map(Value.string)),
      "volumes": .array(summary.volumes.map(Value.string)),
    ]
  }
}

extension PodMigration {
  /// Who has injected it, for people.
  fileprivate var words: String {
    switch state {
    case .asks: "asks the webhook"
    case .injectedByWebhook: "injected by the webhook"
    case .injectedHere: "injected by this program"
    }
  }

  /// What this program does with it, for people.
  fileprivate var outcome: String {
    if refusal != nil { return "refused" }
    if let added { return "adds " + added.words }
    switch state {
    case .asks: return "nothing to add"
    case .injectedByWebhook: return "as its workload's manifest is injected"
    case .injectedHere: return "done"
    }
  }

  /// What this program does otherwise than the webhook, and what there is to know, one line each.
  fileprivate var differences: [String] {
    var lines: [String] = []
    if let refusal { lines.append("refused: \(refusal.message)") }
    if let webhookRefusal, refusal == nil { lines.append("the webhook refuses it: \(webhookRefusal.message)") }
    if let added, let byWebhook, added != byWebhook { lines.append("the webhook adds \(byWebhook.words)") }
    return lines + findings.filter { $0.severity != .note }.map { "\($0.message) [\($0.rule.id)]" }
  }
}

extension InjectionOutcome.Summary {
  fileprivate var words: String {
    let parts = [("init container", initContainers), ("container", containers), ("volume", volumes)]
    let texts = parts.filter { !$0.1.isEmpty }.map { noun, names in
      "\(noun)\(names.count == 1 ? "" : "s") \(names.joined(separator: " "))"
    }
    return texts.isEmpty ? "mounts alone" : texts.joined(separator: ", ")
  }
}
