import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

/// What the guard says of pods, beside what is injected: it never refuses what this program makes.
@Suite struct GuardJudgeTests {
  private static let address = CommonDefaults.vaultAddress

  private static func guardian(
    _ facts: [GuardFacts], allowing images: [AgentImage] = [], workloads: Bool = true
  ) -> Guard {
    Guard(
      name: "guard", facts: facts, allowing: images, action: .deny, coversWorkloads: workloads,
      exempt: ExemptNamespaces(labels: []))
  }

  // MARK: What is injected passes

  private struct Manner: CustomTestStringConvertible {
    let testDescription: String
    let talend: TalendDialect
    let hashiCorp: HashiCorpDialect

    init(_ name: String, isExact: Bool = false, _ change: (inout TalendSettings, inout HashiCorpSettings) -> Void) {
      var (talend, hashiCorp) = (TalendSettings(), HashiCorpSettings())
      change(&talend, &hashiCorp)
      testDescription = name
      self.talend = TalendDialect(TalendDialect.Settings(talend, isExact: isExact))
      self.hashiCorp = HashiCorpDialect(HashiCorpDialect.Settings(hashiCorp, isExact: isExact))
    }
  }

  private static let manners = [
    Manner("usual") { _, _ in },
    Manner("exact", isExact: true) { _, _ in },
    Manner("native") { talend, hashiCorp in (talend.sidecars, hashiCorp.sidecars) = (.native, .native) },
    Manner("text") { _, hashiCorp in hashiCorp.configurationForm = .text },
    Manner("Consul Template") { talend, _ in talend.renderer = .consulTemplate },
    Manner("another Vault") { talend, hashiCorp in
      (talend.vaultAddress, hashiCorp.vaultAddress) = ("https://v.example.com/a?b&c", "https://v.example.com/a?b&c")
    },
    Manner("another image") { talend, hashiCorp in
      (talend.image, hashiCorp.image) = ("registry.test:5000/a/vault", "openbao/openbao@sha256:0123")
    },
    Manner("another prefix") { talend, _ in talend.annotationPrefix = "" },
  ]

