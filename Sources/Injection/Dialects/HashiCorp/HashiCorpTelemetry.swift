internal import ManifestText
internal import Workloads

/// What the annotations `agent-telemetry-PARAM` make of the agents' telemetry.
enum HashiCorpTelemetry {
  /// The stanza; nil where no annotation asks for it, or where one has the wrong type and the webhook drops them all.
  static func fitted(_ annotations: HashiCorpAnnotations) -> Value? {
    let parameters = annotations.members(of: HashiCorpTable.telemetry.row)
    guard !parameters.isEmpty else { return nil }
    return Telemetry.fitted(parameters.map { ($0.name, $0.value.text) })
  }

  /// Where the first annotation stands that asks for a stanza, if none comes of them.
  static func droppedPlace(_ annotations: HashiCorpAnnotations) -> Range<Int>? {
    let first = annotations.members(of: HashiCorpTable.telemetry.row).first
    return fitted(annotations) == nil ? first?.value.range : nil
  }
}
