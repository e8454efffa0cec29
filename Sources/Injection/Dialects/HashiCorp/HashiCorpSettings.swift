internal import ManifestText

/// Everything an operator of HashiCorp's injector sets, with the defaults of its webhook.
///
/// Values are plain text as the operator wrote it. What an annotation can override is read like the annotation, so
/// that a value that makes no sense is refused where it is used, with the webhook's message.
package struct HashiCorpSettings: Equatable, Sendable {
  /// What an agent may ask for and may take at most; an empty text leaves that entry out.
  package struct Resources: Equatable, Sendable {
    package var requestsCPU = "250m"
    package var requestsMemory = "64Mi"
    package var requestsEphemeralStorage = ""
    package var limitsCPU = "500m"
    package var limitsMemory = "128Mi"
    package var limitsEphemeralStorage = ""
  }

  /// The same of what brings a program for variables.
  package struct HelperResources: Equatable, Sendable {
    package var requestsCPU = "10m"
    package var requestsMemory = "10Mi"
    package var limitsCPU = "100m"
    package var limitsMemory = "25Mi"
  }

  // Vault

  package var vaultAddress = CommonDefaults.vaultAddress
  package var vaultNamespace = ""
  /// The configMap that holds the certificate authority of Vault's certificate; empty if none.
  package var caConfigMap = ""
  /// The secret that holds it, where it is not a configMap.
  package var caSecret = ""
  /// The key of the authority's certificate in that configMap or secret.
  package var caKey = CommonDefaults.caKey
  package var tlsServerName = ""
  package var tlsSkipVerify = false
  /// The authority's certificate itself, in PEM or that in base64; empty if there is none.
  package var caCertBytes = ""
  /// The proxy between the agents and Vault; empty if there is none.
  package var proxyAddress = ""

  // Login

  package var authType = "kubernetes"
  package var authPath = "auth/kubernetes"
  package var authMinBackoff = ""
  package var authMaxBackoff = ""
  package var tokenExpirationSeconds = 3600
  package var tokenAudience = ""

  // Agent

  package var image = CommonDefaults.image
  /// The name of the Vault program in `image`; `bao` for OpenBao's images.
  package var program = CommonDefaults.program
  /// `Always`, `IfNotPresent` or `Never`; empty leaves it to Kubernetes.
  package var imagePullPolicy = ""
  package var imagePullSecrets: [String] = []
  /// What annotations do not say otherwise.
  package var logLevel = CommonDefaults.logLevel
  package var logFormat = "standard"
  package var resources = Resources()
  /// The image of the program that hands variables on, for applications whose own image has no shell; empty takes a
  /// shell's script.
  package var environmentHelperImage = ""
  package var environmentHelperResources = HelperResources()
  /// What images start with, as `CONTAINER=JSON`, for containers without a command.
  package var entrypoints: [String] = []
  package var imageConfigs: [String] = []
  package var revokeOnShutdown = false
  package var disableIdleConnections: [String] = []
  package var disableKeepAlives: [String] = []
  /// How the agents get their configuration.
  package var configurationForm = AgentConfigurationForm.base64
  package var sidecars = CommonDefaults.sidecars
  /// How many seconds a native sidecar may take until the secrets are there, before it is started again.
  package var startupSeconds = CommonDefaults.startupSeconds

  // Templates

  /// `map` or `json`.
  package var defaultTemplate = "map"
  package var exitOnRetryFailure = true
  package var staticSecretRenderInterval = ""
  package var maxConnectionsPerHost = 0
  /// The mode of the rendered files, in octal; empty leaves it to the agent.
  package var filePermissions = ""

  // Security

  /// Stands for a user or group that the cluster chooses.
  package static let leftToTheCluster = "off"

  /// A number, or `off`; empty is the default.
  package var runAsUser = String(CommonDefaults.runAsUser)
  /// A number, or `off`; empty is the default.
  package var runAsGroup = String(CommonDefaults.runAsGroup)
  package var runAsSameUser = false
  package var setsSecurityContext = true
  /// The size of each volume in memory that secrets are written to; empty sets none.
  package var secretsVolumeSize = ""
  /// The size of each volume in memory that is an agent's own; empty sets none.
  package var agentVolumeSize = ""

  package init() {}
}

