import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

/// Native sidecars, and Jobs, which no webhook tells from other pods.
@Suite struct HashiCorpSidecarTests {
  private func injected(
    _ annotations: [String: String], kind: String = "Deployment", exact: Bool = false,
    settings: HashiCorpSettings = HashiCorpSettings()
  ) throws -> (spec: Value, findings: [Diagnostic]) {
    var template: Value = ["metadata": [:], "spec": ["containers": [["name": "app"]]]]
    template["spec"]?["initContainers"] = [["name": "migrate"]]
    let every = ["agent-inject": "true", "role": "web", "agent-inject-secret-db": "secret/db"]
      .merging(annotations) { $1 }
    let members = every.sorted { $0.key < $1.key }
      .map { Value.Member(key: "vault.hashicorp.com/\($0.key)", value: .string($0.value)) }
    template["metadata"] = ["annotations": .object(members)]
    let group = kind == "Deployment" ? "apps" : "batch"
    let workload: Value = [
      "apiVersion": .string("\(group)/v1"), "kind": .string(kind), "spec": ["template": template],
    ]
    let dialect = HashiCorpDialect(HashiCorpDialect.Settings(settings, isExact: exact))
    let plan = Injector(dialects: [dialect]).plan(for: try Fixtures.document(JSONWriter.pretty(workload)))
    let result = try plan.result()
    let root = try #require(result.root)
    let value = try result.value(of: root)
    return (try #require(value["spec"]?["template"]?["spec"]), plan.objects[0].findings)
  }

  private func names(_ list: Value?) -> [String] { list?.array?.compactMap { $0["name"]?.string } ?? [] }

  @Test func nativeSidecarTakesTheInitContainersPlace() throws {
    let (spec, findings) = try injected(["agent-native-sidecar": "true"])
    #expect(names(spec["containers"]) == ["app"])
    #expect(names(spec["initContainers"]) == ["migrate", "vault-agent"])
    #expect(names(spec["volumes"]) == ["vault-agent-token", "home-sidecar", "vault-secrets"])
    #expect(names(spec["initContainers"]?.array?[0]["volumeMounts"]) == ["vault-secrets"])
    let agent = try #require(spec["initContainers"]?.array?[1])
    #expect(agent["restartPolicy"] == "Always")
    let files = agent["startupProbe"]?["exec"]?["command"]?.array?.suffix(2)
    #expect(files == ["/home/vault/.vault-token", "/vault/secrets/db"])
    #expect(findings.isEmpty)
  }

  @Test func settingMakesEveryAgentNative() throws {
    var settings = HashiCorpSettings()
    settings.sidecars = .native
    settings.startupSeconds = 17
    let agent = try injected(["agent-init-first": "true"], settings: settings).spec["initContainers"]?.array?[0]
    #expect(agent?["name"] == "vault-agent")
    #expect(agent?["startupProbe"]?["failureThreshold"] == 17)
    let container = try injected(["agent-native-sidecar": "false"], settings: settings).spec["containers"]
    #expect(names(container) == ["app", "vault-agent"])
  }

  @Test func webhookKnowsNoNativeSidecars() throws {
    var settings = HashiCorpSettings()
    settings.sidecars = .native
    let (spec, _) = try injected(["agent-native-sidecar": "true"], exact: true, settings: settings)
    #expect(names(spec["containers"]) == ["app", "vault-agent"])
    #expect(names(spec["initContainers"]) == ["migrate", "vault-agent-init"])
  }

  @Test func podThatDoesNotWaitHasNoProbe() throws {
    let (spec, _) = try injected(["agent-native-sidecar": "true", "agent-pre-populate": "false"])
    #expect(spec["initContainers"]?.array?[1]["startupProbe"] == nil)
    #expect(spec["initContainers"]?.array?[0]["volumeMounts"] == nil)
  }

  /// What a config map makes the agent render, nobody knows here.
  @Test func configMapKeepsTheInitContainer() throws {
    let (spec, _) = try injected(["agent-native-sidecar": "true", "agent-configmap": "config"])
    #expect(names(spec["initContainers"]) == ["migrate", "vault-agent-init", "vault-agent"])
    #expect(spec["initContainers"]?.array?[2]["startupProbe"] == nil)
  }

  @Test func cacheNeedsNotOutliveAnInitContainer() throws {
    let (spec, _) = try injected(["agent-native-sidecar": "true", "agent-cache-enable": "true"])
    #expect(!names(spec["volumes"]).contains("vault-agent-cache"))
  }

  @Test func patchHasTheLastWord() throws {
    let patch = #"[{"op": "add", "path": "/startupProbe", "value": {"exec": {"command": ["true"]}}}]"#
    let agent = try injected(["agent-native-sidecar": "true", "agent-json-patch": patch])
      .spec["initContainers"]?.array?[1]
    #expect(agent?["startupProbe"] == ["exec": ["command": ["true"]]])
    #expect(agent?["restartPolicy"] == "Always")
  }

  @Test func jobsEnd() throws {
    let (native, notes) = try injected([:], kind: "Job")
    #expect(names(native["initContainers"]) == ["migrate", "vault-agent"])
    #expect(notes.map(\.rule) == [.jobRunsNatively])
    let (once, nothing) = try injected(["agent-pre-populate-only": "true"], kind: "Job")
    #expect(names(once["initContainers"]) == ["migrate", "vault-agent-init"])
    #expect(nothing.isEmpty)
    let (endless, warnings) = try injected(["agent-native-sidecar": "false"], kind: "Job")
    #expect(names(endless["containers"]) == ["app", "vault-agent"])
    #expect(warnings.map(\.rule) == [.jobNeverCompletes])
    let (exact, same) = try injected([:], kind: "Job", exact: true)
    #expect(names(exact["containers"]) == ["app", "vault-agent"])
    #expect(same.map(\.rule) == [.fluxSubstitution, .jobNeverCompletes])
  }
}
