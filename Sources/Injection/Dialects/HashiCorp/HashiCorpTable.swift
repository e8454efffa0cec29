internal import ManifestText
internal import Workloads

/// The annotations of HashiCorp's injector: one row each; what is written in capitals at the end of a key stands for a
/// name.
enum HashiCorpTable {
  typealias Row<Value: Sendable> = Annotation<HashiCorpAnnotations, Value>
  typealias Entry = AnnotationEntry<HashiCorpPod>

  /// Every row, in the order they are documented.
  static let entries =
    requestEntries + secretEntries + variableEntries + agentEntries + loginEntries + vaultEntries + runEntries

  /// The rows of which something may be said where they are empty.
  static let toldWhereEmpty = entries.compactMap { entry in entry.whenEmpty.map { (row: entry.row, empty: $0) } }
  /// The conditions of which something may be said whether a pod has their annotations or not.
  static let judgements = entries.flatMap(\.judgements)
  private static let fixed: [String: Entry] = entries.reduce(into: [:]) { fixed, entry in
    if entry.row.stem == nil { fixed[entry.row.key] = entry }
  }
  private static let families: [(stem: String, entry: Entry)] = entries.compactMap { entry in
    entry.row.stem.map { ($0, entry) }
  }.sorted { $0.stem.utf8.count > $1.stem.utf8.count }

  /// The row of a key, and what stands for the place holder in it; nil for a key that is none.
  static func entry(of key: String) -> (entry: Entry, name: String)? {
    if let entry = fixed[key] { return (entry, "") }
    for (stem, entry) in families {
      if let name = ByteText.rest(of: key, after: stem), !name.isEmpty { return (entry, name) }
    }
    return nil
  }

  fileprivate static let fromConfigMap = "say it in the config map, which the agents read in place of the annotations"

  /// What Talend's injector and people call some of them.
  static let misnomers = [
    "secrets-path": secret.key, "secrets-destination": file.key, "secrets-template": template.key,
    "secrets-type": prePopulateOnly.key, "notify": command.key, "sidecars": nativeSidecar.key, "auth": authType.key,
    "sa-token": tokenVolume.key, "proxy-port": cacheListenerPort.key, "address": service.key,
    "vault-addr": service.key, "vault-address": service.key, "vault-namespace": namespace.key,
    "tls-verify": tlsSkipVerify.key, "inject": inject.key, "status": status.key, "vault-image": image.key,
    "auth-method": authType.key, "tls-ca": caCertificate.key, "tls-ca-cert": caCertificate.key,
    "agent-env": patch.key, "agent-extra-env": patch.key, "agent-image-pull-policy": patch.key,
    "image-pull-policy": patch.key, "agent-run-as-non-root": runAsUser.key,
  ]

  // MARK: The request

  static let inject = Row("agent-inject", .boolean, default: .off, "Asks for injection.")
  static let status = Row(
    "agent-inject-status", .text("set by the injector", .verbatim), default: .empty,
    "`injected` keeps the injection from happening twice.")
  static let containers = Row(
    "agent-inject-containers", .optionalNames, default: .absent("all"), "The containers that can read the secrets.",
    whenEmpty: .always("so no container can read the secrets"))
  static let requestNamespace = Row(
    "agent-request-namespace", .text("any text", .verbatim, like: "shop"),
    default: AnnotationDefault("the object's namespace") { $0.namespace },
    "Has no effect; only empty it is refused.")

  private static let requestEntries = [inject.entry, status.entry, containers.entry, requestNamespace.entry]

  // MARK: Secrets

