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

  // Vault

  package var vaultAddress = CommonDefaults.vaultAddress
  package var vaultNamespace = ""
  /// The configMap that holds the certificate authority of Vault's certificate; empty if none.
  package var caConfigMap = ""
  /// The secret that holds it, where it is no configMap.
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
  package var revokeOnShutdown = false
  package var disableIdleConnections: [String] = []
  package var disableKeepAlives: [String] = []
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
