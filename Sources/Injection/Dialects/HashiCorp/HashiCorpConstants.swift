internal import ManifestText

/// What is the same in every pod that does not want it otherwise, put together once.
struct HashiCorpConstants: Sendable {
  /// The pod's own fields in the agents' environment.
  let fields: [Value]
  /// The volumes with the service account's token, for the agents' own files, and for the secrets.
  let token, initHome, sidecarHome, secrets: Value
  let mounts: HashiCorpMounts
  /// What agents may take and ask for; nil where the settings do not say it properly.
  let resources: Value?
  /// The same for what brings a program for variables.
  let environmentHelperResources: Value?
  private let securityContext: Value
  private let user, group: Int64?

  init(_ settings: HashiCorpSettings, _ brand: AgentBrand, isExact: Bool) {
    fields = HashiCorpEnvironment.fields(isExact: isExact)
    token = HashiCorpVolumes.projectedToken(settings, brand)
    initHome = HashiCorpVolumes.memory("home-init", size: settings.agentVolumeSize)
    sidecarHome = HashiCorpVolumes.memory("home-sidecar", size: settings.agentVolumeSize)
    secrets = HashiCorpVolumes.memory(brand.secretsVolume, size: settings.secretsVolumeSize)
    mounts = HashiCorpMounts(brand)
    resources = try? HashiCorpConstants.resources(settings.resources)
    environmentHelperResources = try? HashiCorpConstants.resources(
      HashiCorpSettings.Resources(settings.environmentHelperResources))
    (user, group) = (Int64(settings.runAsUser), Int64(settings.runAsGroup))
    securityContext = HashiCorpAgents.securityContext(user: user, group: group, isExact: isExact)
  }

  private static func resources(_ amounts: HashiCorpSettings.Resources) throws(GoParse.Failure) -> Value {
    let parse = AnnotationType<Value?>.quantity.parse
    return HashiCorpAgents.resources(
      limits: [
        try parse(amounts.limitsCPU), try parse(amounts.limitsMemory), try parse(amounts.limitsEphemeralStorage),
      ],
      requests: [
        try parse(amounts.requestsCPU), try parse(amounts.requestsMemory), try parse(amounts.requestsEphemeralStorage),
      ])
  }

  /// All of them.
  var all: [Value] {
    fields + [token, initHome, sidecarHome, secrets, securityContext]
      + [resources, environmentHelperResources].compactMap(\.self) + mounts.all
  }

  /// The security context of agents that run as this user in this group; nil where that is not always the same.
  func securityContext(user: Int64?, group: Int64?) -> Value? {
    user == self.user && group == self.group ? securityContext : nil
  }
}

/// Where volumes are mounted in most pods.
struct HashiCorpMounts: Sendable {
  let initHome, sidecarHome, secrets, token: Value

  init(_ brand: AgentBrand) {
    initHome = Value.mount("home-init", brand.home)
    sidecarHome = Value.mount("home-sidecar", brand.home)
    secrets = Value.mount(brand.secretsVolume, HashiCorpPaths.secrets)
    token = HashiCorpToken.projected(brand).mount
  }

  var all: [Value] { [initHome, sidecarHome, secrets, token] }
}

extension HashiCorpSettings.Resources {
  fileprivate init(_ helper: HashiCorpSettings.HelperResources) {
    self.init(
      requestsCPU: helper.requestsCPU, requestsMemory: helper.requestsMemory, limitsCPU: helper.limitsCPU,
      limitsMemory: helper.limitsMemory)
  }
}
