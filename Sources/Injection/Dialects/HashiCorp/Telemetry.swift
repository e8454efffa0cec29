package import ManifestText

/// The agent's telemetry settings, as HashiCorp's injector fits its annotations into them.
package enum Telemetry {
  /// The settings that parameters and their texts give; nil where there are none, or one has the wrong type.
  ///
  /// A text that is JSON counts as what it says, and every other as itself. Dashes in names are underscores; of several that
  /// are the same then, the last counts.
  package static func fitted(_ annotations: [(String, String)]) -> Value? {
    guard !annotations.isEmpty else { return nil }
    var members: [Value.Member] = []
    for (parameter, text) in annotations {
      let name = GoText.split(parameter, at: "-").joined(separator: "_")
      members.removeAll { $0.key == name }
      members.append(Value.Member(key: name, value: value(text)))
    }
    return try? GoRecordReader.read(GoJSONNode(.object(GoJSON.sorted(members))), as: record)
  }

  private static func value(_ text: String) -> Value {
    let json = (try? GoJSON.decode(text))?.value
    return json.flatMap(counted) ?? .string(text)
  }

  /// The value with its numbers as Go spells them once they are 64-bit floats; nil where one is too large.
  private static func counted(_ value: Value) -> Value? {
    switch value {
    case .number(let text): (try? GoJSON.encode(GoParse.float(text))).map(Value.number)
    case .array(let elements): all(elements.map(counted)).map(Value.array)
    case .object(let members):
      all(members.map { member in counted(member.value).map { Value.Member(key: member.key, value: $0) } })
        .map(Value.object)
    default: value
    }
  }

  private static func all<Element>(_ elements: [Element?]) -> [Element]? {
    let present = elements.compactMap(\.self)
    return present.count == elements.count ? present : nil
  }

  private static let record = GoRecord(
    "Telemetry",
    [
      "usage_gauge_period": .text, "maximum_gauge_cardinality": .integer(bits: 64), "disable_hostname": .flag,
      "enable_hostname_label": .flag, "lease_metrics_epsilon": .text,
      "num_lease_metrics_buckets": .integer(bits: 64), "add_lease_metrics_namespace_labels": .flag,
      "filter_default": .flag, "prefix_filter": .list(.text), "statsite_address": .text, "statsd_address": .text,
      "circonus_api_token": .text, "circonus_api_app": .text, "circonus_api_url": .text,
      "circonus_submission_interval": .text, "circonus_submission_url": .text, "circonus_check_id": .text,
      "circonus_check_force_metric_activation": .flag, "circonus_check_instance_id": .text,
      "circonus_check_search_tag": .text, "circonus_check_display_name": .text, "circonus_check_tags": .text,
      "circonus_broker_id": .text, "circonus_broker_select_tag": .text, "dogstatsd_addr": .text,
      "dogstatsd_tags": .list(.text), "prometheus_retention_time": .text, "stackdriver_project_id": .text,
      "stackdriver_location": .text, "stackdriver_namespace": .text, "stackdriver_debug_logs": .flag,
    ])
}
