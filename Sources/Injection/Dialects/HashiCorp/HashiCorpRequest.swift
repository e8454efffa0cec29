internal import ManifestText
internal import Workloads

/// A pod's annotations, decoded: what it asks of HashiCorp's injector.
///
/// Decoding goes in the webhook's order, so that the first fault found is the one the webhook reports.
struct HashiCorpRequest {
  let token: HashiCorpToken
  let secrets: [HashiCorpSecret]
  let putsInitFirst: Bool
  let prePopulates: Bool
  let prePopulatesOnly: Bool
  let revokesOnShutdown: Bool
  let revokeGrace: UInt64
  let skipsTLSVerification: Bool
  /// Nil leaves it to the cluster.
  let runAsUser: Int64?
  let runAsGroup: Int64?
  /// Nil where the pod is not to be changed.
  let sharesProcessNamespace: Bool?
  let setsSecurityContext: Bool
  let usesCache: Bool
  let cacheExitsOnError: Bool
  let defaultTemplate: HashiCorpSecret.DefaultTemplate
  let writesToken: Bool
  let exitsOnRetryFailure: Bool
  let maxConnectionsPerHost: Int64
  let leaseRenewalThreshold: Double
  let enablesQuit: Bool
  let autoAuthExitsOnError: Bool

  init(
    _ annotations: HashiCorpAnnotations, _ knobs: HashiCorpSettings, _ template: PodTemplate,
    _ containers: [Container]
  ) throws(Diagnostic) {
    token = try HashiCorpToken.find(in: template, containers, annotations)
    secrets = try HashiCorpSecret.all(in: annotations)
    putsInitFirst = try annotations.boolean("agent-init-first")
    prePopulates = try annotations.boolean("agent-pre-populate", default: true)
    prePopulatesOnly = try annotations.boolean("agent-pre-populate-only")
    revokesOnShutdown = try annotations.boolean("agent-revoke-on-shutdown", default: knobs.revokeOnShutdown)
    revokeGrace = try annotations.parsed(
      annotations.text("agent-revoke-grace", default: "5"), "agent-revoke-grace", "a whole number of seconds",
      GoParse.uint)
    skipsTLSVerification = try annotations.boolean("tls-skip-verify", default: knobs.tlsSkipVerify)
    let identity = try HashiCorpIdentity(annotations, knobs, containers)
    (runAsUser, runAsGroup) = (identity.user, identity.group)
    sharesProcessNamespace = try annotations.sharesProcessNamespace(of: template)
    setsSecurityContext = try annotations.boolean(
      "agent-set-security-context", default: knobs.setsSecurityContext || HashiCorpIdentity.isAsked(by: annotations))
    usesCache = try annotations.boolean("agent-cache-enable")
    cacheExitsOnError = try annotations.boolean("agent-cache-exit-on-err")
    defaultTemplate = try annotations.defaultTemplate(knobs)
    writesToken = try annotations.boolean("agent-inject-token")
    exitsOnRetryFailure = try annotations.boolean(
      "template-config-exit-on-retry-failure", default: knobs.exitOnRetryFailure)
    maxConnectionsPerHost = try annotations.integer(
      "template-max-connections-per-host", default: String(knobs.maxConnectionsPerHost),
      setting: "hashicorp.maxConnectionsPerHost")
    leaseRenewalThreshold = try annotations.leaseRenewalThreshold()
    enablesQuit = try annotations.boolean("agent-enable-quit")
    autoAuthExitsOnError = try annotations.boolean("agent-auto-auth-exit-on-err")
  }
}

/// Whom the agents run as.
private struct HashiCorpIdentity {
  private static let keys = ["agent-run-as-user", "agent-run-as-group", "agent-run-as-same-user"]

  let user: Int64?
  let group: Int64?

  init(
    _ annotations: HashiCorpAnnotations, _ knobs: HashiCorpSettings, _ containers: [Container]
  ) throws(Diagnostic) {
    let own = try Self.id("agent-run-as-user", knobs.runAsUser, at: "runAsUser", builtIn: "100", annotations)
    group = try Self.id("agent-run-as-group", knobs.runAsGroup, at: "runAsGroup", builtIn: "1000", annotations)
    let isSame = try annotations.boolean("agent-run-as-same-user", default: knobs.runAsSameUser)
    user = isSame ? try Self.user(of: containers, at: annotations.place("agent-run-as-same-user")) : own
  }

