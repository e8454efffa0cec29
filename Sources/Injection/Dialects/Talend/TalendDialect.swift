public import ManifestText
public import Workloads

/// What Talend's Vault sidecar injector makes of pods that carry its annotations.
///
/// The behaviour is that of the injector's release 7.2.1; where a manifest on disk differs from the pod a
/// webhook sees, the difference is marked at its place.
public final class TalendDialect: Dialect, ConfigurableDialect {
  /// What the dialect injects with.
  public final class Settings: Sendable {
    /// The containers, volumes and texts to fill in; nil where the built-in containers are made for each pod.
    package let configuration: TalendConfiguration?
    /// The built-in containers, where there is no configuration.
    let builtIn: BuiltInContainers
    /// The names of manifests, and how agents run.
    package let operatorSettings: TalendSettings
    /// True for what the webhook would do and nothing else.
    package let isExact: Bool
    /// False where nobody said where Vault is.
    let choosesAddress: Bool
    /// Where Vault is.
    let address: URLText
    /// True where the containers have the amounts that they have without anybody's settings.
    let hasUsualAmounts: Bool
    /// What is known of images.
    private let images: ImageCatalog
    /// What containers without a command start.
    let entrypoints: Entrypoints

    /// Takes the containers from a configuration, where there is one; without one, an exact injection has our own in the
    /// webhook's manner.
    package init(
      _ operatorSettings: TalendSettings, configuration: TalendConfiguration? = nil, isExact: Bool,
      choosesAddress: Bool = true, images: ImageCatalog = ImageCatalog()
    ) {
      self.configuration = configuration ?? (isExact ? .builtIn(operatorSettings) : nil)
      self.operatorSettings = operatorSettings
      builtIn = BuiltInContainers(operatorSettings)
      self.isExact = isExact
      self.choosesAddress = choosesAddress
      address = URLText(operatorSettings.vaultAddress)
      self.images = images
      entrypoints = Entrypoints(
        operatorSettings.entrypoints, imageConfigs: operatorSettings.imageConfigs, in: images)
      hasUsualAmounts = self.configuration == nil && operatorSettings.hasSameAmounts(as: TalendSettings())
    }

    /// Takes the containers from the webhook's configuration, where there is one.
    package convenience init(_ operatorSettings: TalendSettings, _ options: DialectOptions) {
      self.init(
        operatorSettings, configuration: options.webhook as? TalendConfiguration, isExact: options.isExact,
        choosesAddress: options.choosesAddress, images: options.images)
    }

    /// The same with what the API server makes of the containers, where these need not be the webhook's to the byte.
    fileprivate var stored: Settings {
      guard !isExact, let configuration else { return self }
      return Settings(
        operatorSettings, configuration: configuration.stored, isExact: false, choosesAddress: choosesAddress,
        images: images)
    }

    /// True where the containers are made for each pod, and what they cannot cope with is better refused.
    var isBuiltIn: Bool { configuration == nil }

    /// True where they are our own, made for each pod or not.
    var areContainersOurs: Bool { configuration?.origin != .webhook }

    /// What the containers and volumes are called, among which are all that may be added to a pod.
    var names: [String] { configuration?.names ?? BuiltInContainers.names }
  }

  package static let injector = "Talend's injector"
  package static let prefix = TalendSettings().annotationPrefix

  /// The name: `talend`.
  public let name = TalendSettings.dialect
  /// The annotations the dialect reads.
  public let annotations: AnnotationSchema
  let settings: Settings

  /// A dialect that injects with these settings.
  public init(_ settings: Settings) {
    self.settings = settings.stored
    annotations = AnnotationSchema(
      prefix: settings.operatorSettings.annotationPrefix, rows: TalendTable.rows, misnomers: TalendTable.misnomers)
  }

  package convenience init(_ operatorSettings: TalendSettings, _ options: DialectOptions) {
    self.init(Settings(operatorSettings, options))
  }

