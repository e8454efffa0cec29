internal import ManifestText
internal import Workloads

/// A pod that asks for injection: what it asks, what it is made of, and which agents it gets.
final class HashiCorpPod {
  let template: PodTemplate
  let annotations: HashiCorpAnnotations
  let containers: [Container]
  let initContainers: [Container]
  let settings: HashiCorpDialect.Settings
  let request: HashiCorpRequest
  /// What becomes variables of its containers.
  let variables: HashiCorpVariables
  /// The secrets that become files.
  let secrets: [HashiCorpSecret]
  let patches: (initContainer: ContainerPatch?, sidecar: ContainerPatch?)
  /// True where all is done once the application starts.
  let wantsOnlyVariables: Bool
  /// True where the agent runs as a native sidecar, which ends with the pod by itself.
  let isNative: Bool
  let namespace: String

  init(_ template: PodTemplate, namespace: String, settings: HashiCorpDialect.Settings) throws(Diagnostic) {
    self.template = template
    self.settings = settings
    self.namespace = namespace
    annotations = try HashiCorpAnnotations(template, settings, namespace: namespace)
    patches = try HashiCorpDefaults(annotations, namespace: namespace).checked()
    containers = try template.containers(.containers)
    request = try HashiCorpRequest(annotations, template, containers, isExact: settings.isExact)
    initContainers = try template.containers(.initContainers)
    let variables =
      try settings.isExact
      ? .none : HashiCorpVariables(annotations, request.secrets, containers, initContainers)
    self.variables = variables
    secrets = variables.isEmpty ? request.secrets : request.secrets.filter(variables.leavesFile)
    // Variables are read once; what stays beside the application then has nothing to do.
    wantsOnlyVariables =
      !variables.isEmpty && variables.onChange == .nothing && secrets.isEmpty && !request.usesAgentBeside
      && patches.sidecar == nil && annotations.located(HashiCorpTable.nativeSidecar.row) == nil
    // The configuration says how agents run, a pod may say otherwise, and a Job has to end; the webhook knows one way.
    let runsNatively = try settings.isExact ? false : annotations[HashiCorpTable.nativeSidecar]
    isNative = runsNatively && !request.prePopulatesOnly && !wantsOnlyVariables
  }

  /// What the injector calls things.
  var brand: AgentBrand { settings.brand }

  // MARK: Texts

  /// The config map that takes the place of the generated configuration; nil where there is none.
  var configMap: String? { annotations[HashiCorpTable.configMap] }
  var image: String { annotations[HashiCorpTable.image] }
  var address: String { annotations[HashiCorpTable.service] }
  /// True where agents ask Vault at an address that nobody chose.
  var assumesAddress: Bool {
    !settings.choosesAddress && annotations.located(HashiCorpTable.service.row) == nil
      && (runsInitContainer || runsSidecar)
  }
  var authType: String { annotations[HashiCorpTable.authType] }
  var authPath: String { annotations[HashiCorpTable.authPath] }

  /// How the agents get the generated configuration; the webhook knows one way.
  var configurationForm: AgentConfigurationForm {
    settings.isExact ? .base64 : settings.operatorSettings.configurationForm
  }

  // MARK: Agents

  /// True where the agents run as the first container's user.
  var runsAsSameUser: Bool { (try? annotations[HashiCorpTable.runAsSameUser]) ?? false }

  /// True where an init container fetches the secrets before anything else starts.
  ///
  /// A native sidecar holds the pod back by itself until its files exist; which files these are is known only from a
  /// generated configuration.
  var runsInitContainer: Bool { request.prePopulates && (!isNative || configMap != nil) }

  /// True where an agent stays beside the application.
  var runsSidecar: Bool { !request.prePopulatesOnly && !wantsOnlyVariables }

  /// The agents that run, in the order they start.
  var agents: [HashiCorpAgents.Name] {
    (runsInitContainer ? [.initContainer] : []) + (runsSidecar ? [.sidecar] : [])
  }

  /// True where the cache outlives the init container, for the sidecar to go on with its leases.
  var keepsCache: Bool { request.usesCache && runsInitContainer && runsSidecar }

