import ManifestText
import TestSupport
import Testing

/// What kubectl 1.32 makes of scalars, keys and tags, recorded with `kubectl patch --local -p '{}' -o json`.
@Suite struct KubectlScalarTests {
  @Test func meansWhatKubectlSays() throws {
    for row in try Fixtures.jsonLines("kubectl/scalars.jsonl") {
      let yaml = try #require(row["yaml"]?.string)
      let bytes = Array("apiVersion: v1\nx: \(yaml)\n".utf8)
      // YAML's specification and kubectl disagree on which of the two counts.
      let isDisputed = yaml == "{a: 2, <<: {a: 1}}"
      if let expected = row["value"], !isDisputed {
        let value = try? Fixtures.value(bytes)
        expectEqual(numbers(of: value?["x"] ?? "nothing"), numbers(of: expected), yaml)
      } else {
        #expect(throws: Diagnostic.self, "\(yaml)") { try Fixtures.value(bytes) }
      }
    }
  }

  /// Every refusal names its place.
  @Test func refusalsHaveAPlace() throws {
    for row in try Fixtures.jsonLines("kubectl/scalars.jsonl") where row["error"] != nil {
      do {
        _ = try Fixtures.value(Array("apiVersion: v1\nx: \(row["yaml"]?.string ?? "")\n".utf8))
      } catch let diagnostic as Diagnostic {
        #expect((diagnostic.range?.lowerBound ?? 0) > 15, "\(row)")
      }
    }
  }

  private func stored(_ number: String) -> String {
    guard let double = Double(number) else { return number }
    return Int64(exactly: double).map(String.init) ?? "\(double)"
  }

  /// Maps by key, numbers as they are stored: 64 bits, whole or not.
  private func numbers(of value: Value) -> Value {
    switch value {
    case .number(let text): .number(Int64(text).map(String.init) ?? stored(text))
    case .array(let elements): .array(elements.map { numbers(of: $0) })
    case .object(let members): .object(members.map { .init(key: $0.key, value: numbers(of: $0.value)) })
    default: value
    }
  }
}
