import Foundation
import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

/// The webhook's recorded verdicts on pods, each to be reached again, and what templates must become.
@Suite struct HashiCorpFixtureTests {
  /// The webhook sees pods after the token is mounted; where it is not, we bring our own.
  static let tokenMessage = "error creating new agent sidecar: failed to find service account volume mount"

  /// A file of verdicts, and how many there are.
  private static let files = [
    ("hashicorp/cases", 597), ("hashicorp/random", 297), ("hashicorp/config", 48), ("openbao/cases", 645),
    ("openbao/config", 87),
  ]

  @Test(arguments: files) func everyVerdictAgrees(_ file: String, _ count: Int) throws {
    let verdicts = try Fixtures.jsonLines("\(file).jsonl")
    #expect(verdicts.count == count)
    for verdict in verdicts { try check(verdict, file) }
  }

  /// Without `--exact` pods differ by the seccomp profile of the agents, by how these start, and by spelling; agents take
  /// no token that is meant for AWS, and mount nothing where they mount something already.
  @Test(arguments: files.map(\.0)) func improvementsAreThoseDocumented(_ file: String) throws {
    for verdict in try Fixtures.jsonLines("\(file).jsonl") where verdict["outcome"] == "injected" {
      let name = verdict["name"]?.string ?? ""
      let document = try Fixtures.document(JSONWriter.pretty(try #require(verdict["input"])), name: name)
      let config = verdict["config"] ?? [:]
      let exact = try injected(injector(config, of: file, rewrites: false).plan(for: document)).judged
      if exact.agents.contains(where: { $0.logsInAsAWS || $0.mountsTwice }) { continue }
      let improved = try injected(injector(config, of: file, isExact: false).plan(for: document)).judged
      expectEqual(improved.withoutImprovements, exact.withoutImprovements, name)
    }
  }

  @Test func everyTemplateAgrees() throws {
    let cases = try Fixtures.jsonLines("hashicorp/client-side.jsonl")
    #expect(cases.count == 12)
    for verdict in cases {
      let name = verdict["name"]?.string ?? ""
      let template = try #require(verdict["template"])
      let expected = try #require(verdict["expected"]).judged
      let bare = injector().plan(for: try Fixtures.document(JSONWriter.pretty(template), name: name))
      expectEqual(try injected(bare).judged, expected, name)
      var deployment: Value = ["apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"]]
      deployment["spec"] = ["template": template]
      let plan = injector().plan(for: try Fixtures.document(JSONWriter.pretty(deployment), name: name))
      expectEqual(try #require(try injected(plan)["spec"]?["template"]).judged, expected, "\(name) in a Deployment")
    }
  }

  private func check(_ verdict: Value, _ file: String) throws {
    let name = verdict["name"]?.string ?? ""
    let document = try Fixtures.document(JSONWriter.pretty(try #require(verdict["input"])), name: name)
    let plan = injector(verdict["config"] ?? [:], of: file).plan(for: document)
    let outcome = try #require(plan.objects.first?.outcome)
    switch (verdict["outcome"]?.string, outcome) {
    case ("skipped", .unchanged): #expect(plan.edits.isEmpty, "\(name)")
    case ("rejected", .refused(let diagnostic)):
      try checkMessages(of: verdict, diagnostic, document.source, name)
    case ("rejected", .injected):
      #expect(verdict["messages"] == [.string(Self.tokenMessage)], "\(name)")
      let volumes = try injected(plan)["spec"]?["volumes"]?.array ?? []
      #expect(volumes.contains { $0["name"]?.string?.hasSuffix("-agent-token") == true }, "\(name)")
    case ("injected", .injected):
      expectEqual(try injected(plan).judged, try #require(verdict["pod"]).judged, name)
    default: Issue.record("\(name): expected \(verdict["outcome"]?.string ?? "nothing"), got \(outcome)")
    }
  }

  private func checkMessages(
    of verdict: Value, _ diagnostic: Diagnostic, _ source: SourceText, _ name: String
  ) throws {
    let messages = verdict["messages"]?.array?.compactMap(\.string) ?? []
    // The webhook stops at the token's mount, which we do not miss; the pod may have further faults.
    if messages == [Self.tokenMessage] { return }
    // What follows is the text of Go's decoder.
    let expected = messages.map { $0.range(of: "json: cannot").map { String(messages[0][..<$0.lowerBound]) } ?? $0 }
    #expect(
      expected.contains { diagnostic.message.contains($0) || $0.isEmpty }, "\(name): \(diagnostic.message) \(messages)")
    #expect(diagnostic.hint?.isEmpty == false && diagnostic.range != nil, "\(name): \(diagnostic)")
  }

  private func injected(_ plan: DocumentPlan) throws -> Value {
    let result = try plan.edits.spliced()
    var pod = try result.value(of: #require(result.root))
    for prefix in ["vault.hashicorp.com", "openbao.org"] {
      pod["metadata"]?["annotations"]?["\(prefix)/injection"] = nil
    }
    return pod
  }

  private func injector(
    _ config: Value = [:], of file: String = "hashicorp", isExact: Bool = true, rewrites: Bool = true
  ) -> Injector {
    let options = DialectOptions(isExact: isExact)
    var settings = OpenBaoSettings(webhook: config)
    if !rewrites { settings.vaultAnnotations = .keep }
    let dialect: any Dialect =
      file.hasPrefix("openbao")
      ? OpenBaoDialect(settings, options) : HashiCorpDialect(HashiCorpSettings(webhook: config), options)
    return Injector(
      dialects: [dialect], namespace: config["Namespace"]?.string, policy: FindingPolicy(isExact: true))
  }
}

extension OpenBaoSettings {
  /// The settings that the webhook's own options stand for, which are recorded under HashiCorp's names.
  init(webhook config: Value) {
    self.init()
    vaultAnnotations = config["RewriteVaultAnnotations"] == false ? .keep : .rewrite
    let program = agents.program
    agents = HashiCorpSettings(webhook: config)
    agents.program = program
    if config["ImageVault"] == nil { agents.image = "openbao/openbao:1.16.1" }
    if config["VaultAddress"] == nil { agents.vaultAddress = "http://openbao.openbao.svc:8200" }
  }
}

extension HashiCorpSettings {
  /// The settings that the webhook's own options of these names stand for.
  init(webhook config: Value) {
    self.init()
    for member in config.members ?? [] {
      let text = member.value.string ?? ""
      switch member.key {
      case "VaultAddress": vaultAddress = text
      case "VaultAuthType": authType = text
      case "VaultAuthPath": authPath = text
      case "VaultNamespace": vaultNamespace = text
      case "VaultCACertBytes": caCertBytes = text
      case "ProxyAddress": proxyAddress = text
      case "ImageVault": image = text
      case "RevokeOnShutdown": revokeOnShutdown = member.value == true
      case "UserID": runAsUser = text
      case "GroupID": runAsGroup = text
      case "SameID": runAsSameUser = member.value == true
      case "SetSecurityContext": setsSecurityContext = member.value == true
      case "DefaultTemplate": defaultTemplate = text
      case "ResourceRequestCPU": resources.requestsCPU = text
      case "ResourceRequestMem": resources.requestsMemory = text
      case "ResourceRequestEphemeral": resources.requestsEphemeralStorage = text
      case "ResourceLimitCPU": resources.limitsCPU = text
      case "ResourceLimitMem": resources.limitsMemory = text
      case "ResourceLimitEphemeral": resources.limitsEphemeralStorage = text
      case "ExitOnRetryFailure": exitOnRetryFailure = member.value == true
      case "StaticSecretRenderInterval": staticSecretRenderInterval = text
      case "MaxConnectionsPerHost": maxConnectionsPerHost = 42
      case "AuthMinBackoff": authMinBackoff = text
      case "AuthMaxBackoff": authMaxBackoff = text
      case "DisableIdleConnections": disableIdleConnections = text.split(separator: ",").map(String.init)
      case "DisableKeepAlives": disableKeepAlives = text.split(separator: ",").map(String.init)
      // The flags exist, and the webhook never applies them.
      case "LeaseRenewalThreshold", "ShareProcessNamespace", "Namespace", "RewriteVaultAnnotations": break
      default: Issue.record("no setting stands for \(member.key)")
      }
    }
  }
}

extension Value {
  /// The pod as it is compared: configurations decoded, what is absent to Kubernetes left out, and quantities as
  /// Kubernetes writes them (the webhook rewrites those of init containers it moves; we leave them as they are).
  fileprivate var judged: Value { decodingConfigurations.canonicalizingQuantities.normalized }

  private var canonicalizingQuantities: Value {
    switch self {
    case .array(let elements): .array(elements.map(\.canonicalizingQuantities))
    case .object(let members):
      .object(
        members.map { member in
          let isList = member.key == "limits" || member.key == "requests"
          return Member(
            key: member.key, value: isList ? member.value.canonicalAmounts : member.value.canonicalizingQuantities)
        })
    default: self
    }
  }

  private var canonicalAmounts: Value {
    guard let members else { return self }
    return .object(
      members.map { member in
        let text = member.value.string.flatMap { try? Quantity.canonical($0) }
        return Member(key: member.key, value: text.map(Value.string) ?? member.value)
      })
  }

  /// Without the seccomp profile, the start in its former words, and references without the version they have anyway.
  fileprivate var withoutImprovements: Value {
    switch self {
    case .array(let elements): return .array(elements.map(\.withoutImprovements))
    case .object(let members):
      let isReference = self["fieldPath"] != nil
      return .object(
        members.filter { $0.key != "seccompProfile" && !(isReference && $0.key == "apiVersion") }.map {
          Member(key: $0.key, value: $0.value.withoutImprovements)
        })
    case .string(let text) where text.hasPrefix("echo \"$"):
      let lines = text.split(separator: "\n")
      let variable = lines[0].dropFirst("echo \"$".count).prefix { $0 != "\"" }
      return .string("echo ${\(variable)?}" + lines[0].dropFirst("echo \"$\(variable)\"".count) + " && " + lines[2])
    // The images of OpenBao have the program in different places, and it looks for its token in another file.
    // Where no image is named, ours is a release.
    case .string(let text) where text.hasPrefix("openbao/openbao:"): return .string("openbao/openbao")
    case .string(let text) where text.hasPrefix("/bin/sleep"):
      return .string(
        text.replacing("&& /bin/bao ", with: "&& bao ").replacing(
          "BAO_TOKEN=$(cat /home/openbao/.openbao-token) ", with: ""))
    default: return self
    }
  }

  /// The containers that were injected, whatever a patch called them.
  fileprivate var agents: [Value] {
    ["initContainers", "containers"].flatMap { self["spec"]?[$0]?.array ?? [] }.filter { container in
      container["env"]?.array?.contains {
        ["VAULT_CONFIG", "VAULT_ADDR", "BAO_CONFIG", "BAO_ADDR"].contains($0["name"])
      } ?? false
    }
  }

  private var mountPaths: [String] { self["volumeMounts"]?.array?.compactMap { $0["mountPath"]?.string } ?? [] }

  fileprivate var logsInAsAWS: Bool { mountPaths.contains { $0.contains("eks.amazonaws.com") } }

  fileprivate var mountsTwice: Bool { Set(mountPaths).count < mountPaths.count }

  private var decodingConfigurations: Value {
    switch self {
    case .array(let elements): return .array(elements.map(\.decodingConfigurations))
    case .object(let members):
      if let name = self["name"], ["VAULT_CONFIG", "BAO_CONFIG"].contains(name), let text = self["value"]?.string,
        let data = Data(base64Encoded: text)
      {
        return ["name": name, "value": .string(String(decoding: data, as: UTF8.self))]
      }
      return .object(members.map { Member(key: $0.key, value: $0.value.decodingConfigurations) })
    default: return self
    }
  }
}
