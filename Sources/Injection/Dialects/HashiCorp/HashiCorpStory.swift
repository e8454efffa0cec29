package import ManifestText
package import Workloads

/// What becomes of a pod that HashiCorp's annotations ask for.
struct HashiCorpStory {
  private let pod: HashiCorpPod
  private let annotations: HashiCorpAnnotations
  private let request: HashiCorpRequest
  private let injection: HashiCorpInjection
  private let folders: [String]
  /// The config map of the agents, where the input has it.
  private let configMap: InputConfigMap?

  init(
    _ pod: HashiCorpPod, _ volumes: HashiCorpVolumes, _ injection: HashiCorpInjection,
    beside configMaps: InputConfigMaps
  ) {
    (self.pod, self.injection) = (pod, injection)
    configMap = pod.configMap.flatMap { configMaps.named($0, in: pod.namespace) }
    (annotations, request) = (pod.annotations, pod.request)
    folders = volumes.secretPaths
  }

  func story() throws(Diagnostic) -> PodStory {
    var story = PodStory(
      pod.brand.words.dialect, of: pod.brand.words.injector, pod.template,
      request: annotations.decision("request", "true", HashiCorpTable.inject.row))
    story.files = try files()
    if !injection.added.isEmpty { story.login = try login() }
    try addSteps(to: &story)
    story.events = try events(story)
    story.decisions = try decisions()
    story.configurations = pod.configMap == nil ? generatedConfigurations : configurationFiles
    return story
  }

  private var generatedConfigurations: [PodStory.AgentText] {
    injection.added.compactMap { agent in
      agent.variable(pod.brand.variables.configuration).flatMap(pod.configurationForm.json).map { text in
        PodStory.AgentText(container: agent.name, text: text, value: (try? GoJSON.decode(text))?.value)
      }
    }
  }

  private var configurationFiles: [PodStory.AgentText] {
    pod.agents.compactMap { agent in
      configMap?.file(agent.configurationFile).map { file in
        PodStory.AgentText(container: agent.name(in: pod.brand), text: file.text, value: nil, file: file.name)
      }
    }
  }

  private var initAgent: AddedContainer? { injection.added.first { $0.role == .agentInit } }
  private var sidecar: AddedContainer? { injection.added.first { $0.role == .agent } }
}

// MARK: Login

extension HashiCorpStory {
  private func login() throws(Diagnostic) -> [Decision] {
    guard pod.configMap == nil else { return try configuredLogin() }
    let table = annotations
    var login = [
      table.decision("address", pod.address, HashiCorpTable.service.row),
      table.decision("method", pod.authType, HashiCorpTable.authType.row),
      table.decision("path", pod.authPath, HashiCorpTable.authPath.row),
    ]
    if let role = role { login.append(role) }
    if pod.authType == "kubernetes" || pod.authType == "jwt" {
      login.append(try pod.template.serviceAccount())
      login.append(table.decision("token", request.token.path, HashiCorpTable.tokenVolume.row))
    }
    return login + parameters + vault
  }

  /// What else the auth method is told.
  private var parameters: [Decision] {
    annotations.members(of: HashiCorpTable.authParameter.row).filter { $0.name.underscored != "role" }.map {
      name, value in
      annotations.decision(name.underscored, value.text, HashiCorpTable.authParameter.row, name)
    }
  }

  /// Where a config map says how to log in, only what the agents get beside it is known.
  private func configuredLogin() throws(Diagnostic) -> [Decision] {
    [
      annotations.decision("configuration", "ConfigMap \(pod.configMap ?? "")", HashiCorpTable.configMap.row),
      files(of: configMap),
      annotations.decision("address", pod.address, HashiCorpTable.service.row),
      try pod.template.serviceAccount(),
    ] + vault.filter { $0.subject != "namespace" }
  }

  /// What the config map holds, as far as it is known.
  private func files(of configMap: InputConfigMap?) -> Decision {
    guard let configMap else {
      return Decision("files", "not known", by: .usual("the ConfigMap is not in the same input"))
    }
    let names = configMap.files.map(\.name).joined(separator: ", ")
    return Decision("files", names.isEmpty ? "none" : names, by: .usual("the ConfigMap in the same input"))
  }

  /// The role that the agent is told, by its own annotation or as a parameter of the auth method.
  private var role: Decision? {
    if let role = annotations[HashiCorpTable.role] {
      return annotations.decision("role", role, HashiCorpTable.role.row)
    }
    let role = annotations[HashiCorpTable.authParameter, "role"]
    return role.isEmpty ? nil : annotations.decision("role", role, HashiCorpTable.authParameter.row, "role")
  }

