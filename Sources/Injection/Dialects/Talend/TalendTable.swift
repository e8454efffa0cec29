internal import ManifestText
internal import Workloads

/// The annotations of Talend's injector: one row each.
enum TalendTable {
  typealias Row<Value: Sendable> = Annotation<TalendAnnotations, Value>
  typealias Entry = AnnotationEntry<TalendPod>

  /// The rows as they are documented, in order.
  static let rows = (requestEntries + secretEntries).map(\.row)

  /// What is asked, and how the secrets come: judged before the secrets are looked at.
  static let requestEntries = [
    inject.entry, status.entry, mode.entry, workload.entry, auth.entry, role.entry, serviceAccountToken.entry,
    image.entry, secretsType.entry, secretsMethod.entry,
  ]

  /// Which secrets are asked, and what is done with them: judged when their numbers are known to be right.
  static let secretEntries = [
    secretsPath.entry, secretsDestination.entry, secretsTemplate.entry, notify.entry, secretsHook.entry,
    sidecars.entry, proxyPort.entry,
  ]

  static let requestJudgements = requestEntries.flatMap(\.judgements)
  static let secretJudgements = secretEntries.flatMap(\.judgements)

  /// Those that may be without effect.
  static let conditional = (requestEntries + secretEntries).filter { $0.conditions.contains { $0.effect != nil } }

  /// What HashiCorp's injector calls some of them.
  static let misnomers = [
    "agent-inject-secret-NAME": secretsPath.key, "agent-inject-file-NAME": secretsDestination.key,
    "agent-inject-template-NAME": secretsTemplate.key, "agent-inject-command-NAME": notify.key,
    "agent-pre-populate-only": secretsType.key, "agent-native-sidecar": sidecars.key, "auth-type": auth.key,
    "agent-inject": inject.key, "agent-inject-status": status.key, "agent-image": image.key,
    "agent-service-account-token-volume-name": serviceAccountToken.key, "agent-cache-listener-port": proxyPort.key,
  ]

  /// What the status says of a pod that is injected, in any case.
  static let injected = "injected"
  /// What the deprecated annotation says of a job.
  static let jobWorkload = "job"

  // MARK: The request

  /// The words for yes, in small letters.
  static let yesWords = ["y", "yes", "true", "on"]
  /// The words that say no, in small letters; the injector takes others for no as well.
  static let noWords = ["", "n", "no", "false", "off", "f", "0", "disabled"]
  static let inject = Row("inject", .yes, default: .off, "Asks for injection.")
  static let status = Row(
    "status", .optional("set by the injector", .verbatim), default: .none,
    "`injected` is set by the injection, and keeps it from happening twice.")
  static let mode = Row(
    "mode", .modes, default: .text("secrets"),
    "What the agent does; modes are separated by commas without spaces: `secrets,proxy`.")
  static let workload = Row(
    "workload", .job, default: AnnotationDefault("none") { _ in false }, "Deprecated: adds the mode `job`.")
  static let sidecars = Row(
    "sidecars", .sidecars, default: .setting("sidecars") { $0.dialect.settings.operatorSettings.sidecars },
    "Whether the agent runs as a container, as the webhook does it, or as an init container that stays.",
    .needs("an agent beside the application", "take it out: static secrets are fetched by an init container") {
      pod, _ in
      pod.runsSidecar
    })

  // MARK: Login

  static let auth = Row(
    "auth", .word(TalendRequest.AuthMethod.self), default: .text("kubernetes"), "How the agent logs in.",
    .excludes("`\(secretsType.key): static`", for: "approle") { pod, annotation in
      // The webhook compares the annotation as it is written, so `AppRole` gets past it.
      let isAppRole = pod.request.auth.source?.text == TalendRequest.AuthMethod.approle.rawValue
      return isAppRole && !pod.request.secrets.isDynamic ? .talend(.staticAppRole, at: annotation.range) : nil
    })
  static let role = Row(
    "role", .text("any text", like: "checkout"),
    default: AnnotationDefault("label `\(TalendSettings().applicationLabel)`") { $0.labels.application },
    "The Vault role to log in with.")
  static let serviceAccountToken = Row(
    "sa-token", .optional("the full path of a token that a container mounts", like: "/var/run/secrets/vault/token"),
    default: .absent("the pod's own token"),
    "The service account's token to log in with.")
  static let image = Row(
    "vault-image", .optional("an image", like: "registry.example.com/vault:2.0.4"),
    default: .absent("the configuration's"),
    "The image of the Vault Agent's containers.")

  // MARK: Secrets

