public import ManifestText
public import Workloads

/// What HashiCorp's Vault Agent injector makes of pods that carry its annotations.
///
/// The behaviour is that of vault-k8s 1.7.6; where a manifest on disk differs from the pod a webhook sees, the
/// difference is marked at its place.
public final class HashiCorpDialect: Dialect, ConfigurableDialect {
  /// What the dialect injects with.
  public final class Settings: Sendable {
    /// What an operator sets.
    package let operatorSettings: HashiCorpSettings
    /// Where Vault is unless a pod names another place.
    let address: URLText
    /// True for what the webhook would do and nothing else.
    package let isExact: Bool
    /// False where nobody said where Vault is.
    let choosesAddress: Bool
    /// True where the agents' amounts are those without anybody's settings.
    let hasUsualAmounts: Bool
    let constants: HashiCorpConstants

    /// What holds where nobody sets anything.
    static let builtIn = Settings(HashiCorpSettings(), isExact: false, choosesAddress: false)

    /// Takes everything from these settings.
    package init(_ operatorSettings: HashiCorpSettings, isExact: Bool, choosesAddress: Bool = true) {
      self.operatorSettings = operatorSettings
      self.isExact = isExact
      self.choosesAddress = choosesAddress
      hasUsualAmounts = operatorSettings.resources == HashiCorpSettings.Resources()
      address = URLText(operatorSettings.vaultAddress)
      constants = HashiCorpConstants(operatorSettings, isExact: isExact)
    }
  }

  package static let injector = "HashiCorp's injector"
  package static let prefix = "vault.hashicorp.com"
  private static let keys = (
    request: fullKey(HashiCorpTable.inject.key), status: fullKey(HashiCorpTable.status.key)
  )

  /// The full key of an annotation.
  static func fullKey(_ key: String) -> String { "\(prefix)/\(key)" }

  /// The name: `hashicorp`.
  public let name = HashiCorpSettings.dialect
  let settings: Settings

  /// A dialect that injects with these settings.
  public init(_ settings: Settings) { self.settings = settings }

  package convenience init(_ operatorSettings: HashiCorpSettings, _ options: DialectOptions) {
    self.init(Settings(operatorSettings, isExact: options.isExact, choosesAddress: options.choosesAddress))
  }

  /// One of the same settings.
  public func unshared() -> any Dialect {
    HashiCorpDialect(
      Settings(settings.operatorSettings, isExact: settings.isExact, choosesAddress: settings.choosesAddress))
  }

  /// The annotations' prefix.
  public var marker: String { HashiCorpDialect.prefix }

  /// The annotations the dialect reads.
  public var annotations: AnnotationSchema { HashiCorpTable.schema }

  /// The key `agent-inject` after the prefix.
  public var requestKey: String { HashiCorpDialect.keys.request }

  /// The name: `vault-agent-token`.
  public var tokenVolume: String { HashiCorpToken.projectedVolume }

  /// The key `agent-configmap` after the prefix.
  public var configMapKey: String? { HashiCorpDialect.fullKey(HashiCorpTable.configMap.key) }

  /// The agents, and the volumes that they share with the pod.
  public var injectedNames: [String] {
    [HashiCorpAgents.Name.initContainer.rawValue, HashiCorpAgents.Name.sidecar.rawValue]
      + [HashiCorpVolumes.secretsVolume] + HashiCorpVolumes.homes
  }

  /// What the settings decide by themselves.
  public var constants: [Value] { settings.constants.all }

  /// True unless only what the webhook would do is wanted.
  public var keepsRecord: Bool { !settings.isExact }

  /// The key `agent-inject-status` after the prefix.
  public var statusKey: String { HashiCorpDialect.keys.status }

  /// Decides in the order the webhook does: request, phase, status.
  public func standing(of template: PodTemplate, namespace: String) throws(Diagnostic) -> PodStanding {
    let found = try template.annotations()
    guard let request = try found.value(requestKey) else { return .leftAlone(.notAsked) }
    do throws(GoParse.Failure) {
      guard try HashiCorpTable.inject.type.parse(request.text) else { return .leftAlone(.notAsked) }
    } catch {
      throw .hashicorp(
        .gate, error.message, hint: "use \(HashiCorpTable.inject.type.accepted)", at: request.range,
        saying: "`\(HashiCorpTable.inject.key)` cannot be `\(request.text)`")
    }
    if try hasBegun(template) { return .leftAlone(.alreadyRunning) }
    return try found.value(statusKey)?.text == "injected" ? .leftAlone(.alreadyInjected) : .asking
  }

  /// True for a pod that has left the phase `Pending`.
  func hasBegun(_ template: PodTemplate) throws(Diagnostic) -> Bool {
    let document = template.document
    guard let phase = try document.node(at: Path([.key("status"), .key("phase")]), from: template.node),
      !document.isNull(phase)
    else { return false }
    return !["", "Pending"].contains(document.text(of: phase))
  }

  /// Plans the injection into one pod, in the order the webhook makes its patch.
  /// - Throws: A `Diagnostic` with the webhook's own message where it would reject the pod.
  public func inject(
    into template: PodTemplate, namespace: String, plan: inout PodPlan
  ) throws(Diagnostic) -> InjectionOutcome.Summary {
    if namespace == "kube-system" || namespace == "kube-public" {
      throw .systemNamespace(namespace, at: try namespacePlace(of: template))
    }
    let pod = try HashiCorpPod(template, namespace: namespace, settings: settings)
    try pod.check()
    let volumes = HashiCorpVolumes(pod)
    if pod.assumesAddress { plan.assumesAddress = true }
    let traps = HashiCorpTraps(pod, volumes, beside: plan.configMaps)
    plan.findings += try traps.findings()
    if plan.wantsFindingsOnly, !pod.mayBeRefusedLater, !pod.changesAgents { return InjectionOutcome.Summary() }
    var injection = HashiCorpInjection(pod, volumes)
    try injection.plan(&plan)
    plan.findings += traps.findings(on: injection.added.map(\.value))
    return injection.summary
  }

  private func namespacePlace(of template: PodTemplate) throws(Diagnostic) -> Range<Int>? {
    let document = template.document
    let path = Path([.key("metadata"), .key("namespace")])
    if let node = try document.node(at: path, from: template.object.node) { return document.range(of: node) }
    return try template.annotations().value(requestKey)?.range
  }
}
