internal import ManifestText

extension TalendDialect: GuardableDialect {
  /// How pods ask, and what their agents have to be like.
  package var guardFacts: GuardFacts {
    let agents = [BuiltInNames.initAgent, BuiltInNames.agent]
    return GuardFacts(
      dialect: name, injector: TalendDialect.injector,
      request: GuardFacts.Request(GuardFacts.Key(requestKey), yes: TalendTable.yesWords, ignoresCase: true),
      statusKey: GuardFacts.Key(statusKey),
      agents: agents, images: images(of: agents),
      // The containers of a webhook's configuration bring an address of their own.
      address: settings.choosesAddress && settings.areContainersOurs
        ? GuardFacts.Address(settings.operatorSettings.vaultAddress, in: "VAULT_ADDR") : nil,
      files: GuardFacts.Files(
        in: annotations.fullKey(of: TalendTable.secretsDestination.row), by: agents + [BuiltInNames.consulTemplate],
        "VSI_SECRETS_TEMPLATES_PLACEHOLDER", after: AgentHCL.destinationMark),
      idleness: idleness)
  }

  /// No mode has an agent.
  private var idleness: GuardFacts.Idleness {
    let key = annotations.fullKey(of: TalendTable.mode.row)
    let words = [TalendModes.Word.secrets, .proxy].map(\.rawValue)
    return GuardFacts.Idleness(
      clauses: [(GuardFacts.Key(key), .namesNone(of: words, except: TalendModes.wordsForSecretsToo))],
      remedy: ["the annotation \(key) names no mode that has an agent: write \(words.joined(separator: " or "))"])
  }

  private func images(of agents: [String]) -> [AgentImage] {
    guard let configuration = settings.configuration, configuration.origin == .webhook else {
      return [AgentImage(repositoryOf: CommonDefaults.effectiveImage(settings.operatorSettings.image))]
    }
    let containers = configuration.initContainers + configuration.containers
    let images = containers.filter { agents.contains($0["name"]?.string ?? "") }.compactMap { $0["image"]?.string }
    return images.reduce(into: []) { images, image in
      let image = AgentImage(repositoryOf: image)
      if !images.contains(image) { images.append(image) }
    }
  }
}