  static let secretsType = Row(
    "secrets-type", .word(TalendRequest.Secrets.Kind.self), default: .text("dynamic"),
    "`dynamic`: a sidecar renews and renders again; `static`: fetched once, before anything starts, which is for "
      + "secrets without a lease.",
    .needsSecrets)
  static let secretsMethod = Row(
    "secrets-injection-method", .word(TalendRequest.Secrets.Method.self), default: .text("file"),
    "Whether the application finds its secrets in files or in its environment, for which every container needs a "
      + "`command`.",
    .requires("`\(secretsType.key): static`", for: "env") { pod, annotation in
      let secrets = pod.request.secrets
      return secrets.isEnvironment && secrets.isDynamic ? .talend(.dynamicEnvironment, at: annotation.range) : nil
    },
    .needsSecrets)
  static let secretsPath = Row(
    "secrets-path", .list("paths in Vault, with commas", like: "secret/data/checkout/db", separator: ","),
    default: AnnotationDefault(
      "`secret/<\(TalendSettings().applicationLabel)>/<\(TalendSettings().serviceLabel)>`, from the labels"
    ) { ["secret/\($0.labels.application)/\($0.labels.service)"] },
    "Where the secrets are in Vault.", .needsSecrets,
    .voidedBy("`secrets-template`", "take it out: templates name their own paths") { pod, _ in
      // Where the labels are missing, the webhook wants the annotation all the same.
      pod.templates != nil && !pod.labels.application.isEmpty && !pod.labels.service.isEmpty
    })
  static let secretsDestination = Row(
    "secrets-destination",
    .list("files under `\(TalendPod.secretsPath)`, with commas", like: "db.properties", separator: ","),
    default: .text("secrets.properties"), "The files the secrets are written to, one for each path or template.",
    .needsSecrets)
  /// What stands between templates.
  static let templateSeparator = "---"
  static let secretsTemplate = Row(
    "secrets-template",
    .optionalList(
      "templates in Vault Agent's language, with `---` between them",
      like: "{{ with secret \"secret/data/checkout/db\" }}{{ .Data.data.password }}{{ end }}",
      separator: templateSeparator),
    default: .absent("`key=value` lines"), "What the files hold.",
    .needsSecrets)
  static let notify = Row(
    "notify", .list("commands, with commas", like: "pkill -HUP nginx", separator: ","),
    default: AnnotationDefault("none") { _ in [] },
    "What runs after a file was written: command n after file n.",
    .needsSecrets)
  static let secretsHook = Row(
    "secrets-hook", .yes, default: .off, "Holds a container's start until the secrets are there.",
    .needs("`\(secretsType.key): dynamic`", "take it out: static secrets are there before the application starts") {
      pod, _ in pod.request.secrets.isDynamic
    },
    .excludes("the mode `job`") { pod, annotation in
      guard pod.request.secrets.asksForHook, pod.request.modes.job, !pod.isNative else { return nil }
      return .talend(.hookWithJob(pod.schema.fullKey(annotation.key)), at: annotation.range)
    },
    .needsSecrets)
  static let proxyPort = Row(
    "proxy-port", .text("a port", like: "8300"), default: .text("8200"), "Where the proxy listens on 127.0.0.1.",
    .needs("the mode `proxy`", "add `proxy` to the annotation mode, or take it out") { pod, _ in
      pod.request.modes.proxy
    })
}

extension AnnotationCondition<TalendPod> {
  fileprivate static var needsSecrets: AnnotationCondition {
    .needs("the mode `secrets`", "add `secrets` to the annotation mode, or take it out") { pod, _ in
      pod.request.modes.secrets
    }
  }
}

// MARK: - Types

extension AnnotationType<Bool> {
  /// The words the injector takes for yes; everything else is no.
  fileprivate static var yes: AnnotationType {
    let words = TalendTable.yesWords
    let accepted = words.map { "`\($0)`" }.joined(separator: ", ")
    return AnnotationType("\(accepted) in any case; everything else is off", like: "true") {
      words.contains(GoText.lowercased($0))
    }.offWhereFalse
  }

  fileprivate static var job: AnnotationType { AnnotationType("`job`") { $0 == TalendTable.jobWorkload } }
}

extension AnnotationType<TalendModes> {
  fileprivate static var modes: AnnotationType { AnnotationType("`secrets`, `proxy`, `job`") { TalendModes($0) } }
}

extension AnnotationType {
  /// One of several words in any case; what is none of them is refused where it matters.
  fileprivate static func word<Choice>(_ choices: Choice.Type) -> AnnotationType<TalendWord<Choice>> {
    AnnotationType<TalendWord<Choice>>(words(choices)) { TalendWord($0) }
  }

  fileprivate static func words<Choice: CaseIterable & RawRepresentable<String>>(_ choices: Choice.Type) -> String {
    choices.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
  }
}

extension AnnotationType<Sidecars?> {
  /// How agents run; nil is refused where it matters.
  fileprivate static var sidecars: AnnotationType { AnnotationType(words(Sidecars.self)) { Sidecars(rawValue: $0) } }
}

extension AnnotationType<[String]> {
  /// Texts with a separator between them; spaces count.
  fileprivate static func list(_ accepted: String, like example: String, separator: String) -> AnnotationType {
    AnnotationType(accepted, like: example) { GoText.split($0, at: separator) }
  }
}

extension AnnotationType<[String]?> {
  fileprivate static func optionalList(_ accepted: String, like example: String, separator: String) -> AnnotationType {
    AnnotationType(accepted, like: example) { GoText.split($0, at: separator) }
  }
}