  /// The containers that can read the secrets: those that are asked for, and the pod's own init containers.
  func readers() throws(Diagnostic) -> [Container] {
    let names = try annotations[HashiCorpTable.containers].map { NameIndex($0) }
    var readers: [Container] = []
    for container in containers where try names?.contains(container.name()) ?? true || variables.reach(container) {
      readers.append(container)
    }
    guard request.prePopulates else { return readers }
    for container in initContainers where try container.name() != brand.initContainer {
      readers.append(container)
    }
    return readers
  }

  // MARK: Checks

  /// Refuses what the webhook's validation refuses, in its order and with its messages.
  func check() throws(Diagnostic) {
    let token = request.token
    if annotations[HashiCorpTable.requestNamespace].isEmpty {
      throw invalid(
        "namespace missing from request", HashiCorpTable.requestNamespace.row,
        "leave `\(HashiCorpTable.requestNamespace.key)` out",
        saying: "`\(HashiCorpTable.requestNamespace.key)` is empty")
    }
    if token.volume.isEmpty || token.mountPath.isEmpty || token.file.isEmpty {
      throw invalid(
        "no service account token volume name, mount path or token path found", HashiCorpTable.inject.row,
        "give the mount of the service account's token a name",
        saying: "the pod mounts the service account's token without a name")
    }
    if image.isEmpty {
      throw invalid(
        "no \(brand.words.server) image found", HashiCorpTable.image.row, "leave `agent-image` out, or name one",
        saying: "no image is named for the agents")
    }
    if configMap == nil { try checkLogin() }
    if !settings.isExact { try checkLines() }
    try checkVariables()
  }

  /// Refuses values that no agent could use: roles and addresses of more than one line, which Vault does not allow, and
  /// line breaks within the quotes of a template or within a command.
  private func checkLines() throws(Diagnostic) {
    for secret in secrets where configMap == nil && secret.usesDefaultTemplate {
      guard let found = ControlCharacter(in: secret.path) else { continue }
      throw .controlCharacter(found, in: "the path of `\(secret.name)`", range: secret.place)
    }
    let isRevoking = request.revokesOnShutdown && runsSidecar
    let login = [HashiCorpTable.role.row, HashiCorpTable.authPath.row]
    let revocation = [
      HashiCorpTable.caCertificate.row, HashiCorpTable.clientCertificate.row, HashiCorpTable.clientKey.row,
    ]
    let lines = (configMap == nil ? login : []) + [HashiCorpTable.service.row] + (isRevoking ? revocation : [])
    for row in lines {
      guard let value = annotations.located(row), let found = ControlCharacter(in: value.text) else { continue }
      throw .controlCharacter(found, in: "`\(row.key)`", range: value.range)
    }
  }

  private func checkLogin() throws(Diagnostic) {
    if authType.isEmpty {
      throw invalid(
        "no \(brand.words.server) Auth Type found", HashiCorpTable.authType.row,
        "leave `auth-type` out for `\(HashiCorpSettings().authType)`",
        saying: "no auth method is named for the agents to log in with")
    }
    let isRoleNamed =
      annotations[HashiCorpTable.role] != nil || !annotations[HashiCorpTable.authParameter, "role"].isEmpty
    if authType == "kubernetes", !isRoleNamed {
      let key = brand.fullKey(HashiCorpTable.role.key)
      throw invalid(
        "no \(brand.words.server) role found", HashiCorpTable.role.row, "name the Vault role in the annotation \(key)",
        saying: "no Vault role is named for the agents to log in with")
    }
    if authPath.isEmpty {
      let hint = "leave `auth-path` out for \(settings.operatorSettings.authPath)"
      throw invalid(
        "no \(brand.words.server) Auth Path found", HashiCorpTable.authPath.row, hint,
        saying: "no path of an auth method is named for the agents to log in at")
    }
    if address.isEmpty {
      let hint = "leave `service` out for \(settings.operatorSettings.vaultAddress)"
      throw invalid(
        "no \(brand.words.server) address found", HashiCorpTable.service.row, hint,
        saying: "the address of Vault is empty")
    }
  }

  private func invalid(
    _ message: String, _ row: AnnotationSchema.Row, _ hint: String, saying own: String
  ) -> Diagnostic { .hashicorp(.validation, message, hint: hint, at: annotations.place(row), saying: own) }
}

/// How the agents trust Vault: by the pod's annotations or, where these are absent, by the operator's settings.
extension HashiCorpPod {
  static let tlsPath = "/vault/tls"

  var tlsServerName: String { annotations[HashiCorpTable.tlsServerName] }