  static let secret = Row(
    "agent-inject-secret-NAME", .text("a path in Vault", .path, like: "secret/data/db"), default: .empty,
    "A secret, rendered into a file.",
    .voidedByConfigMap)
  static let template = Row(
    "agent-inject-template-NAME",
    .text(
      "a template in Vault Agent's language", .verbatim,
      like: "{{ with secret \"secret/data/db\" }}{{ .Data.data.password }}{{ end }}"),
    default: AnnotationDefault("the default template") { _ in "" }, "What the file holds; makes a secret by itself.",
    .voidedByConfigMap)
  static let templateFile = Row(
    "agent-inject-template-file-NAME", .text("a path in the agent's container", like: "/vault/custom/db.ctmpl"),
    default: .empty,
    "The file the template is in; makes a secret by itself.", .voidedByConfigMap,
    .voidedBy("`agent-inject-template-NAME`", "take one of the two out") { pod, annotation in
      !pod.annotations[template, annotation.name].isEmpty
    })
  static let defaultTemplate = Row(
    "agent-inject-default-template", .defaultTemplate,
    default: .setting("hashicorp.defaultTemplate", text: { $0.operatorSettings.defaultTemplate }),
    "What files hold that have no template.",
    .voidedByConfigMap,
    .needs("a secret that has no template", "take it out: every secret has a template of its own") { pod, _ in
      pod.secrets.isEmpty || pod.secrets.contains(where: \.usesDefaultTemplate)
    })
  static let file = Row(
    "agent-inject-file-NAME", .text("a path below the folder", like: "db.properties"),
    default: AnnotationDefault("NAME") { _ in "" },
    "The file's name.",
    .voidedByConfigMap)
  static let permissions = Row(
    "agent-inject-perms-NAME", .text("permissions in octal", .permissions, like: "0400"),
    default: .setting("templates.permissions") { $0.settings.operatorSettings.filePermissions }, "The file's mode.",
    .voidedByConfigMap)
  static let command = Row(
    "agent-inject-command-NAME", .text("a command", .verbatim, like: "pkill -HUP nginx"), default: .empty,
    "Runs after the file was written.",
    .voidedByConfigMap)
  static let leftDelimiter = Row(
    "agent-template-left-delim-NAME", .text("any text", .verbatim, like: "[["), default: .text("{{"),
    "What opens the template's actions.",
    .voidedByConfigMap)
  static let rightDelimiter = Row(
    "agent-template-right-delim-NAME", .text("any text", .verbatim, like: "]]"), default: .text("}}"),
    "What closes them.",
    .voidedByConfigMap)
  static let errorOnMissingKey = Row(
    "error-on-missing-key-NAME", .boolean, default: .boolean(false),
    "Fails where the template reads a key the secret does not have.",
    .voidedByConfigMap)
  static let preserveCase = Row(
    "preserve-secret-case", .lenientBoolean, default: .boolean(false), "Keeps the case of NAME in the files' names.",
    .voidedByConfigMap)
  static let preserveCaseOfOne = Row(
    "preserve-secret-case-NAME", .optionalLenientBoolean, default: .absent("as `preserve-secret-case`"),
    "The same for one file.",
    .voidedByConfigMap,
    .voidedBy("`agent-inject-file-NAME`", "take it out: the file is called what agent-inject-file-NAME says") {
      pod, annotation in !pod.annotations[file, annotation.name].isEmpty
    })
  static let secretsPath = Row(
    "secret-volume-path", .text("a path", like: "/etc/secrets"), default: .text(HashiCorpPaths.secrets),
    "The folder of the files.",
    whenEmpty: .always("so the secrets have no folder, which the API server refuses"))
  static let secretPath = Row(
    "secret-volume-path-NAME", .text("a path", like: "/etc/db"),
    default: AnnotationDefault("as `secret-volume-path`") { $0[secretsPath] }, "The folder of one file.")
  static let writesToken = Row(
    "agent-inject-token", .boolean, default: .boolean(false), "Writes Vault's token beside the secrets, as `token`.",
    .voidedByConfigMap)

  private static let secretEntries = [
    secret.entry, template.entry, templateFile.entry, defaultTemplate.entry, file.entry, permissions.entry,
    command.entry, leftDelimiter.entry, rightDelimiter.entry, errorOnMissingKey.entry, preserveCase.entry,
    preserveCaseOfOne.entry, secretsPath.entry, secretPath.entry, writesToken.entry,
  ]

