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

  package var vaultAddress = "http://vault.vault.svc:8200"
  package var vaultNamespace = ""
  /// The configMap that holds the certificate authority of Vault's certificate; empty if none.
  package var caConfigMap = ""
  /// The secret that holds it, where it is no configMap.
  package var caSecret = ""
  /// The key of the authority's certificate in that configMap or secret.
  package var caKey = "ca.crt"
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

  /// What is taken where an operator empties the image.
  package static let defaultImage = "hashicorp/vault:2.0.4"

  package var image = HashiCorpSettings.defaultImage
  /// The name of the Vault program in `image`; `bao` for OpenBao's images.
  package var program = "vault"
  package var imagePullSecrets: [String] = []
  package var resources = Resources()
  package var revokeOnShutdown = false
  package var disableIdleConnections: [String] = []
  package var disableKeepAlives: [String] = []
  package var sidecars = Sidecars.container
  /// How many seconds a native sidecar may take until the secrets are there, before it is started again.
  package var startupSeconds = 300

  // Templates

  /// `map` or `json`.
  package var defaultTemplate = "map"
  package var exitOnRetryFailure = true
  package var staticSecretRenderInterval = ""
  package var maxConnectionsPerHost = 0

  // Security

  /// Stands for a user or group that the cluster chooses.
  package static let leftToTheCluster = "off"

  /// A number, or `off`; empty is 100.
  package var runAsUser = "100"
  /// A number, or `off`; empty is 1000.
  package var runAsGroup = "1000"
  package var runAsSameUser = false
  package var setsSecurityContext = true

  package init() {}
}
