internal import ManifestText
internal import Workloads

/// Fills the containers of a configuration that a pod wants with what the pod says.
struct TalendContainerFiller {
  /// Which modes want a container.
  private struct Wish: OptionSet {
    let rawValue: Int
    static let secrets = Wish(rawValue: 1)
    static let proxy = Wish(rawValue: 2)
    static let job = Wish(rawValue: 4)
  }

  private let pod: TalendPod
  private let configuration: TalendConfiguration
  private let templates: String
  private let proxy: String
  private let standardToken: String
  private let agentToken: String
  private let jobContainer: String
  /// True where variables without a value have an empty one, as the webhook writes them.
  private let writesEmptyValues: Bool

  init(
    pod: TalendPod, configuration: TalendConfiguration, writesEmptyValues: Bool
  ) throws(Diagnostic) {
    self.pod = pod
    self.writesEmptyValues = writesEmptyValues
    self.configuration = configuration
    templates = pod.request.modes.secrets ? configuration.templateBlocks(pod.renderedFiles()) : ""
    proxy = PlaceholderText(configuration.proxyConfig).replacing("<VSI_PROXY_PORT>", with: pod.request.proxyPort.value)
    let volumes = try pod.tokenVolumes()
    standardToken = volumes.standard ?? BuiltInVolumes.token
    agentToken = volumes.custom ?? standardToken
    jobContainer = try pod.containers.first?.name() ?? ""
  }

  /// What the pod gets of the configuration: all of its volumes, whether anything mounts them or not.
  func brought(_ settings: TalendSettings) throws(Diagnostic) -> BroughtAlong {
    var brought = BroughtAlong()
    brought.initContainers = configuration.initContainers.compactMap(filled)
    brought.sidecars = configuration.containers.compactMap(filled)
    if pod.isNative { for index in brought.sidecars.indices { brought.sidecars[index]["restartPolicy"] = "Always" } }
    let bringsSecrets = try pod.bringsSecrets()
    brought.volumes = configuration.volumes.filter {
      !bringsSecrets || $0["name"] != .string(TalendPod.secretsVolume)
    }
    let mounts = (brought.initContainers + brought.sidecars).flatMap { $0["volumeMounts"]?.array ?? [] }
    if try pod.tokenVolumes().isMissing || mounts.contains(where: { $0["name"] == .string(BuiltInVolumes.token) }) {
      brought.volumes.append(ProjectedToken(settings).whole)
    }
    return brought
  }

  /// The container with its values filled in; nil where no mode wants it.
  private func filled(_ container: Value) -> Value? {
    guard let name = container["name"]?.string else { return nil }
    let wish = wish(for: name)
    guard !wish.isEmpty else { return nil }
    var filled = container
    if let image = pod.request.image.value, name == BuiltInNames.agent || name == BuiltInNames.initAgent {
      filled["image"] = .string(image)
    }
    if let env = container["env"]?.array { filled["env"] = .array(env.map { self.env($0, wish) }) }
    if let mounts = container["volumeMounts"]?.array { filled["volumeMounts"] = .array(mounts.map(mount)) }
    return filled
  }

  private func wish(for name: String) -> Wish {
    let modes = pod.request.modes
    let secrets = pod.request.secrets
    switch name {
    case BuiltInNames.initAgent: return modes.secrets && !secrets.isDynamic ? .secrets : []
    case BuiltInNames.environmentHelper:
      return modes.secrets && !secrets.isDynamic && secrets.isEnvironment ? .secrets : []
    case BuiltInNames.agent:
      var wish: Wish = modes.secrets && secrets.isDynamic ? .secrets : []
      if modes.proxy { wish.insert(.proxy) }
      if pod.runsBabysitter { wish.insert(.job) }
      return wish
    case BuiltInNames.consulTemplate where configuration.origin == .builtIn:
      guard modes.secrets, secrets.isDynamic else { return [] }
      return pod.runsBabysitter ? [.secrets, .job] : .secrets
    case BuiltInNames.babysitter: return pod.runsBabysitter ? .job : []
    default: return []
    }
  }

  private func env(_ variable: Value, _ wish: Wish) -> Value {
    guard let name = variable["name"]?.string, let value = value(of: name, wish) else { return variable }
    var filled = variable
    filled["value"] = value.isEmpty && !writesEmptyValues ? nil : .string(value)
    return filled
  }

  private func value(of name: String, _ wish: Wish) -> String? {
    switch name {
    case "VSI_SECRETS_TEMPLATES_PLACEHOLDER": wish.contains(.secrets) ? templates : nil
    case "VSI_PROXY_CONFIG_PLACEHOLDER": wish.contains(.proxy) ? proxy : nil
    case "VSI_JOB_CNT_NAME": wish.contains(.job) ? jobContainer : nil
    case "VSI_JOB_WORKLOAD": wish.contains(.job) ? "true" : nil
    case "VSI_VAULT_ROLE": pod.role
    case "VSI_VAULT_AUTH_METHOD": pod.request.auth.value.text
    default: nil
    }
  }

  private func mount(_ mount: Value) -> Value {
    var filled = mount
    switch mount["mountPath"]?.string {
    case TalendPod.tokenPath: filled["name"] = .string(standardToken)
    case BuiltInPaths.vaultServiceAccount: filled["name"] = .string(agentToken)
    default: break
    }
    return filled
  }
}
