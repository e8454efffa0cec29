import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

/// What is told of pods that webhooks were recorded with: compared with what can be seen in the recordings themselves.
@Suite struct MigrationTests {
  private let dialects: [any ConfigurableDialect] = Dialects.all.map {
    $0.init(Configuration(), DialectOptions(isExact: false))
  }

  private var reader: MigrationReader {
    MigrationReader(
      InjectionTerms(dialects: dialects),
      webhooks: Dialects.all.map { $0.init(Configuration(), DialectOptions(isExact: true)) }, kinds: WorkloadKinds(),
      namespace: nil, selection: .everything)
  }

  private static let token = "/var/run/secrets/kubernetes.io/serviceaccount"
  private static let agents = ["vault-agent-init", "vault-agent"]
  private static let files = ["hashicorp/cases.jsonl", "hashicorp/random.jsonl", "talend/cases.jsonl"]

  @Test(arguments: files) func recordedPods(_ file: String) throws {
    var met: [String: Int] = [:]
    for verdict in try Fixtures.jsonLines(file) {
      let name = verdict["name"]?.string ?? ""
      let outcome = verdict["outcome"]?.string ?? ""
      let input = try #require(verdict["input"])
      let pods = try read(input, name).filter { file.hasPrefix($0.dialect) }
      met[outcome, default: 0] += 1
      switch outcome {
      case "injected":
        let pod = try #require(pods.first, "\(name): not told of")
        #expect(pod.state == .asks, "\(name)")
        #expect(pod.webhookRefusal == nil || pod.refusal != nil, "\(name): \(pod.webhookRefusal?.message ?? "")")
        let result = try #require(verdict["pod"])
        try expectTruth(of: result, injectedInto: input, asTold: pod, name, file)
      case "rejected":
        // The kubelet's mount of the token is not in a manifest yet, which the webhook finds in its pod.
        let messages = (verdict["messages"]?.array ?? []).compactMap(\.string)
        let lacksMount = messages.contains {
          $0.contains("service account volume mount") || $0.contains("\(Self.token) not found")
        }
        #expect(lacksMount || pods.allSatisfy { $0.byWebhook == nil }, "\(name): nothing is added to a rejected pod")
      default:
        #expect(pods.allSatisfy { $0.state != .asks || $0.added == nil }, "\(name): nothing asks here")
      }
    }
    #expect(met["injected", default: 0] > 150 && met["rejected", default: 0] > 50)
  }

  /// The recorded pod says who injected it, and what it has beyond the input is what was told.
  private func expectTruth(
    of result: Value, injectedInto input: Value, asTold pod: PodMigration, _ name: String, _ file: String
  ) throws {
    let injected = try #require(read(result, name).first { file.hasPrefix($0.dialect) }, "\(name): not told of")
    #expect(injected.state == .injectedByWebhook, "\(name)")
    // A JSON Patch of the pod's own gives agents other names, and a pod can bring containers of their names.
    let brought = names("initContainers", of: input) + names("containers", of: input)
    guard !patchesAgents(input), !brought.contains(where: Self.agents.contains) else { return }
    for (list, told) in [("initContainers", \InjectionOutcome.Summary.initContainers), ("containers", \.containers)] {
      let truth = names(list, of: result).filter { !names(list, of: input).contains($0) }
      #expect(injected.present?[keyPath: told].sorted() == truth.sorted(), "\(name): \(list) of the injected pod")
      if let byWebhook = pod.byWebhook {
        #expect(byWebhook[keyPath: told].sorted() == truth.sorted(), "\(name): \(list) of the webhook")
      }
    }
  }

  /// What this program injected is told as its own, with what it added, and leaves nothing to do.
  @Test(arguments: files) func ownInjections(_ file: String) throws {
    var count = 0
    for verdict in try Fixtures.jsonLines(file) where verdict["outcome"] == "injected" {
      let name = verdict["name"]?.string ?? ""
      let input = try #require(verdict["input"])
      let document = try Fixtures.document(JSONWriter.pretty(input), name: name)
      let plan = Injector(dialects: dialects).plan(for: document)
      guard plan.refusals.isEmpty, !plan.isEmpty else { continue }
      count += 1
      let before = try #require(reader.read(document).first { $0.state == .asks }, "\(name)")
      let after = try reader.read(plan.result())
      #expect(after.map(\.state) == [.injectedHere], "\(name)")
      if !patchesAgents(input) {
        #expect(after.first?.present?.containers.sorted() == before.added?.containers.sorted(), "\(name)")
      }
      #expect(MigrationSteps(after, inputs: "x").steps.isEmpty, "\(name)")
    }
    #expect(count > 100)
  }

  // MARK: What to do

  /// A webhook is turned off after everything that needs it has been seen to be gone, and uninstalled last of all.
  @Test func orderOfSteps() throws {
    let asking = #"{"vault.hashicorp.com/agent-inject": "true", "vault.hashicorp.com/role": "r"}"#
    let injected = #"{"sidecar.vault.talend.org/inject": "true", "sidecar.vault.talend.org/status": "injected"}"#
    func pods(_ annotations: String, in namespace: String) throws -> [PodMigration] {
      let pod = """
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "\(namespace)",
          "annotations": \(annotations)}, "spec": {"containers": [{"name": "app"}]}}
        """
      return try reader.read(Fixtures.document(Array(pod.utf8), name: namespace))
    }
    let all = try pods(asking, in: "b") + pods(injected, in: "b") + pods(asking, in: "a")
    let steps = MigrationSteps(all, inputs: "-R k8s").steps
    #expect(
      steps.map(\.id) == [
        "preflight", "inject", "verify", "apply", "replace", "check", "turn-off", "check", "turn-off", "turn-off",
        "uninstall", "uninstall",
      ])
    #expect(steps.filter { $0.id == "inject" }.map(\.command) == ["kubectl vault-inject -i -R k8s"])
    #expect(
      steps.filter { $0.id == "check" }.map(\.command) == [
        "kubectl vault-inject migrate pods -n a", "kubectl vault-inject migrate pods -n b",
      ])
    #expect(MigrationSteps([], inputs: "").steps.isEmpty)
  }

  // MARK: Parts

  private func read(_ value: Value, _ name: String) throws -> [PodMigration] {
    try reader.read(Fixtures.document(JSONWriter.pretty(value), name: name))
  }

  /// True for a pod that changes its agents by a JSON Patch of its own, by which they can get other names.
  private func patchesAgents(_ pod: Value) -> Bool {
    (pod["metadata"]?["annotations"]?.members ?? []).contains { $0.key.contains("json-patch") }
  }

  private func names(_ list: String, of pod: Value) -> [String] {
    (pod["spec"]?[list]?.array ?? []).compactMap { $0["name"]?.string }
  }
}
