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
    _ annotations: HashiCorpAnnotations, _ template: PodTemplate, _ containers: [Container]
  ) throws(Diagnostic) {
    token = try HashiCorpToken.find(in: template, containers, annotations)
    secrets = try HashiCorpSecret.all(in: annotations)
    putsInitFirst = try annotations[HashiCorpTable.initFirst]
    prePopulates = try annotations[HashiCorpTable.prePopulate]
    prePopulatesOnly = try annotations[HashiCorpTable.prePopulateOnly]
    revokesOnShutdown = try annotations[HashiCorpTable.revokeOnShutdown]
    revokeGrace = try annotations[HashiCorpTable.revokeGrace]
    skipsTLSVerification = try annotations[HashiCorpTable.tlsSkipVerify]
    let user = try annotations[HashiCorpTable.runAsUser]
    runAsGroup = try annotations[HashiCorpTable.runAsGroup]
    runAsUser =
      try annotations[HashiCorpTable.runAsSameUser]
      ? Self.user(of: containers, at: annotations.place(HashiCorpTable.runAsSameUser.row)) : user
    sharesProcessNamespace = try annotations.sharesProcessNamespace(of: template)
    setsSecurityContext = try annotations[HashiCorpTable.setSecurityContext]
    usesCache = try annotations[HashiCorpTable.cacheEnable]
    cacheExitsOnError = try annotations[HashiCorpTable.cacheExitsOnError]
    defaultTemplate = try annotations[HashiCorpTable.defaultTemplate]
    writesToken = try annotations[HashiCorpTable.writesToken]
    exitsOnRetryFailure = try annotations[HashiCorpTable.exitOnRetryFailure]
    maxConnectionsPerHost = try annotations[HashiCorpTable.maxConnectionsPerHost]
    leaseRenewalThreshold = try annotations[HashiCorpTable.leaseRenewalThreshold]
    enablesQuit = try annotations[HashiCorpTable.enableQuit]
    autoAuthExitsOnError = try annotations[HashiCorpTable.autoAuthExitsOnError]
  }

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
  /// Refuses to share what the pod itself keeps apart.
  fileprivate func sharesProcessNamespace(of template: PodTemplate) throws(Diagnostic) -> Bool? {
    let row = HashiCorpTable.shareProcessNamespace
    guard let value = located(row.row) else { return nil }
    let shares: Bool?
    do throws(GoParse.Failure) {
      shares = try row.type.parse(value.text)
    } catch {
      throw .hashicorp(
        .parsing,
        "invalid value \(value.text) for annotation \"\(HashiCorpDialect.fullKey(row.key))\", err=\(error.message)",
        hint: "use \(row.type.accepted)", at: value.range)
    }
    if shares == true, try template.keepsProcessesApart() {
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
