package import ManifestText
package import Workloads

/// What becomes of a pod that Talend's annotations ask for.
struct TalendStory {
  private let pod: TalendPod
  private let settings: TalendDialect.Settings
  private let injection: TalendInjection
  private let requestPlace: Annotations.Located?

  init(_ pod: TalendPod, _ settings: TalendDialect.Settings, _ injection: TalendInjection, asked: Annotations.Located?)
  {
    (self.pod, self.settings, self.injection, requestPlace) = (pod, settings, injection, asked)
  }

  private var request: TalendRequest { pod.request }
  private var secrets: TalendRequest.Secrets { pod.request.secrets }
  private var operatorSettings: TalendSettings { settings.operatorSettings }
  private var isBuiltIn: Bool { settings.areContainersOurs }
  private var isStatic: Bool { request.modes.secrets && !secrets.isDynamic }

  func story() throws(Diagnostic) -> PodStory {
    var story = PodStory(
      TalendSettings.dialect, of: TalendDialect.injector, pod.template,
      request: decision("request", requestPlace?.text ?? "", TalendTable.inject.row, requestPlace))
    story.files = try files()
    if agent != nil { story.login = try login() }
    try addSteps(to: &story)
    story.events = try events(story)
    story.decisions = try decisions()
    return story
  }

  /// Who writes the files.
  private var writer: AddedContainer? {
    injection.added.first { $0.role == .renderer } ?? injection.added.first { $0.role == .agentInit } ?? agent
  }

  /// Who logs in, and stays if it can.
  private var agent: AddedContainer? {
    injection.added.first { $0.role == .agent } ?? injection.added.first { $0.role == .agentInit }
  }

  // MARK: Decisions

  private func decision(
    _ subject: String, _ value: String, _ row: AnnotationSchema.Row, _ found: Annotations.Located?,
    setting: String? = nil
  ) -> Decision {
    if let found, !found.text.isEmpty {
      return Decision(subject, value, by: .annotation(pod.schema.fullKey(row.key), at: found.range))
    }
    if let path = setting ?? row.setting { return decision(subject, value, setting: path) }
    return Decision(subject, value, by: .usual("the default, without `\(row.key)`"))
  }

  /// What a setting decides, or the webhook's configuration in its place.
  private func decision(_ subject: String, _ value: String, setting path: String) -> Decision {
    let isIdle = TalendSettings.uses.contains { $0.common == path && $0.shapesBuiltInContainers }
    return Decision(subject, value, by: isBuiltIn || !isIdle ? .setting(path) : .webhook)
  }
}

// MARK: Login

extension TalendStory {
  private func login() throws(Diagnostic) -> [Decision] {
    var login: [Decision] = []
    let isAppRole = request.auth.value.choice == .approle
    if let address = agent?.variable("VAULT_ADDR") {
      login.append(decision("address", address, setting: "vault.address"))
    }
    login.append(decision("method", request.auth.value.text, TalendTable.auth.row, request.auth.source))
    if isBuiltIn {
      let path = isAppRole ? operatorSettings.approleAuthPath : operatorSettings.kubernetesAuthPath
      login.append(decision("path", "auth/\(path)", setting: isAppRole ? "auth.approle.path" : "auth.kubernetes.path"))
    }
    if let role { login.append(role) }
    if isAppRole {
      login += approleFiles
    } else {
      login.append(try pod.template.serviceAccount())
      let own = request.serviceAccountToken
      let token = own.value ?? "\(TalendPod.tokenPath)/token"
      login.append(decision("token", token, TalendTable.serviceAccountToken.row, own.source))
    }
    return login + trust
  }

  private var role: Decision? {
    guard !pod.role.isEmpty else { return nil }
    if let source = request.role.source { return decision("role", pod.role, TalendTable.role.row, source) }
    return Decision("role", pod.role, by: .label(operatorSettings.applicationLabel))
  }

  private var approleFiles: [Decision] {
    guard isBuiltIn else { return [] }
    return [
      ("role id", operatorSettings.approleRoleIDFile, "auth.approle.roleIdFile"),
      ("secret id", operatorSettings.approleSecretIDFile, "auth.approle.secretIdFile"),
    ].map { decision($0, "\(BuiltInPaths.secrets)/\($1)", setting: $2) }
  }