  /// How Vault is reached and trusted; what is empty is left out.
  private var vault: [Decision] {
    let texts = [
      ("namespace", HashiCorpTable.namespace), ("proxy", HashiCorpTable.proxyAddress),
      ("authority", HashiCorpTable.caCertificate), ("authorities", HashiCorpTable.caPath),
      ("certificate", HashiCorpTable.clientCertificate), ("server name", HashiCorpTable.tlsServerName),
    ]
    var vault = texts.map { annotations.decision($0, annotations[$1], $1.row) }.filter { !$0.value.isEmpty }
    if request.skipsTLSVerification {
      vault.append(annotations.decision("certificate check", "none", HashiCorpTable.tlsSkipVerify.row))
    }
    return vault
  }
}

// MARK: Files

extension HashiCorpStory {
  private func files() throws(Diagnostic) -> [PodStory.File] {
    guard let writer = initAgent ?? sidecar, pod.configMap == nil else { return [] }
    let owner = try owner(of: writer)
    var files: [PodStory.File] = []
    for secret in pod.secrets {
      files.append(
        PodStory.File(
          path: secret.destination, contents: contents(of: secret), reads: reads(of: secret),
          command: secret.command, readers: try readers(of: secret.destination),
          decisions: decisions(on: secret) + owner))
    }
    files += pod.variableFiles(owner: owner)
    if request.writesToken {
      let path = GoText.joined(annotations[HashiCorpTable.secretsPath], "token")
      let asked = annotations.decision("asked", "true", HashiCorpTable.writesToken.row)
      files.append(
        PodStory.File(
          path: path, contents: .token, reads: [], command: "", readers: try readers(of: path),
          decisions: [asked] + owner))
    }
    return files
  }

  private func contents(of secret: HashiCorpSecret) -> PodStory.File.Contents {
    if !secret.template.isEmpty { return .template(secret.template) }
    if !secret.templateFile.isEmpty { return .templateFile(secret.templateFile) }
    return .defaultTemplate(request.defaultTemplate.rawValue)
  }

  private func reads(of secret: HashiCorpSecret) -> [PodStory.Read] {
    if !secret.template.isEmpty { return [PodStory.Read](of: secret.template, secret.delimiters) }
    return secret.usesDefaultTemplate ? [PodStory.Read](defaultAt: secret.path) : []
  }

  /// What decided about the file of a secret.
  private func decisions(on secret: HashiCorpSecret) -> [Decision] {
    var decisions = [asked(secret)]
    let template = HashiCorpTable.template.row
    switch contents(of: secret) {
    case .template: decisions.append(annotations.decision("template", "its own", template, secret.name))
    case .templateFile(let path):
      decisions.append(annotations.decision("template", path, HashiCorpTable.templateFile.row, secret.name))
    case .defaultTemplate(let name):
      decisions.append(annotations.decision("template", "default: \(name)", HashiCorpTable.defaultTemplate.row))
    case .variables, .token: break
    }
    let row = HashiCorpTable.permissions.row
    decisions.append(
      secret.permissions.isEmpty
        ? Decision("mode", HashiCorpTable.usualPermissions, by: .usual("the agent's default"))
        : annotations.decision("mode", secret.permissions, row, secret.name))
    if !secret.command.isEmpty {
      decisions.append(annotations.decision("command", secret.command, HashiCorpTable.command.row, secret.name))
    }
    return decisions
  }

  /// The annotation that makes a secret.
  private func asked(_ secret: HashiCorpSecret) -> Decision {
    let row = HashiCorpTable.secretMakers.first { annotations.located($0, secret.name)?.range == secret.place }
    return annotations.decision("asked", secret.name, row ?? HashiCorpTable.secret.row, secret.name)
  }

  private func owner(of container: AddedContainer) throws(Diagnostic) -> [Decision] {
    let same = HashiCorpTable.runAsSameUser.row
    let row = annotations.located(same) == nil ? HashiCorpTable.runAsUser.row : same
    return try [pod.template.owner(of: container.value, by: annotations.decision("", "", row).source)]
      .compactMap(\.self)
  }

  /// The containers that mount a folder the file is in.
  private func readers(of path: String) throws(Diagnostic) -> [PodStory.Reader] {
    guard folders.contains(where: { path.utf8.starts(with: ($0 + "/").utf8) }) else { return [] }
    var readers: [PodStory.Reader] = []
    for container in try pod.readers() { readers.append(PodStory.Reader(container: try container.name(), path: path)) }
    return readers
  }
}

// MARK: Steps

