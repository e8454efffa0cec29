internal import ManifestText

/// The warnings about what HashiCorp's webhook lets through.
extension Diagnostic {
  private static func trap(_ rule: Rule, _ message: String, _ hint: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(rule: rule, message: message, hint: hint, range: range)
  }

  // MARK: Keys and values

  static func emptyAnnotation(_ key: String, _ meaning: String, at range: Range<Int>) -> Diagnostic {
    trap(
      .emptyAnnotation, "`\(key)` is there and empty, \(meaning)",
      "leave the annotation out for its default, or give it a value", at: range)
  }

  static func longKey(_ key: String, at range: Range<Int>) -> Diagnostic {
    trap(
      .annotationKey,
      "the key `\(key)` has \(key.utf8.count) characters after the slash, and the API server takes 63 at most",
      "shorten the secret's name in all its annotations; agent-inject-file-NAME holds the file's name", at: range)
  }

  static func unfitKey(_ key: String, at range: Range<Int>) -> Diagnostic {
    trap(
      .annotationKey, "the API server does not take `\(key)` after the slash of an annotation's key",
      "use letters, digits, `-`, `_` and `.`, a letter or digit first and last", at: range)
  }

  static func orphan(_ key: String, _ name: String, among names: [String], at range: Range<Int>) -> Diagnostic {
    let nearest = NearestName.nearest(to: name, among: names).map { "did you mean `\($0)`?" }
    return trap(
      .annotationWithoutSecret,
      "`\(key)` has no effect: no annotation asks for a secret `\(name)`",
      nearest ?? "name its path in agent-inject-secret-\(name), or its template in agent-inject-template-\(name)",
      at: range)
  }

  static func permissionsOfToken(_ key: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .annotationWithoutSecret,
      message: "`\(key)` has no effect: the token is written with mode 0640, whatever is asked for",
      hint: "run the agents as the application's user: agent-run-as-user, or agent-run-as-same-user: \"true\"",
      range: range)
  }

  static func orphan(_ key: String, meant: String, at range: Range<Int>) -> Diagnostic {
    trap(
      .annotationWithoutSecret,
      "`\(key)` has no effect: what stands at its end is taken for the name of a secret",
      "did you mean `\(meant)`?", at: range)
  }

  static func unknownContainer(
    _ name: String, _ key: String, among names: [String], at range: Range<Int>?
  ) -> Diagnostic {
    let trimmed = name.split(separator: " ").joined(separator: " ")
    let nearest = names.contains(trimmed) ? trimmed : NearestName.nearest(to: name, among: names)
    let hint =
      trimmed != name && names.contains(trimmed)
      ? "spaces count: write `\(trimmed)`, with no space around the comma"
      : nearest.map { "did you mean `\($0)`?" } ?? "the pod has \(names.map { "`\($0)`" }.joined(separator: ", "))"
    return trap(
      .unknownContainer, "`\(key)` names the container `\(name)`, which the pod does not have",
      hint,
      at: range)
  }

  static func namesInitContainer(
    _ name: String, _ key: String, mountsSecrets: Bool, at range: Range<Int>
  ) -> Diagnostic {
    trap(
      .unknownContainer,
      "`\(key)` names the init container `\(name)`, and counts for containers only",
      mountsSecrets
        ? "take it out: init containers can read the secrets anyway"
        : "take it out: without agent-pre-populate no init container can read the secrets", at: range)
  }

  static func surplusComma(_ key: String, at range: Range<Int>) -> Diagnostic {
    trap(
      .unknownContainer, "`\(key)` has a comma with no container's name beside it",
      "take the comma out", at: range)
  }

  // MARK: Secrets

  static func sameDestination(_ destination: String, at range: Range<Int>) -> Diagnostic {
    trap(
      .sameDestination, "two secrets are rendered into \(destination), each over the other",
      "give one of them another name in agent-inject-file-NAME", at: range)
  }

  static func fetchedTwice(_ name: String, at range: Range<Int>) -> Diagnostic {
    trap(
      .fetchedTwice,
      "the secret `\(name)` is made twice: by the init container, where nothing renews it, and by the sidecar",
      "hand it on with agent-cache-enable: \"true\", or set agent-native-sidecar: \"true\" (Kubernetes 1.29 and later)",
      at: range)
  }

  static func caseChoiceIgnored(_ key: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      as: .warning, rule: .annotationValue,
      message: "the value of `\(key)` is no boolean, and counts as `false`",
      hint: "use `true` or `false`", range: range)
  }

  // MARK: Agents

  static func runsAsRoot(_ brand: AgentBrand, isAnnotated: Bool, at range: Range<Int>?) -> Diagnostic {
    let name = isAnnotated ? brand.fullKey(HashiCorpTable.runAsUser.key) : brand.setting("hashicorp.security.runAsUser")
    return trap(
      .runsAsRoot, "`\(name)` is 0: the agents run as root, which the restricted Pod Security level refuses",
      isAnnotated
        ? "give the number of a user that is not root" : "set another user, or off for one that the cluster chooses",
      at: range)
  }

  static func stopsFlux(_ variable: String, at range: Range<Int>?) -> Diagnostic {
    trap(
      .fluxSubstitution,
      "the agents start with `${\(variable)?}`, as the webhook's do; Flux's variable substitution stops at it",
      "leave --exact out, or annotate the object with kustomize.toolkit.fluxcd.io/substitute: disabled", at: range)
  }

  static func cacheWithOtherToken(_ path: String, at range: Range<Int>?) -> Diagnostic {
    trap(
      .cacheToken, "the agent's cache looks for the service account's token in its usual place, and not in \(path)",
      "leave the cache off, or mount the token at /var/run/secrets/kubernetes.io/serviceaccount", at: range)
  }

  static func agentNeverEnds(_ kind: String, knowsNative: Bool, at range: Range<Int>?) -> Diagnostic {
    let native = knowsNative ? "set agent-native-sidecar: \"true\" (Kubernetes 1.29 and later), or " : "set "
    return trap(
      .jobNeverCompletes, "this \(kind) would never complete: its Vault agent keeps running",
      native + "agent-pre-populate-only: \"true\"", at: range)
  }

  static func jobRunsNatively(_ kind: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .jobRunsNatively,
      message: "the agent of this \(kind) is a native sidecar, which takes Kubernetes 1.29: any other would never end",
      hint: "agent-pre-populate-only: \"true\" does without an agent beside the job, on every Kubernetes", range: range)
  }

  // MARK: Connection

  static func unknownToRevocation(_ key: String, _ hint: String, at range: Range<Int>?) -> Diagnostic {
    trap(
      .revocationWithoutSetting,
      "`\(key)` does not reach the command that revokes the token, which may fail without it", hint, at: range)
  }

  static func tokenOfAWS(_ path: String, at range: Range<Int>?) -> Diagnostic {
    trap(
      .tokenOfAws, "the agent logs in with the token that is mounted at \(path), which is meant for AWS",
      "mount the service account's own token before it, or name its volume in agent-service-account-token-volume-name",
      at: range)
  }

  static func telemetryDropped(at range: Range<Int>) -> Diagnostic {
    trap(
      .telemetryDropped, "the agents get no telemetry at all: the value of one of its annotations has the wrong type",
      "a duration is text, such as 30s; numbers and booleans are JSON", at: range)
  }

  static func clash(_ what: String, _ name: String, at range: Range<Int>) -> Diagnostic {
    var finding = nameClash(what, name, at: range)
    finding.hint = "rename it: the API server refuses two of one name"
    return finding
  }
}