  /// The annotations' prefix, or the key that asks for injection where the prefix is empty.
  public var marker: String {
    settings.operatorSettings.annotationPrefix.isEmpty ? requestKey : settings.operatorSettings.annotationPrefix
  }

  /// The key `inject` after the prefix.
  public var requestKey: String { annotations.fullKey(of: TalendTable.inject.row) }

  /// The key `status` after the prefix.
  public var statusKey: String { annotations.fullKey(of: TalendTable.status.row) }

  /// The name: `tvsi-sa-token`.
  public var tokenVolume: String { BuiltInVolumes.token }

  /// The name: `secrets`.
  public var sharedVolume: String? { BuiltInVolumes.secrets }

  /// The containers of the configuration, and the volumes of the built-in one.
  public var injectedNames: [String] {
    guard let configuration = settings.configuration else { return BuiltInContainers.ownNames }
    let containers = configuration.initContainers + configuration.containers
    return containers.compactMap { $0["name"]?.string } + [BuiltInVolumes.shared, BuiltInVolumes.agent]
  }

  /// Those of the built-in containers.
  public var constants: [Value] { settings.isBuiltIn ? settings.builtIn.constants : [] }

  /// One of the same settings.
  public func unshared() -> any Dialect {
    TalendDialect(
      Settings(
        settings.operatorSettings, configuration: settings.configuration, isExact: settings.isExact,
        choosesAddress: settings.choosesAddress))
  }

  /// The webhook keeps none.
  public var keepsRecord: Bool { !settings.isExact }

  /// Decides in the order the webhook does: namespace, status, request.
  public func standing(of template: PodTemplate, namespace: String) throws(Diagnostic) -> PodStanding {
    if namespace == "kube-system" || namespace == "kube-public" { return .leftAlone(.systemNamespace) }
    let annotations = TalendAnnotations(try template.annotations(), self)
    if let status = try annotations[TalendTable.status], GoText.lowercased(status) == TalendTable.injected {
      return .leftAlone(.alreadyInjected)
    }
    return try annotations[TalendTable.inject] ? .asking : .leftAlone(.notAsked)
  }

  /// The webhook takes every word for no that it does not take for yes, and tells nobody.
  public func isUnclear(request text: String) -> Bool {
    let word = GoText.lowercased(text)
    return !settings.isExact && !TalendTable.yesWords.contains(word) && !TalendTable.noWords.contains(word)
  }

  /// Plans the injection into one pod, in the order the webhook makes its patch.
  /// - Throws: A `Diagnostic` with the webhook's own message where it would reject the pod.
  public func inject(
    into template: PodTemplate, namespace: String, plan: inout PodPlan
  ) throws(Diagnostic) -> InjectionOutcome.Summary {
    let pod = try TalendPod(template, try template.annotations(), dialect: self, findings: &plan.findings)
    try pod.check()
    plan.findings += try pod.ineffective()
    if settings.isBuiltIn { try TalendBuiltInChecks(pod: pod, settings: settings).check() }
    plan.findings += TalendTemplates(pod, settings.configuration).findings()
    let traps = TalendTraps(pod, settings)
    plan.findings += try traps.findings()
    if !settings.choosesAddress, settings.areContainersOurs {
      plan.assumedAddress = settings.operatorSettings.vaultAddress
    }
    var injection = TalendInjection(pod: pod, settings: settings)
    if plan.wantsFindingsOnly, settings.hasUsualAmounts, try !injection.mayFindMore() { return injection.summary }
    try injection.plan(&plan)
    plan.findings += traps.findings(on: injection.added.map(\.value))
    return injection.summary
  }
}

extension TalendSettings {
  fileprivate func hasSameAmounts(as other: TalendSettings) -> Bool {
    agentResources == other.agentResources && babysitterResources == other.babysitterResources
      && environmentHelperResources == other.environmentHelperResources
  }
}
