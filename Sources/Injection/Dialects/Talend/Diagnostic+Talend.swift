internal import ManifestText

/// The reasons Talend's injector rejects a pod for.
enum TalendRefusal: Equatable {
  case noContainer
  case unsupportedAuth(String)
  case noApplicationLabel(_ label: String, _ roleKey: String)
  case noTokenMount(String)
  case unsupportedType(String)
  case unsupportedMethod(String)
  case dynamicEnvironment
  case staticAppRole
  case noServiceLabels(_ application: String, _ service: String, _ pathKey: String)
  case unequalPaths(_ paths: Int, _ destinations: Int)
  case unequalTemplates(_ templates: Int, _ destinations: Int)
  case hookWithJob(_ hookKey: String)
  case hookNotExec
  /// What is known of its image, to stand after the hint.
  case noCommand(_ container: String, _ remark: String?)
  case severalContainers

  /// The injector's own message, to the letter.
  var message: String {
    switch self {
    case .noContainer: "Submitted pod must contain at least one container"
    case .unsupportedAuth(let method): "Submitted pod makes use of unsupported Vault Auth Method '\(method)'"
    case .noApplicationLabel(let label, _): "Submitted pod must contain label \(label)"
    case .noTokenMount(let path): "Volume Mount for path \(path) not found in submitted pod"
    case .unsupportedType(let type): "Submitted pod makes use of unsupported secrets type '\(type)'"
    case .unsupportedMethod(let method):
      "Submitted pod makes use of unsupported secrets injection method '\(method)'"
    case .dynamicEnvironment:
      "Submitted pod uses unsupported combination of secrets injection method 'env' with dynamic secrets"
    case .staticAppRole:
      "Submitted pod uses unsupported combination of Vault Auth Method 'approle' with static secrets"
    case .noServiceLabels(let application, let service, _):
      "Submitted pod must contain labels \(application) and \(service)"
    case .unequalPaths: "Submitted pod must contain same numbers of secrets path and secrets destinations"
    case .unequalTemplates: "Submitted pod must contain same numbers of templates and secrets destinations"
    case .hookWithJob(let key):
      "Submitted pod uses unsupported combination of '\(key)' annotation with 'job' mode"
    case .hookNotExec: "Unsupported lifecycle hook. Only support Exec type"
    case .noCommand(let container, _): "No explicit command found for container \(container)"
    case .severalContainers: "Submitted pod should contain only one container"
    }
  }

  /// What is wrong, in our own words.
  fileprivate var sentence: String {
    switch self {
    case .noContainer: "the pod has no containers"
    case .unsupportedAuth(let method): "there is no auth method `\(method)`"
    case .noApplicationLabel(let label, _): "no Vault role is named for the agents: the pod has no label `\(label)`"
    case .noTokenMount(let path): "no container mounts a volume at `\(path)`, where the token is to be read"
    case .unsupportedType(let type): "there is no type of secrets `\(type)`"
    case .unsupportedMethod(let method): "there is no method of injection `\(method)`"
    case .dynamicEnvironment: "only static secrets can be put into the environment"
    case .staticAppRole: "the login with AppRole cannot fetch static secrets"
    case .noServiceLabels(let application, let service, _):
      "the secrets' path is not named: the pod lacks the label `\(application)` or `\(service)`"
    case .unequalPaths: "there are not as many paths of secrets as files for them"
    case .unequalTemplates: "there are not as many templates as files for them"
    case .hookWithJob(let key): "`\(key)` does not go with the mode `job`"
    case .hookNotExec: "the lifecycle hook of the configuration runs no command"
    case .noCommand(let container, _): "the container `\(container)` does not say which command it runs"
    case .severalContainers: "a pod in job mode can have one container only"
    }
  }

  /// How to fix it.
  var hint: String {
    switch self {
    case .noContainer: "add a container under spec.containers"
    case .unsupportedAuth: "use `kubernetes` or `approle`"
    case .noApplicationLabel(let label, let key):
      "add the label \(label) to the pod template, or name the Vault role in the annotation \(key)"
    case .noTokenMount: "mount a volume at this path in one of the containers, or leave the annotation out"
    case .unsupportedType: "use `dynamic` or `static`"
    case .unsupportedMethod: "use `file` or `env`"
    case .dynamicEnvironment: "set secrets-type to \"static\", or secrets-injection-method to \"file\""
    case .staticAppRole:
      "use dynamic secrets: the ids are put on the volume by an init container, after static secrets are fetched"
    case .noServiceLabels(_, _, let key): "add both labels to the pod template, or name the path in \(key)"
    case .unequalPaths(let paths, let destinations):
      "found \(paths) in secrets-path and \(destinations) in secrets-destination; both are separated by commas"
    case .unequalTemplates(let templates, let destinations):
      "found \(templates) in secrets-template, separated by ---, and \(destinations) in secrets-destination"
    case .hookWithJob: "leave the hook out: a job's container can wait for its secrets itself"
    case .hookNotExec: "give postStart an exec with a command in the configuration's lifecycle hooks"
    case .noCommand(_, let remark):
      "write out the command its image starts with (see ENTRYPOINT and CMD), as it is started through a helper, or give "
        + "it with --entrypoint 'CONTAINER=[\"/PROGRAM\"]' or the image's configuration with --image-config"
        + (remark.map { "; \($0)" } ?? "")
    case .severalContainers: "the job's end is told by its one container; move the others to another workload"
    }
  }
}

