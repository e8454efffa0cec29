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

  let injector: Injector

  init() throws {
    let files = try TalendConfiguration.File.allCases.map {
      ($0, try Fixtures.source("talend/config/\($0.rawValue)"))
    }
    let configuration = try TalendConfiguration(files: Dictionary(uniqueKeysWithValues: files))
    let settings = TalendDialect.Settings(TalendSettings(), configuration: configuration, isExact: false)
    injector = Injector(dialects: [TalendDialect(settings)])
  }

  @Test func everyVerdictAgrees() throws {
    let cases = try Fixtures.jsonLines("talend/cases.jsonl")
    #expect(cases.count == 938)
    for verdict in cases { try check(verdict) }
  }

  private func check(_ verdict: Value) throws {
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
      expectEqual(try injected(plan).normalized, expected, name)
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
