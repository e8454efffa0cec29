/// Every setting of the built-in configuration, with its default.
///
/// The values are plain text as the operator wrote it; quoting them for where they end up is the configuration's
/// business (``TalendConfiguration/builtIn(_:)``).
package struct TalendSettings: Equatable, Sendable {
  /// What a container may ask for and may take at most; an empty text leaves that entry out.
  package struct Resources: Equatable, Sendable {
    package var requestsCPU: String
    package var requestsMemory: String
    package var limitsCPU: String
    package var limitsMemory: String

    package init(
      requestsCPU: String, requestsMemory: String, limitsCPU: String, limitsMemory: String
    ) {
      self.requestsCPU = requestsCPU
      self.requestsMemory = requestsMemory
      self.limitsCPU = limitsCPU
      self.limitsMemory = limitsMemory
    }
  }

  /// Where the containers that render secrets get their text from.
  package enum Renderer: String, Equatable, Sendable, CaseIterable {
    /// The agent renders the templates itself.
    case agent
    /// Consul Template renders them, beside an agent that only keeps the token.
    case consulTemplate = "consul-template"
  }

  // Images

  /// The image of every injected container but Consul Template's: it must hold `vault` and a POSIX shell.
  package var image = CommonDefaults.image
  /// The name of the Vault program in `image`; `bao` for OpenBao's images.
  package var program = CommonDefaults.program
  /// The image of the static environment helper, for applications whose own image has no shell; empty takes a
  /// shell script, which needs no image of its own.
  package var environmentHelperImage = ""
  /// What images start, as `CONTAINER=JSON`, for containers without a command.
  package var entrypoints: [String] = []
  package var imageConfigs: [String] = []
  /// `Always`, `IfNotPresent` or `Never`; empty leaves it to Kubernetes.
  package var imagePullPolicy = "IfNotPresent"
  /// Names of secrets the pod needs to pull the images, added to `imagePullSecrets`.
  package var imagePullSecrets: [String] = []
  package var renderer = Renderer.agent
  package var consulTemplateImage = "hashicorp/consul-template:0.41.3"

  // Vault

  package var vaultAddress = CommonDefaults.vaultAddress
  /// The Vault namespace to log in to and read from; empty is the root namespace.
  package var vaultNamespace = ""
  /// The configMap that holds the certificate authority of Vault's certificate; empty if none.
  package var caConfigMap = ""
  /// The secret that holds it, where it is not a configMap.
  package var caSecret = ""
  /// The key of the authority's certificate, in PEM, in that configMap or secret.
  package var caKey = CommonDefaults.caKey
  /// The name Vault's certificate is checked against, where it is not the address's host.
  package var tlsServerName = ""
  /// Leaves Vault's certificate unchecked: anyone in between can then read and change every secret.
  package var tlsSkipVerify = false

  // Login

  /// Where the Kubernetes auth method is mounted, without `auth/`.
  package var kubernetesAuthPath = "kubernetes"
  /// Where the AppRole auth method is mounted, without `auth/`.
  package var approleAuthPath = "approle"
  /// The file on the secrets volume that holds the AppRole's role id.
  package var approleRoleIDFile = "approle_roleid"
  /// The file on the secrets volume that holds the AppRole's secret id.
  package var approleSecretIDFile = "approle_secretid"
  /// How long the projected service-account token lives; the kubelet renews it before.
  package var tokenExpirationSeconds = 3607
  /// The audience of the projected token; empty is the API server.
  package var tokenAudience = ""

  // Agent

  /// `trace`, `debug`, `info`, `warn` or `error`.
  package var logLevel = CommonDefaults.logLevel
  /// `json` or `standard`.
  package var logFormat = "json"
  /// How often secrets that carry no lease, such as those of the KV engine, are read again.
  package var renderInterval = "5m"
  /// How long a template waits for its secrets to settle, at least and at most.
  package var settleMinimum = "1s"
  package var settleMaximum = "2s"
  /// The mode of the rendered files, in octal.
  package var filePermissions = "0644"
  package var agentResources = Resources(
    requestsCPU: "160m", requestsMemory: "65Mi", limitsCPU: "200m", limitsMemory: "80Mi")

  // Sidecars

  package var sidecars = CommonDefaults.sidecars
  /// How many seconds a native sidecar may take until the secrets are there, before it is started again.
  package var startupSeconds = CommonDefaults.startupSeconds
  /// How many seconds the babysitter waits between two looks at its pod.
  package var babysitterInterval = 5
  /// The babysitter runs Vault's program once in a while, which takes as much memory as the agent.
  package var babysitterResources = Resources(
    requestsCPU: "100m", requestsMemory: "65Mi", limitsCPU: "200m", limitsMemory: "80Mi")
  /// The environment helper is written by a shell before the application starts.
  package var environmentHelperResources = Resources(
    requestsCPU: "10m", requestsMemory: "10Mi", limitsCPU: "100m", limitsMemory: "25Mi")

  // Security

  /// The user the injected containers run as; nil leaves it to the cluster, as OpenShift wants it.
  package var runAsUser: Int? = CommonDefaults.runAsUser
  /// The group they run as; nil leaves it to the cluster.
  package var runAsGroup: Int? = CommonDefaults.runAsGroup
  /// The size of the memory-backed volume the secrets are written to.
  package var secretsVolumeSize = "16Mi"
  /// The size of the memory-backed volume for the agent's own configuration and token.
  package var agentVolumeSize = "4Mi"

  // Names in manifests

  package var annotationPrefix = "sidecar.vault.talend.org"
  package var applicationLabel = "com.talend.application"
  package var serviceLabel = "com.talend.service"

  package init() {}
}

