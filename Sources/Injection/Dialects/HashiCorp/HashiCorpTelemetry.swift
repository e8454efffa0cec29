internal import ManifestText
internal import Workloads

/// What the annotations `agent-telemetry-PARAM` make of the agents' telemetry.
enum HashiCorpTelemetry {
  /// The stanza; nil where no annotation asks for it, or where one has the wrong type and the webhook drops them all.
  static func fitted(_ annotations: HashiCorpAnnotations) -> Value? {
    let parameters = annotations.family("agent-telemetry-")
    guard !parameters.isEmpty else { return nil }
    return Telemetry.fitted(parameters.map { ($0.name, $0.value.text) })
  }

  /// True where annotations ask for a stanza and none comes of them.
  static func isDropped(_ annotations: HashiCorpAnnotations) -> Bool {
    annotations.firstPlace(of: "agent-telemetry-") != nil && fitted(annotations) == nil
  }
}
