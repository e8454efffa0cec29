public import ManifestText
public import Workloads

/// What Talend's Vault sidecar injector makes of pods that carry its annotations.
///
/// The behaviour is that of the injector's release 7.2.1; where a manifest on disk differs from the pod a
/// webhook sees, the difference is marked at its place.
public struct TalendDialect: Dialect {
  /// What the dialect injects with.
  public struct Settings: Sendable {
    /// The containers, volumes and texts to inject.
    package var configuration: TalendConfiguration
    /// What stands in front of the slash in annotation keys; empty for bare keys.
    package var prefix: String
    /// The label that names an application.
    package var applicationLabel: String
    /// The label that names a service of an application.
    package var serviceLabel: String
    /// How long the projected service-account token lives, in seconds.
    package var tokenExpirationSeconds: Int
    /// Whom the projected token is for; empty is the API server.
    package var tokenAudience: String
    /// True for what the webhook would do and nothing else.
    package var isExact: Bool

    /// Takes the names of manifests from the knobs, and the containers from a configuration.
    package init(_ settings: TalendSettings, configuration: TalendConfiguration, isExact: Bool) {
      self.configuration = configuration
      prefix = settings.annotationPrefix
      applicationLabel = settings.applicationLabel
      serviceLabel = settings.serviceLabel
      tokenExpirationSeconds = settings.tokenExpirationSeconds
      tokenAudience = settings.tokenAudience
      self.isExact = isExact
    }
  }

  /// `talend`
  public let name = "talend"
  /// The annotations the dialect reads.
  public let annotations: AnnotationSchema
  let settings: Settings

  /// A dialect that injects with these settings.
  public init(_ settings: Settings) {
    self.settings = settings
    annotations = .talend(
      prefix: settings.prefix, applicationLabel: settings.applicationLabel,
      serviceLabel: settings.serviceLabel)
  }

  /// The annotations' prefix, or the key that asks for injection where the prefix is empty.
  public var marker: String { settings.prefix.isEmpty ? "inject" : settings.prefix }

  /// Plans the injection into one pod, in the order the webhook makes its patch.
  /// - Throws: A `Diagnostic` with the webhook's own message where it would reject the pod.
  public func inject(
    into template: PodTemplate, namespace: String, plan: inout PodPlan
  ) throws(Diagnostic) -> InjectionOutcome {
    let annotations = try template.annotations()
    if let reason = try reasonToSkip(annotations, namespace: namespace) { return .skipped(reason) }
    let pod = try TalendPod(template, annotations, dialect: self, findings: &plan.findings)
    try pod.check()
    var injection = TalendInjection(pod: pod, settings: settings)
    try injection.plan(&plan)
    return .injected(injection.summary)
  }

  private func reasonToSkip(
    _ found: Annotations, namespace: String
  ) throws(Diagnostic) -> InjectionOutcome.Reason? {
    if namespace == "kube-system" || namespace == "kube-public" { return .systemNamespace }
    if let status = try found.value(annotations.fullKey("status")),
      GoText.lowercased(status.text) == "injected"
    {
      return .alreadyInjected
    }
    let asks = TalendRequest.isTruthy(try found.value(annotations.fullKey("inject")))
    return asks ? nil : .notAsked
  }
}
