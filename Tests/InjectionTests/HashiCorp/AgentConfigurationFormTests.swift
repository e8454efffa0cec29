import Injection
import ManifestText
import TestSupport
import Testing

/// The agents' configuration as text: what base64 would say, and nothing that anything on its way takes for a variable.
@Suite struct AgentConfigurationFormTests {
  private static func dialects(_ form: AgentConfigurationForm, isExact: Bool = false) -> [any Dialect] {
    var settings = HashiCorpSettings()
    settings.configurationForm = form
    return [HashiCorpDialect(HashiCorpDialect.Settings(settings, isExact: isExact))]
  }

  private func injected(_ pod: Value, _ form: AgentConfigurationForm, isExact: Bool = false) throws -> Value? {
    let dialects = Self.dialects(form, isExact: isExact)
    let document = try Fixtures.document(JSONWriter.compact(pod))
    let plan = Injector(dialects: dialects, policy: FindingPolicy(isExact: true)).plan(for: document)
    guard plan.refusals.isEmpty, !plan.isEmpty else { return nil }
    let result = try plan.result()
    return try result.root.map(result.value)
  }

  /// The configurations of a pod's agents, by name.
  private func configurations(of pod: Value) -> [(name: String, text: String)] {
    ["initContainers", "containers"].flatMap { pod["spec"]?[$0]?.array ?? [] }.flatMap { container in
      (container["env"]?.array ?? []).filter { $0["name"] == "VAULT_CONFIG" }.map {
        (container["name"]?.string ?? "", $0["value"]?.string ?? "")
      }
    }
  }

  @Test(arguments: ["hashicorp/cases.jsonl", "hashicorp/random.jsonl"])
  func bothFormsSayTheSame(_ file: String) throws {
    var compared = 0
    for verdict in try Fixtures.jsonLines(file) {
      let pod = try #require(verdict["input"])
      guard let base64 = try injected(pod, .base64), let text = try injected(pod, .text) else { continue }
      let (expected, found) = (configurations(of: base64), configurations(of: text))
      #expect(expected.map(\.name) == found.map(\.name))
      for (expected, found) in zip(expected, found) {
        guard let json = Base64.decoded(expected.text.utf8) else { continue }
        let read = try Fixtures.value(Array(found.text.utf8))
        expectEqual(read, try Fixtures.value(json), "\(verdict["name"]?.string ?? "")")
        // Kubernetes, Flux and envsubst leave it as it is.
        for start in ["$(", "${", "$$"] { #expect(!found.text.contains(start), "\(found.text)") }
        compared += 1
      }
    }
    #expect(compared > 100)
  }

  private static let pod: Value = [
    "apiVersion": "v1", "kind": "Pod",
    "metadata": [
      "name": "web",
      "annotations": [
        "vault.hashicorp.com/agent-inject": "true", "vault.hashicorp.com/role": "web",
        "vault.hashicorp.com/agent-inject-template-db":
          "{{ $a := 1 }}$(POD_IP) ${x} $$(y) $$$ $ <&> 'é' \"\\\n\t\u{2028}\u{1F600}$",
      ],
    ],
    "spec": ["containers": [["name": "web", "image": "nginx:1.25"]]],
  ]

  @Test func dollarsAreEscapedWhereTheyBeginSomething() throws {
    let pod = try #require(try injected(Self.pod, .text))
    let text = try #require(configurations(of: pod).first?.text)
    #expect(text.contains(#"{{ $a := 1 }}\u0024(POD_IP) \u0024{x} \u0024\u0024(y) \u0024\u0024$ $ <&> 'é' \"\\\n\t"#))
    let template = try Fixtures.value(Array(text.utf8))["template"]?.array?.first?["contents"]
    #expect(template == Self.pod["metadata"]?["annotations"]?["vault.hashicorp.com/agent-inject-template-db"])
  }

  @Test func exactKnowsOneForm() throws {
    #expect(try injected(Self.pod, .text, isExact: true) == injected(Self.pod, .base64, isExact: true))
  }

  /// All laws hold, and one form is refreshed to the other.
  @Test(arguments: 0..<60) func laws(_ seed: Int) {
    var generator = ManifestGenerator(seed: UInt64(seed), language: .hashicorp)
    let bytes = Array(generator.document().utf8)
    let (base64, text) = (Laws(dialects: Self.dialects(.base64)), Laws(dialects: Self.dialects(.text)))
    text.check(bytes, "seed \(seed)")
    let policy = FindingPolicy(isExact: true)
    let (encoder, writer) = (
      Injector(dialects: base64.dialects, policy: policy), Injector(dialects: text.dialects, policy: policy)
    )
    let old = base64.transformed(bytes, by: encoder, "seed \(seed)")
    let new = text.transformed(old, by: writer, "seed \(seed), as text")
    expectSame(new, text.transformed(bytes, by: writer, "seed \(seed)"), "seed \(seed): refreshed")
    expectSame(base64.transformed(new, by: encoder, "seed \(seed)"), old, "seed \(seed): and back")
  }
}
