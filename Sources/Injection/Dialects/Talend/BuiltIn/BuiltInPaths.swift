/// Where the built-in containers find and put things.
enum BuiltInPaths {
  static let secrets = "/opt/talend/secrets"
  static let shared = "/opt/talend/tvsi"
  static let jobDone = shared + "/job-done"
  static let agentHome = "/home/vault"
  static let agentToken = agentHome + "/token"
  static let certificateAuthority = "/opt/talend/vault-ca"
  static let vaultServiceAccount = "/var/run/secrets/talend/vault-sidecar-injector/serviceaccount"
  static let apiServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount"
}

/// What the built-in volumes are called.
enum BuiltInVolumes {
  static let secrets = "secrets"
  static let shared = "tvsi-shared"
  static let agent = "tvsi-agent"
  static let certificateAuthority = "tvsi-vault-ca"
  /// The engine puts the name of the volume that holds the service account's token in its place.
  static let token = "tvsi-sa-token"
}