  /// The families of which each member makes a secret; the first that a key belongs to names it.
  static let secretMakers = [secret.row, templateFile.row, template.row]
  /// The families whose members need a secret of their name.
  static let secretDetails = [
    file.row, permissions.row, command.row, leftDelimiter.row, rightDelimiter.row, errorOnMissingKey.row,
    preserveCaseOfOne.row, secretPath.row, variablesOfOne.row,
  ]

  // MARK: Login

  static let role = Row(
    "role", .optional("any text", like: "checkout"), default: .none, "The Vault role to log in with.",
    .voidedByConfigMap)
  static let authType = Row(
    "auth-type", .text("an auth method of the agent", .authMethod, like: "approle"),
    default: .setting("hashicorp.auth.type") {
      $0.settings.operatorSettings.authType.isEmpty
        ? HashiCorpSettings().authType : $0.settings.operatorSettings.authType
    }, "How to log in.",
    .voidedBy("`agent-configmap`", fromConfigMap) { pod, _ in
      pod.configMap != nil && pod.authType != "aws"
    })
  static let authPath = Row(
    "auth-path", .text("a path such as `auth/kubernetes`"),
    default: .setting("hashicorp.auth.path") { $0.settings.operatorSettings.authPath },
    "Where the auth method is mounted.",
    .voidedByConfigMap)
  static let authParameter = Row(
    "auth-config-PARAM", .text("any text", like: "checkout"), default: .empty,
    "A parameter of the auth method; `-` stands for `_`.",
    .voidedBy("`agent-configmap`", fromConfigMap) { pod, annotation in
      pod.configMap != nil && !(pod.authType == "aws" && annotation.name == "region")
    },
    .voidedBy("`role`", "take auth-config-role out: role says the same", for: "`auth-config-role`") { pod, annotation in
      annotation.name == "role" && pod.annotations[role] != nil
    }, exampleName: "role")
  static let authMinBackoff = Row(
    "auth-min-backoff", .duration,
    default: .setting("hashicorp.auth.minBackoff") { $0.settings.operatorSettings.authMinBackoff },
    "How long to wait after a failed login, at first.",
    .voidedByConfigMap)
  static let authMaxBackoff = Row(
    "auth-max-backoff", .duration,
    default: .setting("hashicorp.auth.maxBackoff") { $0.settings.operatorSettings.authMaxBackoff },
    "How long to wait at most.",
    .voidedByConfigMap)
  static let autoAuthExitsOnError = Row(
    "agent-auto-auth-exit-on-err", .boolean, default: .boolean(false), "Ends the agent where a login fails.",
    .voidedByConfigMap)
  static let tokenVolume = Row(
    "agent-service-account-token-volume-name", .optional("the name of a projected volume", like: "vault-token"),
    default: .absent("what a container mounts, or our own"), "The service account's token to log in with.")

  private static let loginEntries = [
    role.entry, authType.entry, authPath.entry, authParameter.entry, authMinBackoff.entry, authMaxBackoff.entry,
    autoAuthExitsOnError.entry, tokenVolume.entry,
  ]

  // MARK: Vault