extension HashiCorpStory {
  private func addSteps(to story: inout PodStory) throws(Diagnostic) {
    let agents = injection.added.filter { $0.list == .initContainers }.map { $0.step(deeds(of: $0, story.files)) }
    let isEmptyBefore = !request.putsInitFirst
    let own = try ownSteps(.initContainers, isEmpty: isEmptyBefore || !request.prePopulates)
    story.initial = request.putsInitFirst ? agents + own : own + agents
    let beside = injection.added.filter { $0.list == .containers }.map { $0.step(deeds(of: $0, story.files)) }
    let waits = request.prePopulates && pod.configMap == nil
    story.running = try ownSteps(.containers, isEmpty: !waits) + beside
  }

  /// The pod's own containers, with the folders they find secrets in.
  private func ownSteps(_ list: ContainerList, isEmpty: Bool) throws(Diagnostic) -> [PodStory.Step] {
    let containers = list == .containers ? pod.containers : pod.initContainers
    let readers = Set(try pod.readers().map { $0.path })
    var steps: [PodStory.Step] = []
    for container in containers {
      let sees = readers.contains(container.path)
      let folders = sees ? folders.map { PodStory.Deed.sees($0, isEmpty: isEmpty) } : []
      let deeds = pod.startDeeds(of: container) + folders
      steps.append(
        PodStory.Step(name: try container.name(), role: .own, list: list, stays: false, image: "", deeds: deeds))
    }
    return steps
  }

  private func deeds(of agent: AddedContainer, _ files: [PodStory.File]) -> [PodStory.Deed] {
    if agent.role == .environmentHelper {
      return [.other("puts \(pod.environmentProgram ?? EnvironmentProgram.name) in place"), .ends]
    }
    var deeds: [PodStory.Deed] = [.logsIn]
    if pod.configMap != nil {
      let name = agent.role == .agent ? HashiCorpAgents.Name.sidecar : .initContainer
      deeds.append(.other("does what \(name.configurationFile) of the ConfigMap \(pod.configMap ?? "") says"))
    }
    if !files.isEmpty { deeds.append(.writes(files.map(\.path))) }
    deeds += files.filter { !$0.command.isEmpty }.map { .runs($0.command, after: $0.path) }
    guard agent.role == .agent else { return deeds + [.ends] }
    if agent.stays, let files = agent.awaitedFiles { deeds.append(.holdsBack(files)) }
    if let port = listenerPort { deeds.append(.listens("127.0.0.1:\(port)")) }
    if !files.isEmpty { deeds.append(.keeps) }
    if request.revokesOnShutdown { deeds.append(.revokes) }
    return deeds
  }

  /// The port of the sidecar's listener; nil where it has none.
  private var listenerPort: String? {
    guard pod.configMap == nil, request.usesCache || request.enablesQuit else { return nil }
    return annotations[HashiCorpTable.cacheListenerPort]
  }
}

extension AddedContainer {
  /// The files that a startup probe waits for; nil where it waits for none.
  var awaitedFiles: [String]? {
    guard let command = value["startupProbe"]?["exec"]?["command"]?.array?.compactMap(\.string), command.count > 4
    else { return nil }
    return Array(command.dropFirst(4))
  }
}

// MARK: Events

extension HashiCorpStory {
  private func events(_ story: PodStory) throws(Diagnostic) -> [PodStory.Event] {
    guard let sidecar else {
      guard let initAgent else { return [] }
      let text = "nothing is read again: no agent runs once \(initAgent.name) has ended"
      return [PodStory.Event(.onChange, text)]
    }
    var events: [PodStory.Event] = []
    if pod.configMap == nil, !story.files.isEmpty { events += renewals(by: sidecar.name) }
    return try events + pod.variableEvents + ending(of: sidecar)
  }

  private func renewals(by name: String) -> [PodStory.Event] {
    let interval = annotations[HashiCorpTable.renderInterval]
    let usual = interval.isEmpty ? HashiCorpTable.usualRenderInterval : interval
    var events = [
      PodStory.Event(.onChange, "\(name) renews secrets with a lease, and reads those without one every \(usual)"),
      PodStory.Event(.onChange, "a file whose contents change is written again"),
    ]
    events += pod.secrets.filter { !$0.command.isEmpty }.map {
      PodStory.Event(.onChange, "once \($0.destination) is written again, `\($0.command)` runs in \(name)")
    }
    if request.exitsOnRetryFailure {
      events.append(PodStory.Event(.onFailure, "\(name) ends, and is started again, where a secret cannot be read"))
    } else {
      events.append(PodStory.Event(.onFailure, "\(name) goes on without a secret that cannot be read"))
    }
    return events
  }

