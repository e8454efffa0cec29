internal import ManifestText

extension HashiCorpDialect: GuardableDialect {
  /// How pods ask, and what their agents have to be like.
  package var guardFacts: GuardFacts {
    GuardFacts(
      dialect: name, injector: HashiCorpDialect.injector,
      // The injector takes an empty text for no.
      request: GuardFacts.Request(requestKey, yes: GoParse.trueWords, no: [""] + GoParse.falseWords),
      statusKey: statusKey,
      agents: [HashiCorpAgents.Name.initContainer.rawValue, HashiCorpAgents.Name.sidecar.rawValue],
      // A patch of the pod's may call an agent otherwise.
      agentVolumes: HashiCorpVolumes.homes,
      images: [AgentImage(repositoryOf: CommonDefaults.effectiveImage(settings.operatorSettings.image))],
      address: settings.choosesAddress ? address : nil)
  }

  private var address: GuardFacts.Address {
    GuardFacts.Address(
      settings.operatorSettings.vaultAddress, in: "VAULT_ADDR",
      orIn: ("VAULT_CONFIG", AgentConfiguration.marks(ofAddress: settings.operatorSettings.vaultAddress)),
      unless: HashiCorpDialect.fullKey(HashiCorpTable.service.key))
  }
}
