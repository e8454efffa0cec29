internal import Workloads

/// What to do, and in which order, until no webhook is needed.
///
/// What this program injects says that it is injected, which keeps both webhooks from injecting it again. So manifests come
/// first, and a webhook is turned off only where nothing is left that needs it: no pod is ever without its secrets.
package struct MigrationSteps: Equatable, Sendable {
  /// One thing to do.
  package struct Step: Equatable, Sendable {
    /// What machines know it by.
    package let id: String
    /// What to do, in a sentence without a full stop.
    package let text: String
    /// What to type; nil where that depends on how things are deployed.
    package var command: String?
  }

  /// In order; empty where nothing is left to do.
  package private(set) var steps: [Step] = []

  /// An option that all commands take, with a space before it.
  private let option: String

  /// Makes the steps for some pods, in which these commands read what was read for them.
  package init(_ pods: [PodMigration], inputs: String, option: String = "") {
    self.option = option
    let waiting = pods.filter { $0.state != .injectedHere }
    guard !waiting.isEmpty else { return }
    let refused = waiting.filter { $0.state == .asks && $0.refusal != nil }
    if !refused.isEmpty {
      add("repair", "repair what an injection refuses, as the report says: \(MigrationSteps.names(of: refused))")
    }
    if waiting.contains(where: { $0.state == .asks }) {
      add("preflight", "see that Vault gives the agents what they ask for", "preflight \(inputs)")
      add(
        "inject", "inject the manifests, and keep the result where they are kept; the webhook stays for now",
        "-i \(inputs)")
      add("verify", "ask the cluster whether it takes the pods", "verify \(inputs)")
      add(
        "apply", "apply the manifests; their pods say that they are injected, so the webhook leaves them alone",
        "apply \(inputs)")
    }
    if waiting.contains(where: { $0.state == .injectedByWebhook }) {
      add(
        "replace", "replace the pods that the webhook injected, by what makes them: they stay as they are until then")
    }
    for (namespace, dialects) in MigrationSteps.dialects(of: waiting) { addEnd(in: namespace, of: dialects) }
    for dialect in MigrationSteps.distinct(waiting.map(\.dialect)) {
      let webhook = KnownWebhook.all[dialect]
      add(
        "uninstall",
        "once nothing of it is left in any namespace, uninstall the webhook"
          + (webhook.map { " `\($0.name)`, by \($0.uninstalling)" } ?? ""))
    }
  }

  private mutating func add(_ id: String, _ text: String, _ arguments: String? = nil) {
    steps.append(Step(id: id, text: text, command: arguments.map { "kubectl vault-inject \($0)\(option)" }))
  }

  private mutating func addEnd(in namespace: String, of dialects: [String]) {
    add(
      "check", "see that no pod of `\(namespace)` needs a webhook: none is listed but as injected by this program",
      "migrate pods -n \(namespace)")
    for dialect in dialects { add("turn-off", KnownWebhook.turningOff(KnownWebhook.all[dialect], in: namespace)) }
  }

  /// The namespaces in order, with the dialects that pods in each speak.
  private static func dialects(of pods: [PodMigration]) -> [(namespace: String, dialects: [String])] {
    let namespaces = distinct(pods.map(\.namespace)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return namespaces.map { namespace in
      (namespace, distinct(pods.filter { $0.namespace == namespace }.map(\.dialect)))
    }
  }

  private static func distinct(_ names: [String]) -> [String] {
    names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private static func names(of pods: [PodMigration]) -> String {
    let names = distinct(pods.map(\.displayName))
    let first = names.prefix(4).joined(separator: ", ")
    return names.count > 4 ? "\(first) and \(names.count - 4) more" : first
  }
}

/// A webhook as its chart installs it.
private struct KnownWebhook {
  /// What it is called in its MutatingWebhookConfiguration.
  let name: String
  /// How its chart keeps it out of namespaces.
  let keepingOut: String
  let uninstalling: String

  static let all = [
    "hashicorp": KnownWebhook(
      name: "vault.hashicorp.com",
      keepingOut: "in Vault's chart that is the value injector.webhook.namespaceSelector",
      uninstalling: "the value injector.enabled=false of Vault's chart"),
    "talend": KnownWebhook(
      name: "vault-sidecar-injector.talend.org",
      keepingOut: "where its chart has mutatingwebhook.namespaceSelector.boolean=true, it is enough to take the label "
        + "vault-injection off the namespace",
      uninstalling: "uninstalling its chart"),
  ]

  static func turningOff(_ webhook: KnownWebhook?, in namespace: String) -> String {
    "turn the webhook\(webhook.map { " `\($0.name)`" } ?? "") off in `\(namespace)`: in its "
      + "MutatingWebhookConfiguration, namespaceSelector.matchExpressions gets {key: kubernetes.io/metadata.name, "
      + "operator: NotIn, values: [\(namespace)]}" + (webhook.map { "; \($0.keepingOut)" } ?? "")
  }
}