  /// Recorded pods that get an agent pass; those that choose an image or a Vault, or patch their agents, may be refused.
  ///
  /// Those that are injected without an agent, as nobody knows their mode, are told that they have none.
  @Test(arguments: manners.indices) func injectedPodsPass(_ index: Int) throws {
    let manner = Self.manners[index]
    let facts = [manner.talend.guardFacts, manner.hashiCorp.guardFacts]
    let injector = Injector(dialects: [manner.talend, manner.hashiCorp], policy: FindingPolicy(isExact: true))
    let judge = GuardJudge(Self.guardian(facts))
    var counts: [String: Int] = [:]
    for path in ["talend/cases.jsonl", "hashicorp/cases.jsonl", "hashicorp/random.jsonl"] {
      for verdict in try Fixtures.jsonLines(path) {
        guard let input = verdict["input"], input["kind"] != nil, !bringsAgents(input, facts) else { continue }
        let name = verdict["name"]?.string ?? ""
        let document = try Fixtures.document(JSONWriter.pretty(renamed(input, to: manner.talend)), name: name)
        let plan = injector.plan(for: document)
        guard case .injected(let added)? = plan.objects.first?.outcome else { continue }
        let result = try plan.edits.spliced()
        let pod = try result.value(of: #require(result.root))
        #expect(judge.refusal(of: input) != nil || index == Self.renaming, "\(name) without its agent")
        if choosesItself(pod) { continue }
        let said = judge.refusal(of: pod)
        if (added.initContainers + added.containers).contains(where: { facts.flatMap(\.agents).contains($0) }) {
          counts[path, default: 0] += 1
          #expect(said == nil, "\(name)")
        } else {
          #expect(said?.contains("but has no Vault agent, although") == true, "\(name)")
        }
      }
    }
    #expect(counts.values.allSatisfy { $0 > 90 } && counts.count == 3, "\(counts)")
  }

  /// The manner in which Talend's annotations have no prefix.
  private static let renaming = manners.count - 1

  private func bringsAgents(_ pod: Value, _ facts: [GuardFacts]) -> Bool {
    ["containers", "initContainers"].flatMap { pod["spec"]?[$0]?.array ?? [] }.contains { container in
      facts.flatMap(\.agents).contains(container["name"]?.string ?? "")
    }
  }

  /// Talend's annotations with the prefix of a dialect.
  private func renamed(_ pod: Value, to dialect: TalendDialect) -> Value {
    guard let annotations = pod["metadata"]?["annotations"]?.members else { return pod }
    var pod = pod
    let members = annotations.map { member -> Value.Member in
      guard let rest = ByteText.rest(of: member.key, after: "\(TalendDialect.prefix)/") else { return member }
      return Value.Member(key: "\(dialect.requestKey.dropLast("inject".count))\(rest)", value: member.value)
    }
    pod["metadata"]?["annotations"] = .object(members)
    return pod
  }

  private func choosesItself(_ pod: Value) -> Bool {
    let keys = pod["metadata"]?["annotations"]?.members?.map(\.key) ?? []
    let both = ["vault.hashicorp.com/agent-inject", "sidecar.vault.talend.org/inject"].allSatisfy(keys.contains)
    return both
      || keys.contains { key in
        ["agent-image", "vault-image", "service", "agent-json-patch", "agent-init-json-patch"].contains {
          key.hasSuffix("/\($0)") || key == $0
        }
      }
  }

  // MARK: What differs

  private static let usual = Manner("usual") { _, _ in }

  private static var judge: GuardJudge {
    GuardJudge(guardian([usual.talend.guardFacts, usual.hashiCorp.guardFacts]))
  }

  private func pod(_ annotations: Value, _ agent: Value, kind: String = "Pod") -> Value {
    [
      "kind": .string(kind), "metadata": ["annotations": annotations],
      "spec": ["containers": [["name": "app"], agent]],
    ]
  }

  private static let asks: Value = ["vault.hashicorp.com/agent-inject": "true"]

  @Test(arguments: [
    ("hashicorp/vault", true), ("hashicorp/vault:1", true), ("docker.io/hashicorp/vault:1", true),
    ("hashicorp/vault@sha256:00", true), ("hashicorp/vault-x:1", false), ("evil/hashicorp/vault:1", false),
    ("hashicorp/vaul", false), ("", false), ("localhost/hashicorp/vault:1", false), ("index.io/hashicorp/vault", false),
  ])
  func images(_ image: String, _ passes: Bool) {
    let said = Self.judge.refusal(of: pod(Self.asks, ["name": "vault-agent", "image": .string(image)]))
    #expect((said == nil) == passes, "\(said ?? "")")
  }

  @Test(arguments: [
    ("vault", ["vault:1", "docker.io/vault:1", "docker.io/library/vault@x"], ["library/vaul:1", "x/vault:1"]),
    ("registry.test/", ["registry.test/a:1", "registry.test/b/c"], ["registry.test", "registry.test.evil/a"]),
    ("registry.test/vault:1.", ["registry.test/vault:1.2"], ["registry.test/vault:2", "registry.test/vault"]),
    ("registry.test:5000/vault", ["registry.test:5000/vault:1"], ["docker.io/registry.test:5000/vault:1"]),
    ("docker.io/hashicorp/vault", ["hashicorp/vault:9"], ["hashicorp/vaults:9"]),
    ("localhost/vault", ["localhost/vault"], ["docker.io/localhost/vault"]),
  ])
  func allowedImages(_ prefix: String, _ passing: [String], _ others: [String]) {
    let image = AgentImage(prefix: prefix)
    #expect(passing.allSatisfy(image.holds) && !others.contains(where: image.holds))
  }

  @Test func imageThatIsMissing() {
    let said = Self.judge.refusal(of: pod(Self.asks, ["name": "vault-agent"]))
    #expect(said == "the image of a Vault agent is not allowed here: vault-agent has none; allowed: hashicorp/vault")
  }

  @Test(
    arguments: [
      [:], ["kind": "Pod"], ["kind": "Deployment", "spec": [:]], ["kind": "Deployment", "spec": ["template": .null]],
      ["kind": "Pod", "metadata": .null], ["kind": "Pod", "metadata": ["annotations": .null]],
      ["kind": "Pod", "metadata": ["annotations": ["vault.hashicorp.com/agent-inject": .null]]],
    ] as [Value])
  func objectsThatLackEverything(_ object: Value) { #expect(Self.judge.refusal(of: object) == nil) }

  @Test(arguments: [[:], ["containers": .null], ["containers": []], .null] as [Value])
  func podsWithoutContainers(_ spec: Value) {
    let object: Value = ["kind": "Pod", "metadata": ["annotations": Self.asks], "spec": spec]
    #expect(Self.judge.refusal(of: object)?.contains("has no Vault agent") == true)
  }

  @Test(arguments: [
    ("vault.hashicorp.com", "agent-pre-populate-only=true agent-pre-populate=false", "remove one of them, and"),
    ("vault.hashicorp.com", "agent-pre-populate-only=1 agent-pre-populate=", "remove one of them, and"),
    ("vault.hashicorp.com", "agent-pre-populate-only=true", "apply -f FILE"),
    ("vault.hashicorp.com", "agent-pre-populate=false", "apply -f FILE"),
    ("sidecar.vault.talend.org", "mode=secret", "write secrets or proxy, and inject"),
    ("sidecar.vault.talend.org", "mode=Proxy", "write secrets or proxy, and inject"),
    ("sidecar.vault.talend.org", "mode=job,x", "write secrets or proxy, and inject"),
    ("sidecar.vault.talend.org", "mode=x,secrets", "apply -f FILE"),
    ("sidecar.vault.talend.org", "mode=job", "apply -f FILE"),
    ("sidecar.vault.talend.org", "mode=", "apply -f FILE"),
    ("sidecar.vault.talend.org", "role=web", "apply -f FILE"),
  ])
  func annotationsThatLeaveNoAgent(_ prefix: String, _ annotations: String, _ remedy: String) {
    var members = [Value.Member(key: "\(prefix)/\(prefix.hasPrefix("vault") ? "agent-" : "")inject", value: "true")]
    for annotation in annotations.split(separator: " ") {
      let parts = annotation.split(separator: "=", omittingEmptySubsequences: false)
      members.append(Value.Member(key: "\(prefix)/\(parts[0])", value: .string(String(parts[1]))))
    }
    let said = Self.judge.refusal(of: pod(.object(members), ["name": "other"]))
    #expect(said?.contains("has no Vault agent") == true && said?.contains(remedy) == true, "\(said ?? "")")
  }

  @Test(arguments: [(256, 1, false), (257, 1, true), (256, 256, false), (256, 257, true), (1, 256, false)])
  func filesThatAreTooMany(_ listed: Int, _ written: Int, _ passes: Bool) {
    let names = (0..<listed).map { "listed\($0)" }.joined(separator: ",")
    let text = (0..<written).map { "destination = \"/opt/talend/secrets/written\($0)\"\n" }.joined()
    let annotations: Value = [
      "sidecar.vault.talend.org/inject": "on", "sidecar.vault.talend.org/secrets-destination": .string(names),
    ]
    let agent: Value = ["name": "tvsi-vault-agent", "image": "hashicorp/vault", "command": ["sh", .string(text)]]
    #expect((Self.judge.refusal(of: pod(annotations, agent)) == nil) == passes)
  }

  @Test func longAndMultilineWords() {
    func said(_ word: String) -> String? {
      Self.judge.refusal(of: pod(["vault.hashicorp.com/agent-inject": .string(word)], ["name": "vault-agent"]))
    }
    #expect(said("tr\nue")?.contains("is \"tr ue\", which") == true)
    #expect(said(String(repeating: "é", count: 61))?.contains("\(String(repeating: "é", count: 60))...\"") == true)
  }

  @Test func sentenceThatIsTooLong() {
    let agents = Value.array(
      (0..<100).map { _ in ["name": "vault-agent", "image": .string(String(repeating: "x", count: 60))] })
    let object: Value = ["kind": "Pod", "metadata": ["annotations": Self.asks], "spec": ["containers": agents]]
    #expect(Self.judge.refusal(of: object) == "the image of a Vault agent is not allowed")
  }

  @Test(arguments: [
    ("a", ["a"], true), ("a,b", ["b", "a"], true), ("a,b", ["a"], false), ("a", ["ab"], false), ("ab", ["a"], false),
    ("a/b.txt", ["a/b.txt"], true), ("a\"b", ["x"], true), ("$a", ["x"], true), ("a", [], true), ("", ["x"], true),
  ])
  func files(_ listed: String, _ written: [String], _ passes: Bool) {
    let text = written.map { "template {\n  destination = \"/opt/talend/secrets/\($0)\"\n}\n" }.joined()
    let annotations: Value = [
      "sidecar.vault.talend.org/inject": "on", "sidecar.vault.talend.org/secrets-destination": .string(listed),
    ]
    let agent: [Value] = [
      ["name": "tvsi-vault-agent", "image": "hashicorp/vault", "command": ["sh", "-c", .string(text)]],
      [
        "name": "tvsi-vault-agent", "image": "hashicorp/vault",
        "env": [["name": "VSI_SECRETS_TEMPLATES_PLACEHOLDER", "value": .string(text)]],
      ],
    ]
    for agent in agent { #expect((Self.judge.refusal(of: pod(annotations, agent)) == nil) == passes) }
  }

  // MARK: Facts

  @Test func noAddressIsJudgedThatNobodyChose() {
    let dialect = HashiCorpDialect(HashiCorpSettings(), DialectOptions(isExact: false))
    #expect(dialect.guardFacts.address != nil)
    var options = DialectOptions(isExact: false)
    options.choosesAddress = false
    let facts = [
      TalendDialect(TalendSettings(), options).guardFacts, HashiCorpDialect(HashiCorpSettings(), options).guardFacts,
    ]
    #expect(facts.allSatisfy { $0.address == nil })
    let text = AdmissionText.text(of: Self.guardian(facts).documents)
    #expect(!text.contains("VAULT_ADDR") && text.contains("# Which Vault the agents of Talend's injector and"))
    #expect(AdmissionText.text(of: Self.guardian([dialect.guardFacts]).documents).contains("VAULT_ADDR"))
  }

  @Test func webhooksConfigurationBringsItsImages() {
    let configuration = TalendConfiguration(containers: [
      ["name": "tvsi-vault-agent", "image": "registry.test/vault:1"],
      ["name": "tvsi-job-babysitter", "image": "other:1"],
    ])
    let facts = TalendDialect(TalendSettings(), DialectOptions(isExact: false, webhook: configuration)).guardFacts
    #expect(facts.images == [AgentImage(repositoryOf: "registry.test/vault")] && facts.address == nil)
  }
}