  static let service = Row(
    "service", .text("a URL", .address, like: "https://vault.example.com:8200"),
    default: .setting("vault.address") { $0.settings.operatorSettings.vaultAddress },
    "Where Vault is.")
  static let proxyAddress = Row(
    "proxy-address", .text("a URL", like: "http://proxy.example.com:3128"),
    default: .setting("hashicorp.proxyAddress") { $0.settings.operatorSettings.proxyAddress },
    "The proxy between the agents and Vault.")
  static let tlsSkipVerify = Row(
    "tls-skip-verify", .boolean,
    default: .setting("vault.tls.skipVerify") { $0.settings.operatorSettings.tlsSkipVerify },
    "Leaves Vault's certificate unchecked.",
    .unknownToRevocation("the certificate authority reaches it: name its file in ca-cert") { pod in
      pod.configMap == nil && pod.request.skipsTLSVerification
    })
  static let tlsSecret = Row(
    "tls-secret", .optional("the name of a secret", .objectName, like: "vault-tls"),
    default: .absent("the configuration's"),
    "Mounted in the agents at `\(HashiCorpPod.tlsPath)`.")
  static let caCertificate = Row(
    "ca-cert", .text("a path", like: "/vault/tls/ca.crt"),
    default: AnnotationDefault("the configuration's") { $0.operatorsAuthority },
    "The certificate authority of Vault's certificate.",
    .voidedBy("`tls-skip-verify`", "take tls-skip-verify out, so that Vault's certificate is checked") { pod, _ in
      pod.request.skipsTLSVerification && !(pod.request.revokesOnShutdown && pod.runsSidecar)
    })
  static let caPath: Row<String> = Row(
    "ca-key", .text("a path", like: "/vault/tls/authorities"), default: .empty,
    "A folder of such authorities, whatever its name says.",
    .unknownToRevocation("the certificate authority reaches it: name its file in ca-cert") { pod in
      pod.configMap == nil && !pod.annotations[caPath].isEmpty
    },
    .voidedBy("`tls-skip-verify`", "take tls-skip-verify out, so that Vault's certificate is checked") { pod, _ in
      pod.request.skipsTLSVerification && !(pod.request.revokesOnShutdown && pod.runsSidecar)
    })
  static let clientCertificate = Row(
    "client-cert", .text("a path", like: "/vault/tls/client.crt"), default: .empty, "The agents' own certificate.")
  static let clientKey = Row("client-key", .text("a path", like: "/vault/tls/client.key"), default: .empty, "Its key.")
  static let tlsServerName = Row(
    "tls-server-name", .text("any text", like: "vault.example.com"),
    default: .setting("vault.tls.serverName") { $0.settings.operatorSettings.tlsServerName },
    "The name Vault's certificate is checked against.",
    .unknownToRevocation("address Vault by a name that its certificate is made out to") { pod in
      pod.configMap == nil && !pod.tlsServerName.isEmpty
    })
  static let namespace: Row<String> = Row(
    "namespace", .text("any text", like: "team-a"),
    default: .setting("vault.namespace") { $0.settings.operatorSettings.vaultNamespace },
    "The Vault namespace to log in to.",
    .unknownToRevocation("the token stays until it expires: give its role a short time to live") { pod in
      !pod.annotations[namespace].isEmpty
    },
    .voidedByConfigMap)
  static let maxRetries = Row(
    "client-max-retries", .text("a number", .retries, like: "3"), default: .empty, "How often a request is tried again."
  )
  static let timeout = Row(
    "client-timeout", .text("seconds or a duration", .timeout, like: "30s"), default: .empty,
    "How long a request may take.")

  private static let vaultEntries = [
    service.entry, proxyAddress.entry, tlsSkipVerify.entry, tlsSecret.entry, caCertificate.entry, caPath.entry,
    clientCertificate.entry, clientKey.entry, tlsServerName.entry, namespace.entry, maxRetries.entry, timeout.entry,
  ]
}

extension AnnotationCondition<HashiCorpPod> {
  /// The agents' configuration comes from a config map, and the annotation would stand in the generated one.
  static var voidedByConfigMap: AnnotationCondition {
    .voidedBy("`agent-configmap`", HashiCorpTable.fromConfigMap) { pod, _ in pod.configMap != nil }
  }

  /// It is about the agent that stays.
  static var needsSidecar: AnnotationCondition {
    .needs(
      "an agent beside the application",
      "take it out: with agent-pre-populate-only, or where all secrets become variables, there is none"
    ) { pod, _ in pod.runsSidecar }
  }

  /// Something that the command which revokes the token when the pod ends does not get to know.
  fileprivate static func unknownToRevocation(
    _ hint: String, where isSet: @escaping @Sendable (HashiCorpPod) -> Bool
  ) -> AnnotationCondition {
    AnnotationCondition(words: "Not passed on to the command that revokes the token.") { pod, annotation in
      guard pod.request.revokesOnShutdown, pod.runsSidecar, isSet(pod) else { return nil }
      return .unknownToRevocation(annotation.key, hint, at: annotation.range)
    }
  }
}
