import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

/// The webhook's recorded verdicts on 938 pods, each to be reached again.
@Suite struct TalendFixtureTests {
  static let prefix = "sidecar.vault.talend.org"
  static let tokenMessage =
    "Volume Mount for path /var/run/secrets/kubernetes.io/serviceaccount not found in submitted pod"

  private let configuration: TalendConfiguration

  init() throws {
    let files = try TalendConfiguration.File.allCases.map {
      ($0, try Fixtures.source("talend/config/\($0.rawValue)"))
    }
    configuration = try TalendConfiguration(files: Dictionary(uniqueKeysWithValues: files))
  }

  /// Without `--exact`, and with agents in containers, pods differ by spelling alone: they are written as the API server
  /// stores them.
  @Test(arguments: [true, false]) func everyVerdictAgrees(isExact: Bool) throws {
    let cases = try Fixtures.jsonLines("talend/cases.jsonl")
    #expect(cases.count == 938)
    var operatorSettings = TalendSettings()
    operatorSettings.sidecars = .container
    let settings = TalendDialect.Settings(operatorSettings, configuration: configuration, isExact: isExact)
    let injector = Injector(dialects: [TalendDialect(settings)], policy: FindingPolicy(isExact: true))
    for verdict in cases { try check(verdict, by: injector, isExact: isExact) }
  }

  private func check(_ verdict: Value, by injector: Injector, isExact: Bool) throws {
    let name = verdict["name"]?.string ?? ""
    let input = try #require(verdict["input"])
    let document = try Fixtures.document(JSONWriter.pretty(input), name: name)
    let plan = injector.plan(for: document)
    let outcome = try #require(plan.objects.first?.outcome)
    switch (verdict["outcome"]?.string, outcome) {
    case ("skipped", .unchanged):
      #expect(plan.edits.isEmpty, "\(name)")
    case ("rejected", .refused(let diagnostic)):
      let messages = verdict["messages"]?.array?.compactMap(\.string) ?? []
      // The webhook stops at the token's mount, which we do not miss; the pod may have further faults.
      if messages == [Self.tokenMessage] { return }
      #expect(messages.contains { diagnostic.message.contains($0) }, "\(name): \(diagnostic.message) \(messages)")
    case ("rejected", .injected):
      #expect(verdict["messages"] == [.string(Self.tokenMessage)], "\(name)")
      let volumes = try injected(plan)["spec"]?["volumes"]?.array ?? []
      let token = input["metadata"]?["annotations"]?["\(Self.prefix)/sa-token"]?.string ?? ""
      guard token.isEmpty || token == "/var/run/secrets/kubernetes.io/serviceaccount/token" else { return }
      #expect(volumes.contains { $0["name"] == "tvsi-sa-token" }, "\(name)")
    case ("injected", .injected):
      let expected = try #require(verdict["pod"]).normalized
      let pod = try injected(plan).normalized
      expectEqual(isExact ? pod : pod.withoutVersions, isExact ? expected : expected.withoutVersions, name)
    default:
      Issue.record("\(name): expected \(verdict["outcome"]?.string ?? "nothing"), got \(outcome)")
    }
  }

  private func injected(_ plan: DocumentPlan) throws -> Value {
    let result = try plan.edits.spliced()
    var pod = try result.value(of: #require(result.root))
    pod["metadata"]?["annotations"]?["\(Self.prefix)/injection"] = nil
    return pod
  }
}

extension Value {
  /// References to fields without the version that they have anyway.
  fileprivate var withoutVersions: Value {
    switch self {
    case .array(let elements): return .array(elements.map(\.withoutVersions))
    case .object(let members):
      let isReference = self["fieldPath"] != nil
      return .object(
        members.filter { !(isReference && $0.key == "apiVersion") }.map {
          Member(key: $0.key, value: $0.value.withoutVersions)
        })
    default: return self
    }
  }
}