  private func ending(of sidecar: AddedContainer) throws(Diagnostic) -> [PodStory.Event] {
    var events: [PodStory.Event] = []
    let ends = try pod.template.isToEnd()
    if ends, !sidecar.stays {
      events.append(
        PodStory.Event(.atEnd, "the pod never completes: \(sidecar.name) goes on after the last of its containers"))
    } else if sidecar.stays {
      events.append(PodStory.Event(.atEnd, "\(sidecar.name) is stopped after the last of the pod's containers"))
    } else {
      events.append(PodStory.Event(.atEnd, "\(sidecar.name) is stopped together with the pod's containers"))
    }
    if request.revokesOnShutdown {
      let text = "before it is stopped, it waits \(request.revokeGrace) s and revokes its token"
      events.append(PodStory.Event(.atEnd, text))
    } else {
      events.append(PodStory.Event(.atEnd, "its token stays valid until it expires"))
    }
    return events
  }
}

// MARK: Decisions

extension HashiCorpStory {
  private func decisions() throws(Diagnostic) -> [Decision] {
    let table = annotations
    var decisions: [Decision] = []
    if let agent = injection.added.first {
      decisions.append(table.decision("image", agent.value["image"]?.string ?? "", HashiCorpTable.image.row))
    }
    let prePopulates = request.prePopulates ? "before anything else starts" : "not before the containers start"
    decisions.append(table.decision("secrets are there", prePopulates, HashiCorpTable.prePopulate.row))
    decisions.append(sidecarDecision)
    if pod.configMap == nil, pod.configurationForm != .base64 {
      let form = pod.configurationForm.rawValue
      decisions.append(Decision("configuration", form, by: .setting("agent.configuration")))
    }
    if request.putsInitFirst {
      decisions.append(table.decision("agent starts", "before the pod's init containers", HashiCorpTable.initFirst.row))
    }
    if let names = try table[HashiCorpTable.containers] {
      decisions.append(
        table.decision("readers", names.joined(separator: ", "), HashiCorpTable.containers.row))
    }
    for receiver in pod.variables.receivers {
      decisions += try [pod.settings.entrypoints.decision(on: receiver.container, in: pod.template)].compactMap(\.self)
    }
    return decisions
  }

  private var sidecarDecision: Decision {
    let table = annotations
    let subject = "agent beside"
    guard let sidecar else {
      if pod.wantsOnlyVariables { return Decision(subject, "none", by: .usual("variables are read once")) }
      return table.decision(subject, "none", HashiCorpTable.prePopulateOnly.row)
    }
    let value = sidecar.stays ? "native sidecar" : "container"
    let row = HashiCorpTable.nativeSidecar.row
    if pod.settings.isExact {
      return Decision(subject, value, by: .usual("the webhook knows no other, and --exact asks for it"))
    }
    return table.decision(subject, value, row, setting: "sidecars")
  }
}

extension HashiCorpAnnotations {
  /// What an annotation or, where it is absent, its default decided.
  func decision(
    _ subject: String, _ value: String, _ row: AnnotationSchema.Row, _ name: String = "", setting: String? = nil
  ) -> Decision {
    if let found = located(row, name) {
      return Decision(subject, value, by: .annotation(fullKey(row.key(of: name)), at: found.range))
    }
    if let path = setting ?? row.setting {
      return Decision(subject, value, by: .setting(settings.brand.setting(path)))
    }
    return Decision(subject, value, by: .usual("the default, without `\(row.key(of: name))`"))
  }
}

extension AgentDialect {
  package func story(
    of template: PodTemplate, namespace: String, beside configMaps: InputConfigMaps
  ) throws(Diagnostic) -> PodStory {
    let pod = try HashiCorpPod(template, namespace: namespace, settings: settings)
    try pod.check()
    let volumes = HashiCorpVolumes(pod)
    var injection = HashiCorpInjection(pod, volumes)
    var plan = PodPlan(edits: Edits(document: template.document))
    try injection.plan(&plan)
    return try HashiCorpStory(pod, volumes, injection, beside: configMaps).story()
  }

  package func objections(to template: PodTemplate, namespace: String) throws(Diagnostic) -> [Objection] {
    let found = try template.annotations()
    let (request, status) = (try self.request(in: found), try self.status(in: found))
    let asks = request.map { (try? HashiCorpTable.inject.type.parse($0.text)) ?? true } ?? false
    let isRunning = try hasBegun(template) ? Objection("the pod is running already, and cannot change") : nil
    return [
      try Objection.request(requestKey, request, asks: asks, in: template), isRunning,
      Objection.status(statusKey, status, isInjected: status?.text == "injected"),
    ].compactMap(\.self)
  }
}
