internal import ManifestText

/// The containers and volumes of a policy, asked of the code that injects.
///
/// What it answers is taken apart, and put together again for pods of every kind (``check(_:)``): where that is anything
/// but what the code gives for such a pod, no policy is made.
struct TalendAgents {
  /// What a pod decides, and the expressions that tell it.
  enum Told {
    static let role = CELMark("VAULTINJECTROLE", "variables.roleText")
    static let image = CELMark("VAULTINJECTIMAGE", "variables.image")
    static let tokenVolume = CELMark("VAULTINJECTTOKEN", "variables.tokenVolume")
    static let port = CELMark("VAULTINJECTPORT", "variables.port")
    static let destination = CELMark("VAULTINJECTDESTINATION", "variables.destinationTexts[i]")
    static let contents = CELMark("VAULTINJECTCONTENTS", "variables.contentTexts[i]")
    static let command = CELMark("VAULTINJECTCOMMAND", "variables.commandTexts[?i].orValue('')")
    static let stanzas = "variables.stanzas"
    static let probe = "variables.probe"
    static let awaitedFiles = "variables.awaitedFiles"
    static func script(_ name: String) -> (text: String, configuration: CELMark, end: CELMark) {
      (
        "variables.\(name)Script", CELMark("VAULTINJECTCONFIGURATION", "variables.\(name)Configuration"),
        CELMark("VAULTINJECTEND", "variables.\(name)End")
      )
    }
  }

  /// What a pod is like.
  enum When {
    static let keepsFiles = "variables.keepsFiles"
    static let wantsProxy = "variables.wantsProxy"
    static let isNative = "variables.isNative"
    static let hasCommand = "\(Told.command.expression) != ''"
    static let runsAny = "variables.runsAny"
    static let lacksSecretsVolume = "variables.lacksSecretsVolume"
    static let lacksToken = "variables.lacksToken"
    static let awaitsOne = "variables.awaitedFiles.size() == 1"
  }

  let settings: TalendSettings
  let containers: BuiltInContainers
  let hcl: AgentHCL

  init(_ settings: TalendSettings) {
    self.settings = settings
    containers = BuiltInContainers(settings)
    hcl = AgentHCL(settings)
  }

  /// Adds the variables `agent`, `initAgent` and `volumes`, and those they are made of.
  /// - Throws: A `Diagnostic` where these would not be what the code that injects gives.
  func add(to terms: inout TalendTerms) throws(Diagnostic) {
    let trees = Trees(self)
    try check(trees)
    addFacts(to: &terms)
    terms.add(
      "stanzas", "lists.range(variables.destinations.size()).map(i, \(trees.stanza.expression(indent: 2))).join()")
    for (name, configuration, script) in [
      (Self.agentName, trees.configuration, trees.script),
      (Self.initAgentName, trees.initConfiguration, trees.initScript),
    ] {
      terms.add("\(name)Configuration", configuration.expression())
      terms.add("\(name)End", Self.end(of: "variables.\(name)Configuration"))
      terms.add("\(name)Script", script.expression())
    }
    terms.add("awaitedFiles", awaitedFiles)
    terms.add("probe", trees.probe.expression())
    terms.add(Self.agentName, trees.agent.expression())
    terms.add(Self.initAgentName, trees.initAgent.expression())
    terms.add("volumes", trees.volumes.expression())
  }

  /// What there is to say about the containers whatever the pod.
  var findings: [Diagnostic] {
    let brought =
      containers.brought(for: needs()).sidecars
      + containers.brought(for: needs { $0.rendering = .once }).initContainers
    return brought.flatMap { InjectedContainer($0).findings(at: nil) }
  }

  private func addFacts(to terms: inout TalendTerms) {
    terms.add("runsAny", "variables.wantsSecrets || variables.wantsProxy")
    terms.add(
      "lacksSecretsVolume",
      """
      (variables.wantsSecrets || (variables.containers + variables.initContainers).exists(c, \(Self.mountsSecrets))) &&
        !(\(CELText.string(TalendPod.secretsVolume)) in variables.volumeNames)
      """)
    let isToken = "variables.tokenVolume == \(CELText.string(BuiltInVolumes.token))"
    terms.add("lacksToken", isToken)
    addTaken(to: &terms)
    let image = TalendTerms.text(TalendTable.image)
    terms.add("image", "\(image) == '' ? \(CELText.string(usualImage)) : \(image)")
    terms.add("port", terms.orUsual(TalendTable.proxyPort))
    terms.add("roleText", TalendQuoting.hcl("variables.loginRole"))
    terms.add("destinationTexts", "variables.destinations.map(d, \(TalendQuoting.hcl("d")))")
    terms.add("contentTexts", "variables.contents.map(c, \(TalendQuoting.contents("c")))")
    terms.add("commandTexts", "variables.commands.map(c, \(TalendQuoting.hcl("c")))")
  }
}

// MARK: - Questions

extension TalendAgents {
  /// A file, and one without a command.
  static let file = TalendTemplate(
    destination: Told.destination.text, content: Told.contents.text, command: Told.command.text)

  /// A pod that has everything: an agent that keeps a file and is a proxy.
  func needs(_ change: (inout TalendNeeds) -> Void = { _ in }) -> TalendNeeds {
    var needs = TalendNeeds(login: .kubernetes(role: Told.role.text))
    needs.files = [Self.file]
    needs.proxyPort = Told.port.text
    needs.image = Told.image.text
    needs.agentToken = Told.tokenVolume.text
    change(&needs)
    return needs
  }

  /// Adds what the pod has in the place of what is to be added: names of containers and volumes, and mounts.
  private func addTaken(to terms: inout TalendTerms) {
    let always = containers.brought(for: needs()).volumes.compactMap { $0["name"]?.string }
      .filter { ![BuiltInVolumes.secrets, BuiltInVolumes.token].contains($0) }
    let (agent, initAgent) = (CELText.string(BuiltInNames.agent), CELText.string(BuiltInNames.initAgent))
    let all = "(variables.containers + variables.initContainers)"
    terms.add(
      "takenContainers",
      """
      \(all).map(c, c.name).filter(name,
        variables.runsAgent && name == \(agent) || variables.rendersOnce && name == \(initAgent))
      """)
    terms.add(
      "takenVolumes",
      """
      variables.volumeNames.filter(name, variables.runsAny &&
        (name in \(CELText.list(always)) || variables.lacksToken && name == \(CELText.string(BuiltInVolumes.token))))
      """)
    terms.add(
      "takenPaths",
      """
      \(all).filter(c, variables.wantsSecrets && !\(Self.mountsSecrets) &&
        c.?volumeMounts.orValue([]).exists(m, m.mountPath == \(CELText.string(TalendPod.secretsPath)))).map(c, c.name)
      """)
  }

  /// True for a container that mounts the secrets by itself.
  static let mountsSecrets =
    "c.?volumeMounts.orValue([]).exists(m, m.name == \(CELText.string(TalendPod.secretsVolume)))"

  func sidecar(_ needs: TalendNeeds) -> Value {
    let sidecars = containers.brought(for: needs).sidecars
    precondition(sidecars.count == 1, "an agent is not one container")
    return sidecars[0]
  }

  private var usualImage: String {
    guard let image = sidecar(needs { $0.image = nil })["image"]?.string else {
      preconditionFailure("a container has no image")
    }
    return image
  }
}
