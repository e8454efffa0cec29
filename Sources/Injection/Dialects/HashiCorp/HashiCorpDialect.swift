package import ManifestText
package import Workloads

/// What HashiCorp's Vault Agent injector makes of pods that carry its annotations.
///
/// The behaviour is that of vault-k8s 1.7.6; where a manifest on disk differs from the pod a webhook sees, the
/// difference is marked at its place.
package final class HashiCorpDialect: AgentDialect {
  /// What the dialect injects with.
  package final class Settings: Sendable {
    /// What the injector calls things.
    let brand: AgentBrand
    /// The other annotations that count as the injector's; nil where none do.
    let former: AgentBrand.Former?
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
    /// What is known of images.
    private let images: ImageCatalog
    /// What containers without a command start.
    let entrypoints: Entrypoints

    /// What holds where nobody sets anything.
    static let builtIn = Settings(HashiCorpSettings(), isExact: false, choosesAddress: false)

    /// Takes everything from these settings.
    package init(
      _ operatorSettings: HashiCorpSettings, _ brand: AgentBrand = .hashiCorp, former: AgentBrand.Former? = nil,
      isExact: Bool, choosesAddress: Bool = true, images: ImageCatalog = ImageCatalog()
    ) {
      (self.brand, self.former) = (brand, former)
      self.operatorSettings = operatorSettings
      self.isExact = isExact
      self.choosesAddress = choosesAddress
      hasUsualAmounts = operatorSettings.resources == HashiCorpSettings.Resources()
      address = URLText(operatorSettings.vaultAddress)
      constants = HashiCorpConstants(operatorSettings, brand, isExact: isExact)
      self.images = images
      entrypoints = Entrypoints(
        operatorSettings.entrypoints, imageConfigs: operatorSettings.imageConfigs, in: images)
    }

    /// The image that is used where neither an annotation nor the operator names another.
    var image: String {
      if !operatorSettings.image.isEmpty { return operatorSettings.image }
      return isExact ? brand.images.webhooks : brand.images.usual
    }

    /// The same, with values of its own.
    func unshared() -> Settings {
      Settings(
        operatorSettings, brand, former: former, isExact: isExact, choosesAddress: choosesAddress, images: images)
    }
  }

  package static let brand = AgentBrand.hashiCorp
  package let settings: Settings

  /// A dialect that injects with these settings.
  package init(_ settings: Settings) { self.settings = settings }

  package convenience init(_ operatorSettings: HashiCorpSettings, _ options: DialectOptions) {
    self.init(
      Settings(
        operatorSettings, isExact: options.isExact, choosesAddress: options.choosesAddress, images: options.images))
  }
}

/// A dialect of the family of injectors that HashiCorp's began, which its brand and its settings make what it is.
package protocol AgentDialect: ConfigurableDialect {
  /// What the injector calls things.
  static var brand: AgentBrand { get }
  /// What it injects with.
  var settings: HashiCorpDialect.Settings { get }
  /// A dialect that injects with these settings.
  init(_ settings: HashiCorpDialect.Settings)
}

extension AgentDialect {
  package static var injector: String { brand.words.injector }
  package static var prefix: String { brand.prefix }

  /// What it is called on the command line.
  package var name: String { settings.brand.words.dialect }

  /// One of the same settings.
  package func unshared() -> any Dialect { Self(settings.unshared()) }

  /// The annotations' prefix.
  package var marker: String { settings.brand.prefix }

  /// The prefix of the other annotations that count.
  package var formerPrefix: String? { settings.former?.prefix }

  /// The same as the marker.
  package var annotationPrefix: String { settings.brand.prefix }

  /// The key `injection` after the prefix.
  package var recordKey: String { settings.brand.recordKey }

  /// The annotations the dialect reads.
  package var annotations: AnnotationSchema { settings.brand.schema }

  /// The key `agent-inject` after the prefix.
  package var requestKey: String { settings.brand.requestKey }

  /// The name, such as `vault-agent-token`.
  package var tokenVolume: String { settings.brand.tokenVolume }

  /// The key `agent-configmap` after the prefix.
  package var configMapKey: String? { settings.brand.fullKey(HashiCorpTable.configMap.key) }

  /// The agents, and the volumes that they share with the pod.
  package var injectedNames: [String] {
    let brand = settings.brand
    return [brand.initContainer, brand.sidecar, brand.environmentHelper, brand.secretsVolume] + HashiCorpVolumes.homes
  }

  /// What the settings decide by themselves.
  package var constants: [Value] { settings.constants.all }

  /// True unless only what the webhook would do is wanted.
  package var keepsRecord: Bool { !settings.isExact }

  /// The same: no webhook does that.
  package var servesReferences: Bool { !settings.isExact }

  /// The key `agent-inject-status` after the prefix.
  package var statusKey: String { settings.brand.statusKey }

  /// Decides in the order the webhook does: request, phase, status.
  package func standing(of template: PodTemplate, namespace: String) throws(Diagnostic) -> PodStanding {
    let found = try template.annotations()
    guard let request = try request(in: found) else { return .leftAlone(.notAsked) }
    do throws(GoParse.Failure) {
      guard try HashiCorpTable.inject.type.parse(request.text) else { return .leftAlone(.notAsked) }
    } catch {
      throw .hashicorp(
        .gate, error.message, hint: "use \(HashiCorpTable.inject.type.accepted)", at: request.range,
        saying: "`\(HashiCorpTable.inject.key)` cannot be `\(request.text)`")
    }
    if try hasBegun(template) { return .leftAlone(.alreadyRunning) }
    return try status(in: found)?.text == "injected" ? .leftAlone(.alreadyInjected) : .asking
  }

  /// The annotation that asks.
  func request(in annotations: Annotations) throws(Diagnostic) -> Annotations.Located? {
    if let own = try annotations.value(requestKey) { return own }
    return try settings.former.flatMap { (former) throws(Diagnostic) in try annotations.value(former.requestKey) }
  }

  /// The annotation that says that the pod has been injected.
  func status(in annotations: Annotations) throws(Diagnostic) -> Annotations.Located? {
    if let own = try annotations.value(statusKey) { return own }
    return try settings.former.flatMap { (former) throws(Diagnostic) in try annotations.value(former.statusKey) }
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
  package func inject(
    into template: PodTemplate, namespace: String, plan: inout PodPlan
  ) throws(Diagnostic) -> InjectionOutcome.Summary {
    if namespace == "kube-system" || namespace == "kube-public" {
      throw .systemNamespace(namespace, at: try namespacePlace(of: template))
    }
    let pod = try HashiCorpPod(template, namespace: namespace, settings: settings)
    try pod.check()
    let volumes = HashiCorpVolumes(pod)
    if pod.assumesAddress { plan.assumedAddress = settings.operatorSettings.vaultAddress }
    plan.findings += pod.variableNotes(isLinting: plan.wantsFindingsOnly)
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
    return try request(in: template.annotations())?.range
  }
}