/// Which settings fill in what.
///
/// The webhook starts with any value of its own settings and says of each pod what is wrong with it, or goes by it
/// unread; so nothing is refused here that it takes.
extension HashiCorpSettings: DialectSettings {
  package static let dialect = "hashicorp"

  package static let uses: [SettingUse<HashiCorpSettings>] = vault + login + images + agent + templates + pod

  private static let vault: [SettingUse<HashiCorpSettings>] = [
    .common("vault.address", \.vaultAddress),
    .common("vault.namespace", \.vaultNamespace),
    .common("vault.tls.skipVerify", \.tlsSkipVerify),
    .common("vault.tls.serverName", \.tlsServerName),
    .common("vault.tls.caConfigMap", \.caConfigMap),
    .common("vault.tls.caSecret", \.caSecret),
    .common("vault.tls.caKey", \.caKey),
  ]

  private static let login: [SettingUse<HashiCorpSettings>] = [
    .own(
      "hashicorp.auth.type", .text(.anything), \.authType,
      "The auth method the agents log in with; empty is kubernetes.", like: "approle"),
    .common(
      "auth.kubernetes.path", \.authPath,
      own: Setting(
        "hashicorp.auth.path", .text(.anything), "Where the auth method is mounted, with auth/ in front.",
        like: "auth/kubernetes-eu"),
      { .string("auth/\($0.string ?? "")") }),
    .own(
      "hashicorp.auth.minBackoff", .text(.anything), \.authMinBackoff,
      "How long an agent waits after a failed login, at first; empty leaves it to the agent.", like: "1s"),
    .own(
      "hashicorp.auth.maxBackoff", .text(.anything), \.authMaxBackoff,
      "How long an agent waits after a failed login, at most; empty leaves it to the agent.", like: "5m"),
    .common("token.expirationSeconds", \.tokenExpirationSeconds),
    .common("token.audience", \.tokenAudience),
    .own(
      "hashicorp.proxyAddress", .text(.anything), \.proxyAddress,
      "The HTTP proxy between the agents and Vault; empty if there is none.", like: "http://proxy.example.com:3128"),
    .own(
      "hashicorp.caCertBytes", .text(.anything), \.caCertBytes,
      "The certificate authority of Vault's certificate itself, in PEM or that in base64; empty if there is none.",
      like: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"),
  ]

  private static let images: [SettingUse<HashiCorpSettings>] = [
    .common("image", \.image),
    .common("imagePullPolicy", \.imagePullPolicy),
    .common("imagePullSecrets", \.imagePullSecrets),
    .common("program", \.program),
  ]

  private static let agent: [SettingUse<HashiCorpSettings>] = [
    .own(
      "hashicorp.revokeOnShutdown", .boolean, \.revokeOnShutdown, "Revokes the agent's token when the pod ends."),
    .own(
      "hashicorp.disableIdleConnections", .list, \.disableIdleConnections,
      "The parts of the agent that close connections they do not use: auto-auth, caching, proxying, templating.",
      like: "templating,proxying"),
    .own(
      "hashicorp.disableKeepAlives", .list, \.disableKeepAlives,
      "The parts of the agent that take a new connection for each request.", like: "templating"),
    .common("agent.logLevel", \.logLevel),
    .common("agent.logFormat", \.logFormat),
    .common("agent.configuration", \.configurationForm),
    .common("sidecars", \.sidecars),
    .common("startupSeconds", \.startupSeconds),
  ]

  private static let templates: [SettingUse<HashiCorpSettings>] = [
    .own(
      "hashicorp.defaultTemplate", .suggestion(["map", "json"]), \.defaultTemplate,
      "What files hold where a pod brings no template: key: value lines, or JSON."),
    .own(
      "hashicorp.exitOnRetryFailure", .boolean, \.exitOnRetryFailure,
      "Ends the agent, to be started again, where a secret cannot be had after some attempts."),
    .common(
      "templates.renderInterval", \.staticSecretRenderInterval,
      own: Setting(
        "hashicorp.staticSecretRenderInterval", .text(.anything),
        "How often secrets without a lease are read again; empty leaves it to the agent.", like: "1m")),
    .own(
      "hashicorp.maxConnectionsPerHost", .integer(0...2_147_483_647), \.maxConnectionsPerHost,
      "How many connections the templates may open to Vault; 0 leaves it to the agent."),
    .common(
      "templates.permissions", \.filePermissions,
      own: Setting(
        "hashicorp.templates.permissions", .text(.optionalPermissions),
        "The mode of the rendered files, in octal; empty leaves it to the agent.")),
  ]

  private static let pod: [SettingUse<HashiCorpSettings>] = [
    amount("requests.cpu", \.resources.requestsCPU, "The CPU an agent asks for."),
    amount("requests.memory", \.resources.requestsMemory, "The memory an agent asks for."),
    .own(
      "hashicorp.resources.requests.ephemeralStorage", .text(.anything), \.resources.requestsEphemeralStorage,
      "The disk space an agent asks for; empty asks for none.", like: "64Mi"),
    amount("limits.cpu", \.resources.limitsCPU, "The CPU an agent may take."),
    amount("limits.memory", \.resources.limitsMemory, "The memory an agent may take."),
    .own(
      "hashicorp.resources.limits.ephemeralStorage", .text(.anything), \.resources.limitsEphemeralStorage,
      "The disk space an agent may take; empty sets no limit.", like: "128Mi"),
    id("runAsUser", \.runAsUser, "The user the agents run as; off leaves it to the cluster, as OpenShift wants it."),
    id("runAsGroup", \.runAsGroup, "The group the agents run as; off leaves it to the cluster."),
    .own(
      "hashicorp.security.runAsSameUser", .boolean, \.runAsSameUser,
      "Runs the agents as the user of the pod's first container."),
    .own(
      "hashicorp.security.setSecurityContext", .boolean, \.setsSecurityContext,
      "Gives the agents a security context; without one, the cluster's defaults hold."),
    .common("environmentHelper.image", \.environmentHelperImage),
    .common("environmentHelper.resources.requests.cpu", \.environmentHelperResources.requestsCPU),
    .common("environmentHelper.resources.requests.memory", \.environmentHelperResources.requestsMemory),
    .common("environmentHelper.resources.limits.cpu", \.environmentHelperResources.limitsCPU),
    .common("environmentHelper.resources.limits.memory", \.environmentHelperResources.limitsMemory),
    .common("entrypoints", \.entrypoints),
    .common("imageConfigs", \.imageConfigs),
    size(
      "secretsSize", \.secretsVolumeSize,
      "The size of each volume in memory that secrets are written to; empty sets none."),
    size("agentSize", \.agentVolumeSize, "The size of each volume in memory that is an agent's own; empty sets none."),
  ]

  private static func amount(
    _ path: String, _ field: SettingUse<HashiCorpSettings>.Field<String>, _ summary: String
  ) -> SettingUse<HashiCorpSettings> {
    .common(
      "agent.resources.\(path)", field,
      own: Setting(
        "hashicorp.resources.\(path)", .text(.anything), summary,
        like: CommonSettings.row(at: "agent.resources.\(path)")?.example))
  }

  private static func id(
    _ key: String, _ field: SettingUse<HashiCorpSettings>.Field<String>, _ summary: String
  ) -> SettingUse<HashiCorpSettings> {
    .id(
      "security.\(key)", field, own: Setting("hashicorp.security.\(key)", .id, summary),
      leftToTheCluster: leftToTheCluster)
  }

  private static func size(
    _ key: String, _ field: SettingUse<HashiCorpSettings>.Field<String>, _ summary: String
  ) -> SettingUse<HashiCorpSettings> {
    .common("volumes.\(key)", field, own: Setting("hashicorp.volumes.\(key)", .text(.optionalQuantity), summary))
  }
}