  /// How Vault is trusted, as the agent's variables say it.
  private var trust: [Decision] {
    [
      ("namespace", "VAULT_NAMESPACE", "vault.namespace"),
      (
        "authority", "VAULT_CACERT",
        operatorSettings.caConfigMap.isEmpty ? "vault.tls.caSecret" : "vault.tls.caConfigMap"
      ),
      ("server name", "VAULT_TLS_SERVER_NAME", "vault.tls.serverName"),
      ("certificate check", "VAULT_SKIP_VERIFY", "vault.tls.skipVerify"),
    ].compactMap { subject, variable, path in
      agent?.variable(variable).map { decision(subject, subject == "certificate check" ? "none" : $0, setting: path) }
    }
  }
}

// MARK: Files

extension TalendStory {
  private func files() throws(Diagnostic) -> [PodStory.File] {
    guard request.modes.secrets, let writer else { return [] }
    let user = decision("", "", setting: "security.runAsUser").source
    let owner = try [pod.template.owner(of: writer.value, by: user)].compactMap(\.self)
    var files: [PodStory.File] = []
    for template in pod.renderedFiles() {
      files.append(
        PodStory.File(
          path: "\(TalendPod.secretsPath)/\(template.destination)",
          contents: template.content.map(PodStory.File.Contents.template) ?? .defaultTemplate("key=value"),
          reads: template.content.map { [PodStory.Read](of: $0) } ?? [PodStory.Read](defaultAt: template.path),
          command: template.command,
          readers: try readers(of: template.destination), decisions: decisions(on: template) + owner))
    }
    return files
  }

  /// What decided about a file.
  private func decisions(on template: TalendTemplate) -> [Decision] {
    let own = secrets.templates.source
    let (row, content) = (TalendTable.secretsTemplate.row, own == nil ? "default: key=value" : "its own")
    var decisions = [
      decision("asked", template.destination, TalendTable.secretsDestination.row, secrets.destinations.source)
    ]
    if own == nil { decisions.append(Decision("path", template.path, by: pathSource)) }
    decisions.append(decision("template", content, row, own))
    if isBuiltIn {
      decisions.append(decision("mode", operatorSettings.filePermissions, setting: "templates.permissions"))
    }
    if !template.command.isEmpty {
      decisions.append(decision("command", template.command, TalendTable.notify.row, secrets.commands.source))
    }
    return decisions
  }

  private var pathSource: Decision.Source {
    secrets.paths.source == nil
      ? .label("\(operatorSettings.applicationLabel) and \(operatorSettings.serviceLabel)")
      : decision("", "", TalendTable.secretsPath.row, secrets.paths.source).source
  }

  private func readers(of destination: String) throws(Diagnostic) -> [PodStory.Reader] {
    var readers: [PodStory.Reader] = []
    for container in pod.initContainers + pod.containers {
      let path = "\(try injection.mountPath(of: container))/\(destination)"
      readers.append(PodStory.Reader(container: try container.name(), path: path))
    }
    return readers
  }
}

// MARK: Steps

extension TalendStory {
  private func addSteps(to story: inout PodStory) throws(Diagnostic) {
    let first = injection.added.filter { $0.list == .initContainers && !$0.stays }
    let native = injection.added.filter { $0.list == .initContainers && $0.stays }
    let sidecars = injection.added.filter { $0.list == .containers }
    func steps(_ containers: [AddedContainer]) -> [PodStory.Step] {
      containers.map { $0.step(deeds(of: $0, story.files)) }
    }
    let isLast = injection.nativeSidecarsComeLast
    let isThere = isStatic || pod.isNative
    let own = try ownSteps(.initContainers, isEmpty: !isThere || pod.isNative && isLast && !isStatic)
    story.initial = steps(first) + (isLast ? own + steps(native) : steps(native) + own)
    story.running = steps(sidecars) + (try ownSteps(.containers, isEmpty: !isThere))
  }

