internal import ManifestText
internal import Workloads

/// A pod that asks for injection: what it asks, what it is made of, and which agents it gets.
struct HashiCorpPod {
  let template: PodTemplate
  let annotations: HashiCorpAnnotations
  let containers: [Container]
  let initContainers: [Container]
  let settings: HashiCorpDialect.Settings
  let request: HashiCorpRequest
  let patches: (initContainer: ContainerPatch?, sidecar: ContainerPatch?)
  /// True where the agent runs as a native sidecar, which ends with the pod by itself.
  let isNative: Bool
  private let namespace: String

  init(_ template: PodTemplate, namespace: String, settings: HashiCorpDialect.Settings) throws(Diagnostic) {
    self.template = template
    self.settings = settings
    self.namespace = namespace
    annotations = try HashiCorpAnnotations(template)
    patches = try HashiCorpDefaults(annotations, settings.knobs, namespace: namespace).checked()
    containers = try template.containers(.containers)
    request = try HashiCorpRequest(annotations, settings.knobs, template, containers)
    initContainers = try template.containers(.initContainers)
    isNative = try HashiCorpSidecars(template, annotations, settings).runsNatively && !request.prePopulatesOnly
  }

  var knobs: HashiCorpSettings { settings.knobs }
  var secrets: [HashiCorpSecret] { request.secrets }

  // MARK: Texts

  /// The config map that takes the place of the generated configuration; nil where there is none.
  var configMap: String? { nonEmpty("agent-configmap") }
  var image: String {
    annotations.text("agent-image", default: knobs.image.isEmpty ? HashiCorpSettings.defaultImage : knobs.image)
  }
  var address: String { annotations.text("service", default: knobs.vaultAddress) }
  var authType: String {
    annotations.text("auth-type", default: knobs.authType.isEmpty ? "kubernetes" : knobs.authType)
  }
  var authPath: String { annotations.text("auth-path", default: knobs.authPath) }

  /// An annotation's text; nil where it is absent or empty.
  func nonEmpty(_ key: String) -> String? {
    guard let text = annotations[key]?.text, !text.isEmpty else { return nil }
    return text
  }

  // MARK: Agents

  /// True where an init container fetches the secrets before anything else starts.
  ///
  /// A native sidecar holds the pod back by itself until its files are there; which these are, only a generated
  /// configuration tells.
  var runsInitContainer: Bool { request.prePopulates && (!isNative || configMap != nil) }

  /// True where an agent stays beside the application.
  var runsSidecar: Bool { !request.prePopulatesOnly }

  /// True where the cache outlives the init container, for the sidecar to go on with its leases.
  var keepsCache: Bool { request.usesCache && runsInitContainer && runsSidecar }

  /// The containers that can read the secrets: those that are asked for, and the pod's own init containers.
  func readers() throws(Diagnostic) -> [Container] {
    let names = annotations["agent-inject-containers"].map { Set(exactly: GoText.split($0.text, at: ",")) }
    var readers: [Container] = []
    for container in containers where try names?.contains(container.name()) ?? true { readers.append(container) }
    guard request.prePopulates else { return readers }
    for container in initContainers where try container.name() != HashiCorpAgents.Name.initContainer.rawValue {
      readers.append(container)
    }
    return readers
  }

  // MARK: Checks

  /// Refuses what the webhook's validation refuses, in its order and with its messages.
  func check() throws(Diagnostic) {
    let token = request.token
    if annotations.text("agent-request-namespace", default: namespace).isEmpty {
      throw invalid("namespace missing from request", "agent-request-namespace", "leave `agent-request-namespace` out")
    }
    if token.volume.isEmpty || token.mountPath.isEmpty || token.file.isEmpty {
      throw invalid(
        "no service account token volume name, mount path or token path found", "agent-inject",
        "give the mount of the service account's token a name")
    }
    if image.isEmpty { throw invalid("no Vault image found", "agent-image", "leave `agent-image` out, or name one") }
    if configMap == nil { try checkLogin() }
    if !settings.isExact { try checkLines() }
  }

  /// Refuses what no agent could use: roles and addresses of more than a line, which Vault cannot have, and lines that
  /// end within the quotes of a template, or within a command.
  private func checkLines() throws(Diagnostic) {
    for secret in secrets where configMap == nil && secret.usesDefaultTemplate {
      guard let found = ControlCharacter(in: secret.path) else { continue }
      throw .controlCharacter(found, in: "the path of `\(secret.name)`", range: secret.place)
    }
    let isRevoking = request.revokesOnShutdown && runsSidecar
    for key in (configMap == nil ? ["role", "auth-path"] : []) + ["service"]
      + (isRevoking ? ["ca-cert", "client-cert", "client-key"] : [])
    {
      guard let value = annotations[key], let found = ControlCharacter(in: value.text) else { continue }
      throw .controlCharacter(found, in: "`\(key)`", range: value.range)
    }
  }

  private func checkLogin() throws(Diagnostic) {
    if authType.isEmpty {
      throw invalid("no Vault Auth Type found", "auth-type", "leave `auth-type` out for `kubernetes`")
    }
    let isRoleNamed = nonEmpty("role") != nil || nonEmpty("auth-config-role") != nil
    if authType == "kubernetes", !isRoleNamed {
      throw invalid("no Vault role found", "role", "name the Vault role in the annotation vault.hashicorp.com/role")
    }
    if authPath.isEmpty {
      throw invalid("no Vault Auth Path found", "auth-path", "leave `auth-path` out for \(knobs.authPath)")
    }
    if address.isEmpty {
      throw invalid("no Vault address found", "service", "leave `service` out for \(knobs.vaultAddress)")
    }
  }

  private func invalid(_ message: String, _ key: String, _ hint: String) -> Diagnostic {
    .hashicorp(.validation, message, hint: hint, at: annotations.place(key))
  }
}
