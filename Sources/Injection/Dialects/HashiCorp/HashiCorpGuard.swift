internal import ManifestText

extension AgentDialect {
  private var brand: AgentBrand { settings.brand }

  /// How pods ask, and what their agents have to be like.
  package var guardFacts: GuardFacts {
    GuardFacts(
      dialect: name, injector: brand.words.injector,
      // The injector takes an empty text for no.
      request: GuardFacts.Request(
        guardKey(HashiCorpTable.inject.key), yes: GoParse.trueWords, no: [""] + GoParse.falseWords),
      statusKey: guardKey(HashiCorpTable.status.key),
      agents: [brand.initContainer, brand.sidecar],
      // A patch of the pod's may call an agent otherwise.
      agentVolumes: HashiCorpVolumes.homes,
      images: [AgentImage(repositoryOf: settings.image)],
      address: settings.choosesAddress ? address : nil, idleness: idleness)
  }

  /// The agent before the application is turned off, and so is the one beside it.
  private var idleness: GuardFacts.Idleness {
    let before = guardKey(HashiCorpTable.prePopulate.key)
    let only = guardKey(HashiCorpTable.prePopulateOnly.key)
    return GuardFacts.Idleness(
      // The injector takes an empty text for no.
      clauses: [(before, .isThere([""] + GoParse.falseWords)), (only, .isOne(of: GoParse.trueWords))],
      remedy: [
        "the annotations ", .key(before), " and ", .key(only), " leave no agent to inject: remove one of them",
      ])
  }

  private var address: GuardFacts.Address {
    GuardFacts.Address(
      settings.operatorSettings.vaultAddress, in: brand.variables.address,
      orIn: (
        brand.variables.configuration, AgentConfiguration.marks(ofAddress: settings.operatorSettings.vaultAddress)
      ),
      unless: guardKey(HashiCorpTable.service.key))
  }

  /// An annotation under the injector's prefix, or under the other one that counts as its own.
  private func guardKey(_ key: String) -> GuardFacts.Key {
    GuardFacts.Key(brand.fullKey(key), or: settings.former.map { "\($0.prefix)/\(key)" })
  }
}
