internal import ManifestText

extension TalendAgents {
  /// What the code that injects has answered.
  struct Trees {
    let stanza, configuration, initConfiguration, script, initScript, probe, agent, initAgent, volumes: CELTree

    init(_ agents: TalendAgents) {
      stanza = agents.stanza
      configuration = agents.configuration
      initConfiguration = agents.initConfiguration
      script = agents.script(TalendAgents.agentName)
      initScript = agents.script(TalendAgents.initAgentName)
      probe = agents.probe
      agent = agents.agent
      initAgent = agents.initAgent
      volumes = agents.volumes
    }
  }

  /// What the variables of the two agents are called.
  static let agentName = "agent"
  static let initAgentName = "initAgent"
}

// MARK: - Answers

extension TalendAgents {
  /// What stands for one file in the configuration of an agent.
  fileprivate var stanza: CELTree {
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
  fileprivate var configuration: CELTree {
    func tree(_ needs: TalendNeeds) -> CELTree { read(configuration: hcl.sidecar(needs)) }
    return tree(needs())
      .having(When.keepsFiles, without: tree(needs { $0.files = [] }))
      .having(When.wantsProxy, without: tree(needs { $0.proxyPort = nil }))
  }

  /// The configuration of an agent that ends.
  fileprivate var initConfiguration: CELTree { read(configuration: hcl.once(needs())) }

  /// The script of a container, around its configuration.
  fileprivate func script(_ name: String) -> CELTree {
    let told = Told.script(name)
    let script = AgentScript.agent(program: settings.program, once: name == Self.initAgentName)
    return CELTree(
      text: script.text(told.configuration.text, endingWith: told.end.text), [told.configuration, told.end])
  }

  /// The lines after a configuration that are tried, the last of which stands in no template.
  static let ends: [String] = (0..<3).reduce(into: [AgentScript.mark(for: "")]) { ends, _ in
    ends.append(AgentScript.mark(for: ends.map { $0 + "\n" }.joined()))
  }

  static func end(of configuration: String) -> String {
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
  fileprivate var agent: CELTree {
    func tree(_ change: (inout TalendNeeds) -> Void) -> CELTree {
      read(container: sidecar(needs(change)), Self.agentName)
    }
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
  fileprivate var initAgent: CELTree {
    let brought = containers.brought(
      for: needs {
        $0.rendering = .once
        $0.proxyPort = nil
      })
    precondition(brought.initContainers.count == 1, "an agent that ends is not one container")
    return read(container: brought.initContainers[0], Self.initAgentName)
  }

  /// All volumes that a pod may get.
  fileprivate var volumes: CELTree {
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
  static let toldDigits =
    "('0000' + '%X'.format([int(variables.port)])).substring('%X'.format([int(variables.port)]).size())"

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
  var awaitedFiles: String {
    let path = CELTree(text: awaited(probe(files: 1)), [CELMark(Told.destination.text, "d")])
    let token = CELText.list([awaited(probe(files: 0))])
    let files = "variables.destinations.map(d, \(path.expression())).map(f, \(TalendQuoting.probe("f")))"
    return "\(When.keepsFiles) ? \(files) : \(token)"
  }

  /// When a native sidecar has started.
  fileprivate var probe: CELTree {
    let file = CELMark(awaited(probe(files: 1)), Told.awaitedFiles, .list)
    func tree(files: Int, port: Int? = nil) -> CELTree {
      CELTree(probe(files: files, port: port), [file, CELMark(Self.portDigits, Self.toldDigits)])
    }
    return tree(files: 1, port: Self.port).having(
      When.wantsProxy, without: tree(files: 1).having(When.awaitsOne, without: tree(files: 2)))
  }
}