  private func ownSteps(
    _ list: ContainerList, isEmpty: Bool
  ) throws(Diagnostic) -> [PodStory.Step] {
    let areMain = list == .containers
    let containers = areMain ? pod.containers : pod.initContainers
    var steps: [PodStory.Step] = []
    for container in containers {
      let folder = try injection.mountPath(of: container)
      var deeds: [PodStory.Deed] = []
      if isStatic, secrets.isEnvironment, areMain {
        deeds.append(.startsThrough("\(folder)/\(TalendConfiguration.environmentHelper)"))
      }
      if request.modes.secrets { deeds.append(.sees(folder, isEmpty: isEmpty)) }
      if areMain, secrets.asksForHook, !pod.isNative, request.modes.secrets {
        deeds.append(.waits(pod.destinations.map { "\(folder)/\($0)" }))
      }
      steps.append(
        PodStory.Step(name: try container.name(), role: .own, list: list, stays: false, image: "", deeds: deeds))
    }
    return steps
  }

  /// The container that the babysitter watches.
  private var watched: String { pod.containers.first.flatMap { try? $0.name() } ?? "" }

  private func deeds(of container: AddedContainer, _ files: [PodStory.File]) -> [PodStory.Deed] {
    let writes = container.name == writer?.name && !files.isEmpty
    let written: [PodStory.Deed] =
      writes
      ? [.writes(files.map(\.path))] + files.filter { !$0.command.isEmpty }.map { .runs($0.command, after: $0.path) }
      : []
    let held = container.stays && isBuiltIn && writes ? [PodStory.Deed.holdsBack(files.map(\.path))] : []
    switch container.role {
    case .agentInit: return [.logsIn] + written + (isBuiltIn ? [.revokes] : []) + [.ends]
    case .agent:
      let proxy = request.modes.proxy ? [PodStory.Deed.listens("127.0.0.1:\(request.proxyPort.value)")] : []
      return [.logsIn] + written + held + proxy + (writes ? [.keeps] : []) + (isBuiltIn ? [.revokes] : [])
    case .renderer: return written + held + (writes ? [.keeps] : [])
    case .environmentHelper:
      return [.other("puts \(TalendConfiguration.environmentHelper) beside the secrets"), .ends]
    case .babysitter:
      return [.other("asks the API server about the pod, and ends the agent once \(watched) has ended")]
    case .own: return []
    }
  }
}

extension AddedContainer {
  /// One of the containers that a configuration of Talend's injector brings, told by its name.
  init(_ value: Value, in list: ContainerList) {
    self.init(role: Self.roles[value["name"]?.string ?? ""] ?? .agent, list: list, value: value)
  }

  private static let roles: [String: PodStory.Step.Role] = [
    BuiltInNames.initAgent: .agentInit, BuiltInNames.environmentHelper: .environmentHelper, BuiltInNames.agent: .agent,
    BuiltInNames.consulTemplate: .renderer, BuiltInNames.babysitter: .babysitter,
  ]
}

// MARK: Events

extension TalendStory {
  private func events(_ story: PodStory) throws(Diagnostic) -> [PodStory.Event] {
    guard let agent = injection.added.first(where: { $0.role == .agent }) else {
      return isStatic ? [PodStory.Event(.onChange, "nothing is read again: static secrets are read once")] : []
    }
    var events: [PodStory.Event] = []
    if !story.files.isEmpty, let writer {
      let interval =
        isBuiltIn ? ", and reads those without one every \(operatorSettings.renderInterval)" : " or reads them again"
      events.append(PodStory.Event(.onChange, "\(writer.name) renews secrets with a lease\(interval)"))
      events.append(PodStory.Event(.onChange, "a file whose contents change is written again"))
      events += story.files.filter { !$0.command.isEmpty }.map {
        PodStory.Event(.onChange, "once \($0.path) is written again, `\($0.command)` runs in \(writer.name)")
      }
      if isBuiltIn {
        events.append(PodStory.Event(.onFailure, "\(writer.name) goes on trying where a secret cannot be read"))
      }
    }
    return try events + ending(of: agent)
  }

