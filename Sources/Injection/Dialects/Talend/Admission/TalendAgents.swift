internal import ManifestText

/// The containers and volumes of a policy, asked of the code that injects.
///
/// What it answers is taken apart, and put together again for pods of every kind (``check()``): where that is anything
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
  func add(to terms: inout TalendTerms) {
    check()
    addFacts(to: &terms)
    terms.add("stanzas", "lists.range(variables.destinations.size()).map(i, \(stanza.expression(indent: 2))).join()")
    for (name, configuration) in [("agent", configuration), ("initAgent", initConfiguration)] {
      terms.add("\(name)Configuration", configuration.expression())
      terms.add("\(name)End", Self.end(of: "variables.\(name)Configuration"))
      terms.add("\(name)Script", script(name).expression())
    }
    terms.add("awaitedFiles", awaitedFiles)
    terms.add("probe", probe.expression())
    terms.add("agent", agent.expression())
    terms.add("initAgent", initAgent.expression())
    terms.add("volumes", volumes.expression())
  }

  /// What there is to say about the containers whatever the pod.
  var findings: [Diagnostic] {
    let brought = containers.brought(for: needs()).sidecars
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


  private func sidecar(_ needs: TalendNeeds) -> Value {
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

// MARK: - Answers

extension TalendAgents {
  /// What stands for one file in the configuration of an agent.
  var stanza: CELTree {
    let literal = HCLText.literal(lines: Told.contents.text)
    let marks = [Told.destination, Told.command, CELMark(literal, Told.contents.expression)]
    func tree(_ file: TalendTemplate) -> CELTree { CELTree(text: hcl.templates([file]), marks) }
    var silent = Self.file
    silent.command = ""
    return tree(Self.file).having(When.hasCommand, without: tree(silent))
  }

  private func read(configuration: String) -> CELTree {
    CELTree(text: configuration, [CELMark(hcl.templates([Self.file]), Told.stanzas), Told.role, Told.port])
  }

  /// The configuration of an agent that stays.
  var configuration: CELTree {
    func tree(_ needs: TalendNeeds) -> CELTree { read(configuration: hcl.sidecar(needs)) }
    return tree(needs())
      .having(When.keepsFiles, without: tree(needs { $0.files = [] }))
      .having(When.wantsProxy, without: tree(needs { $0.proxyPort = nil }))
  }

  /// The configuration of an agent that ends.
  var initConfiguration: CELTree { read(configuration: hcl.once(needs())) }

  /// The script of a container, around its configuration.
  func script(_ name: String) -> CELTree {
    let told = Told.script(name)
    let script = AgentScript.agent(program: settings.program, once: name == "initAgent")
    return CELTree(
      text: script.text(told.configuration.text, endingWith: told.end.text), [told.configuration, told.end])
  }

  /// The lines after a configuration that are tried, the last of which stands in no template.
  static let ends: [String] = (0..<3).reduce(into: [AgentScript.mark(for: "")]) { ends, _ in
    ends.append(AgentScript.mark(for: ends.map { $0 + "\n" }.joined()))
  }

  private static func end(of configuration: String) -> String {
    let last = CELText.string(ends[ends.count - 1])
    return ends.dropLast().reversed().reduce(last) {
      "!\(configuration).contains(\(CELText.string($1 + "\n"))) ? \(CELText.string($1)) :\n\($0)"
    }
  }

  /// A container without its script and its probe, which have variables of their own.
  private func read(container: Value, _ name: String) -> CELTree {
    let (script, probe) = ("VAULTINJECTSCRIPT", "VAULTINJECTPROBE")
    var container = container
    guard var command = container["command"]?.array, command.count == 3 else {
      preconditionFailure("a container is not started by a script")
    }
    command[2] = .string(script)
    container["command"] = .array(command)
    if container["startupProbe"] != nil { container["startupProbe"] = .string(probe) }
    return CELTree(
      container,
      [CELMark(script, Told.script(name).text), CELMark(probe, Told.probe, .value), Told.image, Told.tokenVolume])
  }

  /// The agent that stays, as a container or natively.
  var agent: CELTree {
    func tree(_ change: (inout TalendNeeds) -> Void) -> CELTree { read(container: sidecar(needs(change)), "agent") }
    return tree { $0.isNative = true }
      .having(When.isNative, without: tree { $0.isNative = false })
      .having(
        When.keepsFiles,
        without: tree {
          $0.isNative = true
          $0.files = []
        })
  }

  /// The agent that ends.
  var initAgent: CELTree {
    let brought = containers.brought(
      for: needs {
        $0.rendering = .once
        $0.proxyPort = nil
      })
    precondition(brought.initContainers.count == 1, "an agent that ends is not one container")
    return read(container: brought.initContainers[0], "initAgent")
  }

  /// All volumes that a pod may get.
  var volumes: CELTree {
    func tree(_ change: (inout TalendNeeds) -> Void) -> CELTree {
      let needs = needs {
        $0.agentToken = BuiltInVolumes.token
        change(&$0)
      }
      return CELTree(.array(containers.brought(for: needs).volumes), [])
    }
    return tree { _ in }
      .having(When.lacksSecretsVolume, without: tree { $0.bringsSecrets = true })
      .having(When.lacksToken, without: tree { $0.agentToken = Told.tokenVolume.text })
      .having(
        When.runsAny,
        without: tree {
          $0.files = []
          $0.proxyPort = nil
          $0.mountsSecrets = true
        })
  }
}

// MARK: - The startup probe

extension TalendAgents {
  private static let port = 54_321
  private static let portDigits = "D431"
  static let toldDigits = "('0000' + '%X'.format([int(variables.port)])).substring('%X'.format([int(variables.port)]).size())"

  private func probe(files: Int, port: Int? = nil) -> Value {
    let needs = needs {
      $0.files = Array(repeating: Self.file, count: files)
      $0.proxyPort = port.map(String.init)
    }
    return TalendStartupProbe(settings).agent(needs, writesFiles: files > 0)
  }

  /// The last argument of a probe: a file.
  private func awaited(_ probe: Value) -> String {
    guard let file = probe["exec"]?["command"]?.array?.last?.string else {
      preconditionFailure("a probe awaits no file")
    }
    return file
  }

  /// What the probe of a native sidecar waits for.
  private var awaitedFiles: String {
    let path = CELTree(text: awaited(probe(files: 1)), [CELMark(Told.destination.text, "d")])
    let token = CELText.list([awaited(probe(files: 0))])
    let files = "variables.destinations.map(d, \(path.expression())).map(f, \(TalendQuoting.probe("f")))"
    return "\(When.keepsFiles) ? \(files) : \(token)"
  }

  /// When a native sidecar has started.
  var probe: CELTree {
    let file = CELMark(awaited(probe(files: 1)), Told.awaitedFiles, .list)
    func tree(files: Int, port: Int? = nil) -> CELTree {
      CELTree(probe(files: files, port: port), [file, CELMark(Self.portDigits, Self.toldDigits)])
    }
    return tree(files: 1, port: Self.port).having(
      When.wantsProxy, without: tree(files: 1).having(When.awaitsOne, without: tree(files: 2)))
  }
}