  /// Whom an annotation or the operator names; `off` leaves it to the cluster.
  private static func id(
    _ key: String, _ setting: String, at name: String, builtIn: String, _ annotations: HashiCorpAnnotations
  ) throws(Diagnostic) -> Int64? {
    if annotations[key] == nil, setting == HashiCorpSettings.leftToTheCluster { return nil }
    return try annotations.integer(
      key, default: setting.isEmpty ? builtIn : setting, setting: "hashicorp.security.\(name)")
  }

  /// True where an annotation names one, which takes a security context.
  static func isAsked(by annotations: HashiCorpAnnotations) -> Bool { keys.contains { annotations[$0] != nil } }

  /// The user that the pod's first container names itself.
  private static func user(of containers: [Container], at place: Range<Int>?) throws(Diagnostic) -> Int64 {
    func refusal(_ message: String, _ hint: String) -> Diagnostic {
      .hashicorp(.parsing, message, hint: hint, at: place)
    }
    let hint = "set securityContext.runAsUser of the pod's first container, or name a user in agent-run-as-user"
    guard let container = containers.first,
      let context = try container.document.value("securityContext", in: container.node),
      !container.document.isNull(context)
    else { throw refusal("No SecurityContext found for Container 0", hint) }
    guard let user = try container.document.value("runAsUser", in: context), !container.document.isNull(user) else {
      throw refusal("RunAsUser is nil for Container 0's SecurityContext", hint)
    }
    guard !container.document.isString(user), let id = Int64(container.document.text(of: user)) else {
      throw .notA(
        "whole number", user, at: container.path.appending("securityContext").appending("runAsUser"),
        in: container.document)
    }
    guard id != 0 else { throw refusal("container not allowed to run as root", hint) }
    return id
  }
}

extension HashiCorpAnnotations {
  fileprivate func integer(
    _ key: String, default fallback: String, setting: String
  ) throws(Diagnostic) -> Int64 {
    try parsed(text(key, default: fallback), key, "a whole number", setting: setting, GoParse.int)
  }

  fileprivate func leaseRenewalThreshold() throws(Diagnostic) -> Double {
    let key = "template-lease-renewal-threshold"
    guard let value = self[key] else { return 0 }
    return try parsed(value.text, key, "a number such as 0.9", GoParse.float)
  }

  fileprivate func defaultTemplate(_ knobs: HashiCorpSettings) throws(Diagnostic) -> HashiCorpSecret.DefaultTemplate {
    let key = "agent-inject-default-template"
    let type = GoText.lowercased(text(key, default: knobs.defaultTemplate))
    guard let template = HashiCorpSecret.DefaultTemplate(rawValue: type) else {
      throw .hashicorp(
        .parsing, "invalid default template type: \(type)",
        hint: "`\(culprit(key, "hashicorp.defaultTemplate"))` has to be `map` or `json`", at: place(key))
    }
    return template
  }

  /// Refuses to share what the pod itself keeps apart.
  fileprivate func sharesProcessNamespace(of template: PodTemplate) throws(Diagnostic) -> Bool? {
    let key = "agent-share-process-namespace"
    guard let value = self[key] else { return nil }
    let shares: Bool
    do throws(GoParse.Failure) {
      shares = try GoParse.bool(value.text)
    } catch {
      throw .hashicorp(
        .parsing, "invalid value \(value.text) for annotation \"vault.hashicorp.com/\(key)\", err=\(error.message)",
        hint: "use `true` or `false`", at: value.range)
    }
    if shares, try template.keepsProcessesApart() {
      throw .hashicorp(
        .parsing, "shareProcessNamespace explicitly disabled on the pod, refusing to enable it",
        hint: "take shareProcessNamespace out of the pod's spec, or the annotation", at: value.range)
    }
    return shares
  }
}

extension PodTemplate {
  fileprivate func keepsProcessesApart() throws(Diagnostic) -> Bool {
    guard let spec = try spec(), let value = try document.value("shareProcessNamespace", in: spec) else { return false }
    return try document.value(of: value) == .bool(false)
  }
}
