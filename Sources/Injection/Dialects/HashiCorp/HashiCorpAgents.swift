internal import ManifestText
internal import Workloads

/// The agents' containers.
struct HashiCorpAgents {
  /// The two.
  enum Name {
    case initContainer, sidecar

    /// What the container is called.
    func name(in brand: AgentBrand) -> String { self == .sidecar ? brand.sidecar : brand.initContainer }

    /// The file of a config map that it reads in place of a generated configuration.
    var configurationFile: String { self == .sidecar ? "config.hcl" : "config-init.hcl" }
  }

  private let pod: HashiCorpPod
  private let volumes: HashiCorpVolumes
  private let environment: HashiCorpEnvironment
  private let resources: Value
  /// Nil where the containers get none.
  private let securityContext: Value?

  /// - Throws: A `Diagnostic` where the configuration or a quantity has no meaning.
  init(_ pod: HashiCorpPod, _ volumes: HashiCorpVolumes) throws(Diagnostic) {
    self.pod = pod
    self.volumes = volumes
    environment = HashiCorpEnvironment(
      pod: pod, configuration: pod.configMap == nil ? try AgentConfiguration(pod) : nil)
    resources = try Self.resources(pod)
    securityContext = Self.securityContext(pod)
  }

  /// The container that fetches the secrets before anything else starts.
  func initContainer() throws(Diagnostic) -> Value {
    try finished(container(.initContainer), pod.patches.initContainer, HashiCorpTable.initPatch)
  }

  /// The container that keeps them up to date.
  func sidecar() throws(Diagnostic) -> Value {
    try finished(container(.sidecar), pod.patches.sidecar, HashiCorpTable.patch)
  }

  /// What brings the program that reads variables, for images without a shell; nil where none is wanted.
  func environmentHelper() -> Value? {
    let settings = pod.settings.operatorSettings
    guard let program = pod.environmentProgram else { return nil }
    var container: Value = [
      "name": .string(pod.brand.environmentHelper), "image": .string(settings.environmentHelperImage),
    ]
    if !settings.imagePullPolicy.isEmpty { container["imagePullPolicy"] = .string(settings.imagePullPolicy) }
    container["command"] = .array(EnvironmentProgram.installation(at: program))
    container["resources"] = pod.settings.constants.environmentHelperResources
    container["volumeMounts"] = .array([volumes.secretMounts[0]])
    container["securityContext"] = securityContext
    return container
  }

  private func container(_ name: Name) throws(Diagnostic) -> Value {
    let isSidecar = name == .sidecar
    var container: Value = ["name": .string(name.name(in: pod.brand)), "image": .string(pod.image)]
    if !pod.settings.operatorSettings.imagePullPolicy.isEmpty {
      container["imagePullPolicy"] = .string(pod.settings.operatorSettings.imagePullPolicy)
    }
    container["command"] = ["/bin/sh", "-ec"]
    container["args"] = [.string(script(isSidecar: isSidecar))]
    container["env"] = .array(try environment.variables(isSidecar: isSidecar))
    container["resources"] = resources
    container["volumeMounts"] = .array(try volumes.agentMounts(isSidecar: isSidecar))
    if isSidecar { container["lifecycle"] = pod.request.revokesOnShutdown ? ["preStop": revocation] : [:] }
    container["securityContext"] = securityContext
    return container
  }

  /// The webhook's holds `${`, at which tools stop that substitute variables in manifests.
  private func script(isSidecar: Bool) -> String {
    let program =
      pod.settings.isExact
      ? pod.settings.operatorSettings.program : ShellText.word(pod.settings.operatorSettings.program)
    guard pod.configMap != nil else {
      let file = pod.brand.configurationFile
      guard !pod.settings.isExact else {
        return "echo ${\(pod.brand.variables.configuration)?} | base64 -d > \(file) && \(program) agent -config=\(file)"
      }
      return
        "\(pod.configurationForm.writing(pod.brand.variables.configuration, to: file))\n\(program) agent -config=\(file)"
    }
    let name = isSidecar ? Name.sidecar : .initContainer
    let file = "/vault/configs/\(name.configurationFile)"
    return "touch \(pod.brand.token) && \(program) agent -config=\(file)"
  }

