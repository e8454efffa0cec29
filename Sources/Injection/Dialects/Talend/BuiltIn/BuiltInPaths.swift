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
  /// That of the service account's token, unless the pod mounts one.
  static let token = "tvsi-sa-token"
  /// The file in it that agents log in with, and the one for the API server, where that is another.
  static let loginToken = "token"
  static let apiToken = "api-token"
}

/// What the built-in containers are called, as those of the webhook are that do the same.
enum BuiltInNames {
  static let initAgent = "tvsi-vault-agent-init"
  static let environmentHelper = "tvsi-env-init"
  static let babysitter = "tvsi-job-babysitter"
  static let agent = "tvsi-vault-agent"
  static let consulTemplate = "tvsi-consul-template"
  static let all = [initAgent, environmentHelper, babysitter, agent, consulTemplate]
}