extension Diagnostic {
  /// A refusal that says in our own words what is wrong, and then what the webhook says.
  static func talend(_ refusal: TalendRefusal, at range: Range<Int>?) -> Diagnostic {
    .talend(refusal, saying: refusal.sentence, hint: refusal.hint, at: range)
  }

  /// A refusal for want of containers.
  static func talend(_ refusal: TalendRefusal, in absence: PodContainers.Absence) -> Diagnostic {
    .talend(refusal, saying: absence.message, hint: absence.hint, at: absence.range)
  }

  private static func talend(
    _ refusal: TalendRefusal, saying own: String, hint: String, at range: Range<Int>?
  ) -> Diagnostic {
    Diagnostic(
      rule: .talendRefusal, message: "\(own); the webhook says: \(refusal.message)", hint: hint, range: range)
  }

  static func unknownMode(_ part: String, key: String, range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .unknownMode, message: "`\(key)` names the mode `\(part)`, which does not exist and is ignored",
      hint: "modes are `secrets`, `proxy` and `job`, separated by commas without spaces", range: range)
  }

  static func jobNeverCompletes(_ kind: String, key: String, knowsNative: Bool, range: Range<Int>?) -> Diagnostic {
    let native = knowsNative ? "leave --sidecars out (Kubernetes 1.29 and later), or " : ""
    return Diagnostic(
      rule: .jobNeverCompletes,
      message: "this \(kind) would never complete: its Vault agent keeps running",
      hint: native + "add `job` to the annotation \(key)", range: range)
  }

  static func endsNatively(_ kind: String, range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .jobRunsNatively,
      message: "the agent of this \(kind) is a native sidecar, which takes Kubernetes 1.29: any other would never end",
      hint: "--sidecars container ends it by a second container, which asks the API server about the pod", range: range)
  }

  static func nativeSidecarAdvised(key: String, range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .nativeSidecarAdvised,
      message: "a second container watches this job through the API server, to end the agent with it",
      hint: "from Kubernetes 1.29 on a native sidecar ends by itself: --sidecars native, or \(key): native",
      range: range)
  }

  static func nameClash(_ what: String, _ name: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .nameClash, message: "the pod already has a \(what) called `\(name)`, as one that is to be injected",
      hint: "rename it; if an injector added it, take that out or set the annotation `status` to \"injected\"",
      range: range)
  }
}

/// What is said about a webhook's configuration that cannot be used.
extension Diagnostic {
  private static let fileNames = TalendConfiguration.File.allCases.map(\.rawValue).joined(separator: ", ")

  static func missingWebhookFile(_ file: TalendConfiguration.File, range: Range<Int>? = nil) -> Diagnostic {
    Diagnostic(
      rule: .webhookConfig, message: "the webhook's configuration has no \(file.rawValue)",
      hint: "all five are needed: \(fileNames)", range: range)
  }

  static func unknownPlaceholder(_ found: String, known: [String], range: Range<Int>) -> Diagnostic {
    let accepted =
      known.isEmpty ? "this file has no placeholders" : "this file knows \(known.joined(separator: ", "))"
    let nearest = NearestName.nearest(to: found, among: known).map { "did you mean \($0)? " } ?? ""
    return Diagnostic(
      rule: .webhookConfig, message: "nothing replaces the placeholder \(found) here",
      hint: nearest + accepted, range: range)
  }

  static func webhookShape(
    _ what: String, _ found: String, _ wanted: String, range: Range<Int>
  ) -> Diagnostic {
    Diagnostic(
      rule: .webhookConfig, message: "\(what) is \(found)", hint: "it has to be \(wanted)", range: range)
  }

  static func webhookObjectWithoutName(_ list: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .webhookConfig, message: "an element of \(list) has no name",
      hint: "every container, volume, variable and mount has one", range: range)
  }

  // MARK: The ConfigMap

  static var noWebhookConfigMap: Diagnostic {
    Diagnostic(
      rule: .webhookConfig, message: "holds no ConfigMap with the key injectionconfig.yaml",
      hint: "pass the ConfigMap the injector's chart installs, or a folder with \(fileNames)")
  }

  static func twoWebhookConfigMaps(_ first: String, _ second: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .webhookConfig,
      message: "`\(second)` is the second ConfigMap with the key injectionconfig.yaml, after `\(first)`",
      hint: "pass a file with only the one to use", range: range)
  }
}
