internal import ManifestText
internal import Workloads

/// A secret that a pod asks for, and the file it becomes.
final class HashiCorpSecret: Sendable {
  /// As the annotations spell it.
  let name: String
  let path: String
  let template: String
  let templateFile: String
  /// The folder the file is in, where `file` does not lead out of it.
  let mountPath: String
  let command: String
  let leftDelimiter: String
  let rightDelimiter: String
  let permissions: String
  let failsOnMissingKey: Bool
  /// The file that is rendered.
  let destination: String
  /// The annotation that makes the secret.
  let place: Range<Int>

  private init(_ name: String, _ annotations: HashiCorpAnnotations, place: Range<Int>) throws(Diagnostic) {
    func nonEmpty(_ row: HashiCorpTable.Row<String>) -> String {
      let text = annotations[row, name]
      return text.isEmpty ? annotations.fallback(of: row) : text
    }
    self.name = name
    failsOnMissingKey = try annotations[HashiCorpTable.errorOnMissingKey, name]
    path = annotations[HashiCorpTable.secret, name]
    template = annotations[HashiCorpTable.template, name]
    templateFile = template.isEmpty ? annotations[HashiCorpTable.templateFile, name] : ""
    mountPath = annotations[HashiCorpTable.secretPath, name]
    command = annotations[HashiCorpTable.command, name]
    leftDelimiter = nonEmpty(HashiCorpTable.leftDelimiter)
    rightDelimiter = nonEmpty(HashiCorpTable.rightDelimiter)
    permissions = annotations[HashiCorpTable.permissions, name]
    let file = annotations[HashiCorpTable.file, name]
    destination =
      file.isEmpty ? "\(mountPath)/\(try annotations.fileName(ofSecret: name))" : GoText.joined(mountPath, file)
    self.place = place
    words = VaultPath(path)
  }

  /// The words of its path.
  let words: VaultPath

  /// True where the pod brings no template for it.
  var usesDefaultTemplate: Bool { template.isEmpty && templateFile.isEmpty }

  /// What the file holds where the pod brings no template.
  enum DefaultTemplate: String {
    case map, json

    /// The template for a path, which is inserted as it is.
    func text(_ path: String) -> String {
      switch self {
      case .map: "{{ with secret \"\(path)\" }}{{ range $k, $v := .Data }}{{ $k }}: {{ $v }}\n{{ end }}{{ end }}"
      case .json: "{{ with secret \"\(path)\" }}{{ .Data | toJSON }}\n{{ end }}"
      }
    }
  }
}

extension HashiCorpSecret {
  /// The secrets a pod asks for, in the order of their annotations' keys.
  static func all(in annotations: HashiCorpAnnotations) throws(Diagnostic) -> [HashiCorpSecret] {
    var secrets: [HashiCorpSecret] = []
    var seen = NameIndex()
    for entry in annotations.entries where !isBlank(entry.value.text) {
      guard let name = name(in: entry.key), seen.add(name) else { continue }
      secrets.append(try HashiCorpSecret(name, annotations, place: entry.value.range))
    }
    return secrets
  }

  private static func name(in key: String) -> String? {
    for family in HashiCorpTable.secretMakers {
      if let stem = family.stem, let name = ByteText.rest(of: key, after: stem), !name.isEmpty { return name }
    }
    return nil
  }

  private static func isBlank(_ text: String) -> Bool {
    // What most texts begin with is no white space at the first look.
    if let first = text.utf8.first, (0x21...0x7E).contains(first) { return false }
    return text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
  }
}

extension HashiCorpAnnotations {
  /// The file a secret becomes where none is named.
  fileprivate func fileName(ofSecret name: String) throws(Diagnostic) -> String {
    let choice = try self[HashiCorpTable.preserveCaseOfOne, name]
    let keepsCase = if let choice { choice } else { try self[HashiCorpTable.preserveCase] }
    return keepsCase ? name : GoText.lowercased(name)
  }
}

/// The phase in which HashiCorp's webhook rejects a pod, and the beginning of its message.
enum HashiCorpPhase: String {
  case gate = "error checking if should inject agent: "
  case namespace = "error with request namespace: "
  case defaults = "error adding default annotations: "
  case parsing = "error creating new agent sidecar: "
  case validation = "error validating agent configuration: "
  case patch = "error creating patch for agent: "
}

extension Diagnostic {
  /// A refusal that says in our own words what is wrong, and then what the webhook says, to the letter.
  static func hashicorp(
    _ phase: HashiCorpPhase, _ message: String, hint: String, at range: Range<Int>?, saying own: String
  ) -> Diagnostic {
    Diagnostic(
      rule: .hashicorpRefusal, message: "\(own); the webhook says: \(phase.rawValue)\(message)", hint: hint,
      range: range)
  }

  static func systemNamespace(_ namespace: String, at range: Range<Int>?) -> Diagnostic {
    hashicorp(
      .namespace, "cannot inject into system namespaces: \(namespace)",
      hint: "move the workload to another namespace, or take the annotation agent-inject out", at: range,
      saying: "agents are not injected in \(namespace), which is a system namespace")
  }
}

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

  /// True where something beside the secrets takes an agent that stays.
  var usesAgentBeside: Bool { writesToken || usesCache || enablesQuit }

  init(
    _ annotations: HashiCorpAnnotations, _ template: PodTemplate, _ containers: [Container], isExact: Bool
  ) throws(Diagnostic) {
    token = try HashiCorpToken.find(in: template, containers, annotations, isExact: isExact)
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
    func refusal(_ message: String, saying own: String) -> Diagnostic {
      .hashicorp(.parsing, message, hint: hint, at: place, saying: own)
    }
    let row = HashiCorpTable.runAsSameUser
    let nobody = "`\(row.key)` takes the user of the pod's first container, which names none"
    let hint = "set securityContext.runAsUser of the pod's first container, or name a user in agent-run-as-user"
    guard let container = containers.first,
      let context = try container.document.value("securityContext", in: container.node),
      !container.document.isNull(context)
    else { throw refusal("No SecurityContext found for Container 0", saying: nobody) }
    guard let user = try container.document.value("runAsUser", in: context), !container.document.isNull(user) else {
      throw refusal("RunAsUser is nil for Container 0's SecurityContext", saying: nobody)
    }
    guard !container.document.isString(user), let id = Int64(container.document.text(of: user)) else {
      throw .notA(
        "whole number", user, at: container.path.appending("securityContext").appending("runAsUser"),
        in: container.document)
    }
    guard id != 0 else {
      throw refusal(
        "container not allowed to run as root",
        saying: "`\(row.key)` takes the user of the pod's first container, which is root")
    }
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
        "invalid value \(value.text) for annotation \"\(settings.brand.fullKey(row.key))\", err=\(error.message)",
        hint: "use \(row.type.accepted)", at: value.range, saying: "`\(row.key)` cannot be `\(value.text)`")
    }
    if shares == true, try template.keepsProcessesApart() {
      throw .hashicorp(
        .parsing, "shareProcessNamespace explicitly disabled on the pod, refusing to enable it",
        hint: "take shareProcessNamespace out of the pod's spec, or the annotation", at: value.range,
        saying: "the pod keeps the processes of its containers apart, and `\(row.key)` shares them")
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
