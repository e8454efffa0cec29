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
      "The label that names the application: the default role, and part of the default path."),
    .own(
      "talend.labels.service", .text(.nonEmpty), \.serviceLabel,
      "The label that names the service: part of the default path."),
  ]
}

extension TalendSettings.Renderer: SettingContent {}