/// Which settings fill in what.
extension TalendSettings: DialectSettings {
  package static let dialect = "talend"

  package static let uses: [SettingUse<TalendSettings>] =
    (vault + images + agent + helpers + pod).map(\.ofBuiltInContainers) + everyInjection

  private static let vault: [SettingUse<TalendSettings>] = [
    .common("vault.address", \.vaultAddress),
    .common("vault.namespace", \.vaultNamespace),
    .common("vault.tls.skipVerify", \.tlsSkipVerify),
    .common("vault.tls.serverName", \.tlsServerName),
    .common("vault.tls.caConfigMap", \.caConfigMap),
    .common("vault.tls.caSecret", \.caSecret),
    .common("vault.tls.caKey", \.caKey),
    .common("auth.kubernetes.path", \.kubernetesAuthPath),
    .common("auth.approle.path", \.approleAuthPath),
    .common("auth.approle.roleIdFile", \.approleRoleIDFile),
    .common("auth.approle.secretIdFile", \.approleSecretIDFile),
  ]

  private static let images: [SettingUse<TalendSettings>] = [
    .common("image", \.image),
    .common("imagePullPolicy", \.imagePullPolicy),
    .common("imagePullSecrets", \.imagePullSecrets),
    .common("program", \.program),
    .common("renderer", \.renderer),
    .common("consulTemplate.image", \.consulTemplateImage),
  ]

  private static let agent: [SettingUse<TalendSettings>] = [
    .common("agent.logLevel", \.logLevel),
    .common("agent.logFormat", \.logFormat),
    .common("agent.resources.requests.cpu", \.agentResources.requestsCPU),
    .common("agent.resources.requests.memory", \.agentResources.requestsMemory),
    .common("agent.resources.limits.cpu", \.agentResources.limitsCPU),
    .common("agent.resources.limits.memory", \.agentResources.limitsMemory),
    .common("templates.renderInterval", \.renderInterval),
    .common("templates.wait.min", \.settleMinimum),
    .common("templates.wait.max", \.settleMaximum),
    .common("templates.permissions", \.filePermissions),
    .common("startupSeconds", \.startupSeconds),
  ]

  private static let helpers: [SettingUse<TalendSettings>] = [
    .common("babysitter.intervalSeconds", \.babysitterInterval),
    .common("babysitter.resources.requests.cpu", \.babysitterResources.requestsCPU),
    .common("babysitter.resources.requests.memory", \.babysitterResources.requestsMemory),
    .common("babysitter.resources.limits.cpu", \.babysitterResources.limitsCPU),
    .common("babysitter.resources.limits.memory", \.babysitterResources.limitsMemory),
    .common("environmentHelper.image", \.environmentHelperImage),
    .common("environmentHelper.resources.requests.cpu", \.environmentHelperResources.requestsCPU),
    .common("environmentHelper.resources.requests.memory", \.environmentHelperResources.requestsMemory),
    .common("environmentHelper.resources.limits.cpu", \.environmentHelperResources.limitsCPU),
    .common("environmentHelper.resources.limits.memory", \.environmentHelperResources.limitsMemory),
  ]

  private static let pod: [SettingUse<TalendSettings>] = [
    .common("entrypoints", \.entrypoints),
    .common("imageConfigs", \.imageConfigs),
    .common("security.runAsUser", \.runAsUser),
    .common("security.runAsGroup", \.runAsGroup),
    .common("volumes.secretsSize", \.secretsVolumeSize),
    .common("volumes.agentSize", \.agentVolumeSize),
  ]

  /// What counts beside the webhook's own configuration, too.
  private static let everyInjection: [SettingUse<TalendSettings>] = [
    .common("token.expirationSeconds", \.tokenExpirationSeconds),
    .common("token.audience", \.tokenAudience),
    .common("sidecars", \.sidecars),
    .own(
      "talend.annotationPrefix", .text(.annotationPrefix), \.annotationPrefix,
      "What stands before the slash in the annotations; empty for annotations without a slash."),
    .own(
      "talend.labels.application", .text(.nonEmpty), \.applicationLabel,
      "The label that names the application: the default role, and part of the default path.",
      like: "app.kubernetes.io/part-of"),
    .own(
      "talend.labels.service", .text(.nonEmpty), \.serviceLabel,
      "The label that names the service: part of the default path.", like: "app.kubernetes.io/name"),
  ]
}

extension TalendSettings.Renderer: SettingContent {}