  private func ending(of agent: AddedContainer) throws(Diagnostic) -> [PodStory.Event] {
    var events: [PodStory.Event] = []
    let babysitter = injection.added.first { $0.role == .babysitter }
    if let babysitter {
      events.append(
        PodStory.Event(
          .atEnd, "once \(watched) has ended, \(babysitter.name) has \(agent.name) end, and the pod completes"))
    } else if agent.stays {
      events.append(PodStory.Event(.atEnd, "\(agent.name) is stopped after the last of the pod's containers"))
    } else if try pod.template.isToEnd() {
      events.append(
        PodStory.Event(.atEnd, "the pod never completes: \(agent.name) goes on after the last of its containers"))
    } else {
      events.append(PodStory.Event(.atEnd, "\(agent.name) is stopped together with the pod's containers"))
    }
    if isBuiltIn { events.append(PodStory.Event(.atEnd, "\(agent.name) revokes its token")) }
    return events
  }
}

// MARK: Decisions

extension TalendStory {
  private func startDecisions() throws(Diagnostic) -> [Decision] {
    guard secrets.isEnvironment else { return [] }
    var decisions: [Decision] = []
    for container in pod.containers {
      decisions += try [settings.entrypoints.decision(on: container, in: pod.template)].compactMap(\.self)
    }
    return decisions
  }

  private func decisions() throws(Diagnostic) -> [Decision] {
    var decisions: [Decision] = []
    if let agent {
      let image = agent.value["image"]?.string ?? ""
      decisions.append(decision("image", image, TalendTable.image.row, request.image.source, setting: "image"))
    }
    decisions += try modes()
    if request.modes.secrets {
      let kind = secrets.isDynamic ? "dynamic" : "static"
      decisions.append(decision("secrets", kind, TalendTable.secretsType.row, secrets.type.source))
      let method = secrets.isEnvironment ? "in the environment" : "in files"
      decisions.append(decision("delivery", method, TalendTable.secretsMethod.row, secrets.method.source))
      decisions += try startDecisions()
      if secrets.asksForHook, !pod.isNative {
        let row = TalendTable.secretsHook.row
        decisions.append(decision("start", "held until the files are there", row, secrets.hook.source))
      }
    }
    return decisions
  }

  private func modes() throws(Diagnostic) -> [Decision] {
    let annotations = TalendAnnotations(try pod.template.annotations(), TalendDialect(settings))
    let (mode, sidecars) = (try annotations.read(TalendTable.mode), try annotations.read(TalendTable.sidecars))
    let names = [("secrets", request.modes.secrets), ("proxy", request.modes.proxy), ("job", request.modes.job)]
    let text = names.filter(\.1).map(\.0).joined(separator: ", ")
    var decisions = [decision("mode", text, TalendTable.mode.row, mode.source)]
    if mode.source == nil, request.modes.job {
      decisions = [Decision("mode", text, by: .usual("the pod has to end"))]
    }
    guard injection.added.contains(where: { $0.role == .agent }) else { return decisions }
    let value = pod.isNative ? "native sidecar" : "container"
    if settings.isExact {
      decisions.append(Decision("agent beside", value, by: .usual("--exact: the webhook knows no other")))
    } else {
      decisions.append(decision("agent beside", value, TalendTable.sidecars.row, sidecars.source))
    }
    return decisions
  }
}

extension TalendDialect: ExplainableDialect {
  package func story(
    of template: PodTemplate, namespace: String, beside configMaps: InputConfigMaps
  ) throws(Diagnostic) -> PodStory {
    var plan = PodPlan(edits: Edits(document: template.document))
    let annotations = try template.annotations()
    let pod = try TalendPod(template, annotations, dialect: self, findings: &plan.findings)
    try pod.check()
    var injection = TalendInjection(pod: pod, settings: settings)
    try injection.plan(&plan)
    return try TalendStory(pod, settings, injection, asked: try annotations.value(requestKey)).story()
  }

  package func objections(to template: PodTemplate, namespace: String) throws(Diagnostic) -> [Objection] {
    let found = try template.annotations()
    let annotations = TalendAnnotations(found, self)
    let status = try annotations[TalendTable.status].map(GoText.lowercased)
    let isLeftAlone = try standing(of: template, namespace: namespace) == .leftAlone(.systemNamespace)
    return [
      try Objection.request(
        requestKey, try found.value(requestKey), asks: try annotations[TalendTable.inject], in: template),
      Objection.status(statusKey, try found.value(statusKey), isInjected: status == "injected"),
      try Objection.namespace(namespace, isLeftAlone: isLeftAlone, in: template),
    ].compactMap(\.self)
  }
}
