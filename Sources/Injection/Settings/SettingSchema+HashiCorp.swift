/// The settings of HashiCorp's dialect alone; those it shares with Talend's stand in the other rows.
///
/// The webhook starts with any of them and says of each pod what is wrong with a value, or goes by it unread; so
/// nothing is refused here that it takes.
extension SettingSchema {
  static let hashicorp: [Setting] = hashicorpLogin + hashicorpAgent + hashicorpTemplates + hashicorpPod

  private static let hashicorpLogin: [Setting] = [
    .text(
      "hashicorp.auth.type", \.hashicorp.authType, .anything,
      "The auth method the agents log in with; empty is kubernetes.",
      for: .everyInjection),
    .text(
      "hashicorp.auth.path", \.hashicorp.authPath, .anything,
      "Where the auth method is mounted, with auth/ in front.", for: .everyInjection),
    .text(
      "hashicorp.auth.minBackoff", \.hashicorp.authMinBackoff, .anything,
      "How long an agent waits after a failed login, at first; empty leaves it to the agent.", for: .everyInjection),
    .text(
      "hashicorp.auth.maxBackoff", \.hashicorp.authMaxBackoff, .anything,
      "How long it waits at most; empty leaves it to the agent.", for: .everyInjection),
    .integer(
      "hashicorp.token.expirationSeconds", \.hashicorp.tokenExpirationSeconds, 600...4_294_967_296,
      "How long the projected service-account token lives; the kubelet renews it before.", for: .everyInjection),
    .text(
      "hashicorp.proxyAddress", \.hashicorp.proxyAddress, .anything,
      "The HTTP proxy between the agents and Vault; empty if there is none.", for: .everyInjection),
    .text(
      "hashicorp.caCertBytes", \.hashicorp.caCertBytes, .anything,
      "The certificate authority of Vault's certificate itself, in PEM or that in base64; empty if there is none.",
      for: .everyInjection),
  ]

  private static let hashicorpAgent: [Setting] = [
    .boolean(
      "hashicorp.revokeOnShutdown", \.hashicorp.revokeOnShutdown,
      "Revokes the agent's token when the pod ends.", for: .everyInjection),
    .list(
      "hashicorp.disableIdleConnections", \.hashicorp.disableIdleConnections,
      "The parts of the agent that close connections they do not use: auto-auth, caching, proxying, templating.",
      for: .everyInjection),
    .list(
      "hashicorp.disableKeepAlives", \.hashicorp.disableKeepAlives,
      "The parts of the agent that take a new connection for each request.", for: .everyInjection),
  ]

  private static let hashicorpTemplates: [Setting] = [
    .suggestion(
      "hashicorp.defaultTemplate", \.hashicorp.defaultTemplate, ["map", "json"],
      "What files hold where a pod brings no template: key: value lines, or JSON.", for: .everyInjection),
    .boolean(
      "hashicorp.exitOnRetryFailure", \.hashicorp.exitOnRetryFailure,
      "Ends the agent, to be started again, where a secret cannot be had after some attempts.", for: .everyInjection),
    .text(
      "hashicorp.staticSecretRenderInterval", \.hashicorp.staticSecretRenderInterval, .anything,
      "How often secrets without a lease are read again; empty leaves it to the agent.", for: .everyInjection),
    .integer(
      "hashicorp.maxConnectionsPerHost", \.hashicorp.maxConnectionsPerHost, 0...2_147_483_647,
      "How many connections the templates may open to Vault; 0 leaves it to the agent.", for: .everyInjection),
  ]

  private static let hashicorpPod: [Setting] = [
    .text(
      "hashicorp.resources.requests.cpu", \.hashicorp.resources.requestsCPU, .anything,
      "The CPU an agent asks for.", for: .everyInjection),
    .text(
      "hashicorp.resources.requests.memory", \.hashicorp.resources.requestsMemory, .anything,
      "The memory it asks for.", for: .everyInjection),
    .text(
      "hashicorp.resources.requests.ephemeralStorage", \.hashicorp.resources.requestsEphemeralStorage,
      .anything, "The disk space it asks for.", for: .everyInjection),
    .text(
      "hashicorp.resources.limits.cpu", \.hashicorp.resources.limitsCPU, .anything,
      "The CPU it may take.", for: .everyInjection),
    .text(
      "hashicorp.resources.limits.memory", \.hashicorp.resources.limitsMemory, .anything,
      "The memory it may take.", for: .everyInjection),
    .text(
      "hashicorp.resources.limits.ephemeralStorage", \.hashicorp.resources.limitsEphemeralStorage,
      .anything, "The disk space it may take.", for: .everyInjection),
    .id(
      "hashicorp.security.runAsUser", \.hashicorp.runAsUser,
      "The user the agents run as; off leaves it to the cluster, as OpenShift wants it.", for: .everyInjection),
    .id(
      "hashicorp.security.runAsGroup", \.hashicorp.runAsGroup,
      "The group the agents run as; off leaves it to the cluster.", for: .everyInjection),
    .boolean(
      "hashicorp.security.runAsSameUser", \.hashicorp.runAsSameUser,
      "Runs the agents as the user of the pod's first container.", for: .everyInjection),
    .boolean(
      "hashicorp.security.setSecurityContext", \.hashicorp.setsSecurityContext,
      "Gives the agents a security context; without one, the cluster's defaults hold.", for: .everyInjection),
  ]
}