  /// What ends the agent's token when the pod ends.
  private var revocation: Value {
    let isInBin = pod.settings.isExact || pod.brand.hasProgramInBin
    let path = (isInBin ? "/bin/" : "") + pod.settings.operatorSettings.program
    let program = pod.settings.isExact ? path : ShellText.word(path)
    // The webhook does not know that the program looks for its token under another name than the agents give the file.
    let variable = pod.settings.isExact ? nil : pod.brand.tokenVariable
    let environment = variable.map { "\($0)=$(cat \(pod.brand.token)) " } ?? ""
    var flags = ["-address=\(pod.address)"]
    for (flag, value) in [
      ("-ca-cert", pod.certificateAuthority), ("-client-cert", pod.annotations[HashiCorpTable.clientCertificate]),
      ("-client-key", pod.annotations[HashiCorpTable.clientKey]),
    ] where !value.isEmpty { flags.append("\(flag)=\(value)") }
    let revoke = "\(environment)\(program) token revoke \((flags + ["-self"]).joined(separator: " "))"
    let script = "/bin/sleep \(pod.request.revokeGrace) && \(revoke)"
    return ["exec": ["command": ["/bin/sh", "-c", .string(script)]]]
  }

  private static func securityContext(_ pod: HashiCorpPod) -> Value? {
    let (user, group) = (pod.request.runAsUser, pod.request.runAsGroup)
    guard pod.request.setsSecurityContext else { return nil }
    return pod.settings.constants.securityContext(user: user, group: group)
      ?? securityContext(user: user, group: group, isExact: pod.settings.isExact)
  }

  /// The webhook's leaves out the seccomp profile, without which the restricted Pod Security level refuses the pod.
  static func securityContext(user: Int64?, group: Int64?, isExact: Bool) -> Value {
    var context: Value = [:]
    if let user { context["runAsUser"] = .number(String(user)) }
    if let group { context["runAsGroup"] = .number(String(group)) }
    context["runAsNonRoot"] = .bool(user != 0 && group != 0)
    context["readOnlyRootFilesystem"] = true
    context["allowPrivilegeEscalation"] = false
    context["capabilities"] = ["drop": ["ALL"]]
    if !isExact { context["seccompProfile"] = ["type": "RuntimeDefault"] }
    return context
  }

  // MARK: Resources

  /// What the agents' containers may take and ask for.
  private static func resources(_ pod: HashiCorpPod) throws(Diagnostic) -> Value {
    let isUsual = (limits + requests).allSatisfy { pod.annotations.located($0.row) == nil }
    if isUsual, let usual = pod.settings.constants.resources { return usual }
    func amount(_ row: HashiCorpTable.Row<Value?>) throws(Diagnostic) -> Value? {
      try pod.annotations.value(of: row, in: .patch)
    }
    return resources(limits: try limits.map(amount), requests: try requests.map(amount))
  }

  /// Resources with these amounts of what containers take; nil leaves one out.
  static func resources(limits: [Value?], requests: [Value?]) -> Value {
    var resources: Value = [:]
    resources["limits"] = amounts(limits)
    resources["requests"] = amounts(requests)
    return resources
  }

  private static func amounts(_ amounts: [Value?]) -> Value? {
    var named: Value = [:]
    for (name, amount) in zip(["cpu", "memory", "ephemeral-storage"], amounts) { named[name] = amount }
    return named == [:] ? nil : named
  }

  private static let limits = [
    HashiCorpTable.limitsCPU, HashiCorpTable.limitsMemory, HashiCorpTable.limitsEphemeralStorage,
  ]
  private static let requests = [
    HashiCorpTable.requestsCPU, HashiCorpTable.requestsMemory, HashiCorpTable.requestsEphemeralStorage,
  ]

  // MARK: JSON Patch

  /// The container as the pod's own JSON Patch wants it, without what says nothing.
  private func finished(
    _ container: Value, _ patch: ContainerPatch?, _ row: HashiCorpTable.Row<ContainerPatch?>
  ) throws(Diagnostic) -> Value {
    var container = try patched(container, patch, row)
    guard !pod.settings.isExact else { return container }
    if patch != nil { container = PodPlace.container.stored(container) }
    for member in ["resources", "lifecycle"] where container[member] == [:] { container[member] = nil }
    return container
  }

  private func patched(
    _ container: Value, _ patch: ContainerPatch?, _ row: HashiCorpTable.Row<ContainerPatch?>
  ) throws(Diagnostic) -> Value {
    guard let patch else { return container }
    do throws(GoParse.Failure) {
      return try patch.apply(to: container)
    } catch {
      throw .hashicorp(
        .patch, error.message,
        hint: "`\(row.key)` patches the container that is injected; see it with the annotation left out",
        at: pod.annotations.place(row.row), saying: "`\(row.key)` cannot be applied")
    }
  }
}
