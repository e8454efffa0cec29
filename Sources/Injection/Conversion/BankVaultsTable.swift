internal import ManifestText

/// An annotation of Bank-Vaults' webhook on a pod, and what becomes of it.
struct BankVaultsRow {
  enum Effect {
    /// Another says the same, with a value made of its own; without one that is the usual.
    case becomes(String, @Sendable (String) -> String?)
    /// Nothing is lost without it.
    case goes
    /// Something is different without it, unless its value is one of these.
    case differs(String, hint: String, unless: [String])
    /// The pod would start without a secret, unless its value is one of these.
    case refused(String, hint: String, unless: [String])
    /// What it asks for is made of several annotations.
    case special
  }

  /// The key without its prefix.
  let key: String
  let effect: Effect

  init(_ key: String, _ effect: Effect) { (self.key, self.effect) = (key, effect) }

  fileprivate init(_ key: String, becomes row: String, _ value: @escaping @Sendable (String) -> String? = { $0 }) {
    self.init(key, .becomes(row, value))
  }
}

/// The annotations that Bank-Vaults documents for pods.
enum BankVaultsTable {
  static let environmentPaths = "vault-env-from-path"
  static let daemon = "vault-env-daemon"
  static let tlsSecret = "vault-tls-secret"
  static let role = "vault-role"
  /// The annotations that ask for something whatever the pod's variables say.
  static let requests = [environmentPaths, "vault-agent-configmap", "vault-ct-configmap"]

  private static let no = ["", "false"]

  static let rows = [
    BankVaultsRow("vault-addr", becomes: HashiCorpTable.service.key),
    BankVaultsRow(role, becomes: HashiCorpTable.role.key),
    BankVaultsRow("vault-path", becomes: HashiCorpTable.authPath.key) { "auth/\(VaultLogin.mount($0))" },
    BankVaultsRow("vault-skip-verify", becomes: HashiCorpTable.tlsSkipVerify.key, whereTrue("true")),
    BankVaultsRow(tlsSecret, becomes: HashiCorpTable.tlsSecret.key),
    BankVaultsRow("vault-namespace", becomes: HashiCorpTable.namespace.key),
    BankVaultsRow("vault-image", becomes: HashiCorpTable.image.key),
    BankVaultsRow("vault-log-level", becomes: HashiCorpTable.logLevel.key),
    BankVaultsRow("log-level", becomes: HashiCorpTable.logLevel.key),
    BankVaultsRow("enable-json-log", becomes: HashiCorpTable.logFormat.key, whereTrue("json")),
    BankVaultsRow("run-as-user", becomes: HashiCorpTable.runAsUser.key) { $0 == "0" ? nil : $0 },
    BankVaultsRow("run-as-group", becomes: HashiCorpTable.runAsGroup.key) { $0 == "0" ? nil : $0 },
    // The agents run so unless they are told otherwise.
    BankVaultsRow("run-as-non-root", .goes),
    BankVaultsRow("readonly-root-fs", .goes),
    // They are about the program that starts applications, in place of which the agent's variables are read.
    BankVaultsRow("vault-env-image", .goes),
    BankVaultsRow("vault-env-image-pull-policy", .goes),
    BankVaultsRow("vault-env-cpu-request", .goes),
    BankVaultsRow("vault-env-memory-request", .goes),
    BankVaultsRow("vault-env-cpu-limit", .goes),
    BankVaultsRow("vault-env-memory-limit", .goes),
    BankVaultsRow(
      "vault-auth-method",
      .refused(
        "the webhook logs in by another method than the service account's token",
        hint: "say how in auth-type and auth-config-PARAM, and take it out", unless: ["", "jwt", "kubernetes"])),
    BankVaultsRow(
      "token-auth-mount",
      .refused(
        "the webhook logs in with a token of Vault's from a volume",
        hint: "log in with the service account, or say how in auth-type and auth-config-PARAM, and take it out",
        unless: [""])),
    BankVaultsRow(environmentPaths, .special),
    BankVaultsRow(daemon, .special),
    BankVaultsRow(BankVaults.mutate, .special),
    BankVaultsRow(
      "vault-agent-configmap",
      .refused(
        "the agent reads a configuration of its own, of which the webhook adds Vault's address",
        hint: "write the address into it, ask for it with agent-configmap and agent-pre-populate: \"false\", and take "
          + "the annotation out", unless: [""])),
    BankVaultsRow(
      "vault-ct-configmap",
      .refused(
        "consul-template reads a configuration of its own",
        hint: "ask for its files with agent-inject-template-NAME, and take it out", unless: [""])),
    BankVaultsRow(
      "transit-key-id",
      .refused(
        "values are decrypted with a key of Vault's",
        hint: "keep them in secrets of Vault's, and take it out", unless: [""])),
    BankVaultsRow(
      "vault-ignore-missing-secrets",
      .differs("an agent waits for a secret that is missing", hint: "have it made in Vault first", unless: no)),
    BankVaultsRow(
      "vault-env-passthrough",
      .differs(
        "the application does not get the variables by which the webhook's program finds Vault",
        hint: "write those that it needs into its `env`", unless: [""])),
    BankVaultsRow(
      "mutate-probes",
      .differs(
        "probes that run a command do not get the variables",
        hint: "let them ask the application, for example by HTTP", unless: no)),
    BankVaultsRow(
      "vault-serviceaccount",
      .differs(
        "the agents log in with the pod's own service account", hint: "name it in serviceAccountName", unless: [""])),
    BankVaultsRow(
      "vault-image-pull-policy",
      .differs(
        "images are pulled as the settings say", hint: "the setting imagePullPolicy says it for all pods",
        unless: ["", "IfNotPresent"])),
  ]

  private static func whereTrue(_ value: String) -> @Sendable (String) -> String? {
    { ((try? GoParse.bool($0)) ?? false) ? value : nil }
  }

  static func row(_ key: String) -> BankVaultsRow? { rows.first { $0.key == key } }
}