  /// The file with the certificate authority; empty where there is none.
  var certificateAuthority: String { annotations[HashiCorpTable.caCertificate] }

  /// The volume mounted at that path; nil where there is none.
  var tlsSource: Value? {
    if let name = annotations[HashiCorpTable.tlsSecret] { return HashiCorpVolumes.secret(brand.tlsVolume, name) }
    guard annotations.leavesAuthorityToOperator else { return nil }
    return settings.operatorSettings.caConfigMap.isEmpty
      ? HashiCorpVolumes.secret(brand.tlsVolume, settings.operatorSettings.caSecret)
      : HashiCorpVolumes.configMap(brand.tlsVolume, settings.operatorSettings.caConfigMap)
  }
}

extension HashiCorpAnnotations {
  /// The file with the authority that the operator names; empty where there is none, or the pod names its own.
  var operatorsAuthority: String {
    leavesAuthorityToOperator ? "\(HashiCorpPod.tlsPath)/\(settings.operatorSettings.caKey)" : ""
  }

  /// True where the operator names an authority and the pod nothing of its own.
  fileprivate var leavesAuthorityToOperator: Bool {
    guard located(HashiCorpTable.tlsSecret.row) == nil, located(HashiCorpTable.caCertificate.row) == nil else {
      return false
    }
    return !settings.operatorSettings.caConfigMap.isEmpty || !settings.operatorSettings.caSecret.isEmpty
  }
}

/// What the webhook looks at while it fills in defaults, before it reads anything else.
struct HashiCorpDefaults {
  private let annotations: HashiCorpAnnotations
  private let namespace: String
  private var brand: AgentBrand { annotations.settings.brand }

  init(_ annotations: HashiCorpAnnotations, namespace: String) {
    self.annotations = annotations
    self.namespace = namespace
  }

  /// Refuses in the webhook's order, and gives the patches of the agents' containers.
  func checked() throws(Diagnostic) -> (initContainer: ContainerPatch?, sidecar: ContainerPatch?) {
    if annotations.settings.operatorSettings.vaultAddress.isEmpty {
      throw missing(
        "address for \(brand.words.server) required", "set vault.address",
        saying: "the setting `vault.address` is empty")
    }
    if annotations.settings.operatorSettings.authPath.isEmpty {
      let setting = "\(brand.words.dialect).auth.path"
      throw missing(
        "\(brand.words.server) Auth Path required", "set \(setting)", saying: "the setting `\(setting)` is empty")
    }
    if namespace.isEmpty {
      throw missing(
        "kubernetes namespace required", "name one with -n", saying: "the namespace of the object is not named")
    }
    try checkDuration(HashiCorpTable.authMinBackoff, "min")
    try checkDuration(HashiCorpTable.authMaxBackoff, "max")
    let sidecar = try patch(HashiCorpTable.patch)
    return (try patch(HashiCorpTable.initPatch), sidecar)
  }

  private func missing(_ message: String, _ hint: String, saying own: String) -> Diagnostic {
    .hashicorp(.defaults, message, hint: hint, at: annotations.place(HashiCorpTable.inject.row), saying: own)
  }

  private func checkDuration(_ row: HashiCorpTable.Row<String>, _ end: String) throws(Diagnostic) {
    guard let value = annotations.located(row.row) else { return }
    do throws(GoParse.Failure) {
      _ = try row.type.parse(value.text)
    } catch {
      throw .hashicorp(
        .defaults, "error parsing \(end) backoff as duration: \(error.message)",
        hint: "`\(row.key)` has to be \(row.type.accepted)", at: value.range,
        saying: "`\(row.key)` cannot be `\(value.text)`")
    }
  }

  private func patch(_ row: HashiCorpTable.Row<ContainerPatch?>) throws(Diagnostic) -> ContainerPatch? {
    guard let value = annotations.located(row.row) else { return nil }
    do throws(GoParse.Failure) {
      return try row.type.parse(value.text)
    } catch {
      throw .hashicorp(
        .defaults, "error parsing JSON patch for annotation \(brand.fullKey(row.key)): \(error.message)",
        hint: "give a JSON Patch, such as [{\"op\": \"add\", \"path\": \"/tty\", \"value\": true}]", at: value.range,
        saying: "`\(row.key)` is no JSON Patch")
    }
  }
}
