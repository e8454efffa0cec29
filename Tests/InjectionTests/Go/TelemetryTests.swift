import Injection
import ManifestText
import Testing

/// How telemetry annotations are fitted into the agent's settings.
@Suite struct TelemetryTests {
  private func fitted(_ annotations: KeyValuePairs<String, String>) -> String? {
    Telemetry.fitted(annotations.map { ($0.key, $0.value) }).map { String(decoding: GoJSON.encode($0), as: UTF8.self) }
  }

  @Test func kindsAndOrder() {
    let settings = fitted([
      "statsd-address": "10.0.0.1:8125", "disable_hostname": " true\n", "prefix-filter": #"["+a",null,"-b"]"#,
      "maximum_gauge_cardinality": "1e2", "usage_gauge_period": #""10m""#, "unknown": "{",
    ])
    #expect(
      settings == #"{"usage_gauge_period":"10m","maximum_gauge_cardinality":100,"disable_hostname":true,"#
        + #""prefix_filter":["+a","","-b"],"statsd_address":"10.0.0.1:8125"}"#)
  }

  @Test func emptyIsLeftOut() {
    #expect(fitted([:]) == nil)
    #expect(fitted(["unknown": "1"]) == "{}")
    #expect(
      fitted(["disable-hostname": "false", "statsd-address": "", "dogstatsd-tags": "[]", "filter-default": "null"])
        == "{}")
    #expect(fitted(["num_lease_metrics_buckets": "-0"]) == "{}")
  }

  @Test func wrongKindsDropEverything() {
    for (name, text) in [
      ("disable-hostname", "yes"), ("disable-hostname", #""true""#), ("prometheus-retention-time", "30"),
      ("maximum-gauge-cardinality", "2.5"), ("maximum-gauge-cardinality", "1e21"),
      ("maximum-gauge-cardinality", "1e400"),
      ("prefix-filter", "[1]"), ("prefix-filter", "a,b"), ("statsd-address", "{}"), ("statsd-address", "true"),
    ] {
      #expect(fitted(["stackdriver-location": "eu", name.description: text]) == nil, "\(name): \(text)")
    }
  }

  @Test func numbersGoThroughFloats() {
    #expect(
      fitted(["maximum_gauge_cardinality": "9007199254740993"]) == #"{"maximum_gauge_cardinality":9007199254740992}"#)
    #expect(fitted(["num_lease_metrics_buckets": "5.0"]) == #"{"num_lease_metrics_buckets":5}"#)
    #expect(fitted(["statsd-address": "{\"a\":1e400}"]) == #"{"statsd_address":"{\"a\":1e400}"}"#)
  }

  @Test func ofSeveralSpellingsTheLastCounts() {
    #expect(fitted(["STATSD_ADDRESS": "a", "statsd_address": "b"]) == #"{"statsd_address":"b"}"#)
    #expect(fitted(["statsd_address": "b", "Statsd_address": "a"]) == #"{"statsd_address":"b"}"#)
    #expect(fitted(["statsd-address": "a", "statsd_address": "b"]) == #"{"statsd_address":"b"}"#)
    #expect(fitted(["STATSD_ADDRESS": "a", "statsd_address": "null"]) == #"{"statsd_address":"a"}"#)
  }
}
