internal import ManifestText
internal import Workloads

/// Whether the agent that stays runs as a container, as the webhook does it, or as a native sidecar.
struct HashiCorpSidecars {
  static let key = "agent-native-sidecar"

  /// True where it is an init container that keeps running.
  let runsNatively: Bool

  /// The configuration says how agents run, a pod may say otherwise, and a Job has to end; the webhook knows one way
  /// only.
  init(
    _ template: PodTemplate, _ annotations: HashiCorpAnnotations, _ settings: HashiCorpDialect.Settings
  ) throws(Diagnostic) {
    guard !settings.isExact else {
      runsNatively = false
      return
    }
    runsNatively = try annotations.boolean(
      Self.key, default: settings.knobs.sidecars == .native || template.kind.lifetime == .job)
  }
}
