import Foundation
import Injection
import ManifestText
import Output
import TestSupport
import Testing
import VaultInjectCLI

/// What becomes of what pods ask: which path in which policy, under which name, with which role.
@Suite struct PolicyDraftTests {
  // MARK: Paths

  @Test(arguments: [
    ("{{ with secret \"secret/a\" }}{{ .Data.x }}{{ end }}", [String](), "read secret/a"),
    ("{{ with secret \"secret/a\" }}{{ .Data.data.x }}{{ end }}", [], "read secret/data/a"),
    ("{{ with secret \"secret/a\" }}{{ .Data.x }}{{ end }}", ["2"], "read secret/data/a"),
    ("{{ with secret \"secret/a\" }}{{ .Data.data.x }}{{ end }}", ["1"], "read secret/a"),
    ("{{ with secret \"secret/a\" }}{{ .Data.data.x }}{{ end }}", ["secret=1"], "read secret/a"),
    ("{{ with secret \"team/kv/a\" }}{{ .Data.x }}{{ end }}", ["team/kv=2"], "read team/kv/data/a"),
    ("{{ with secret \"team/kv/a\" }}{{ .Data.x }}{{ end }}", ["team=1", "team/kv=2"], "read team/kv/data/a"),
    ("{{ with secret \"database/creds/a\" }}{{ .Data.x }}{{ end }}", ["2"], "read database/creds/a"),
    ("{{ with secret \"database/a\" }}{{ .Data.x }}{{ end }}", ["database=2"], "read database/data/a"),
    ("{{ range secrets \"secret/a\" }}{{ . }}{{ end }}", ["2"], "list secret/metadata/a"),
    ("{{ range secrets \"secret/metadata/a\" }}{{ . }}{{ end }}", [], "list secret/metadata/a"),
    (
      "{{ with secret \"transit/encrypt/k\" \"plaintext=eA==\" }}{{ .Data.x }}{{ end }}", [], "update transit/encrypt/k"
    ),
    ("{{ with secret \"secret/data/a\" \"x=1\" }}{{ .Data.x }}{{ end }}", [], "create update secret/data/a"),
    ("{{ with pkiCert \"pki/issue/a\" \"common_name=b\" }}{{ .Cert }}{{ end }}", ["2"], "update pki/issue/a"),
    (
      "{{ with secret \"secret/a\" }}{{ .Data.x }}{{ end }}{{ range secrets \"secret/a\" }}{{ . }}{{ end }}", ["1"],
      "read list secret/a"
    ),
  ])
  func pathsAndCapabilities(_ template: String, _ engines: [String], _ expected: String) throws {
    let (policies, _) = try drafted([pod(template: template)], engines: engines)
    let rules = policies.flatMap(\.rules).map { rule in
      (rule.capabilities.map(\.rawValue) + [rule.path]).joined(separator: " ")
    }
    #expect(rules == [expected])
  }

  @Test func ruleOrderIsThatOfPaths() throws {
    let template = ["b", "a/z", "a", "B"].map { "{{ with secret \"kv/data/\($0)\" }}{{ .Data.x }}{{ end }}" }.joined()
    let (policies, _) = try drafted([pod(template: template)])
    #expect(policies.flatMap(\.rules).map(\.path) == ["kv/data/B", "kv/data/a", "kv/data/a/z", "kv/data/b"])
  }

  @Test(arguments: ["x", "3", "=2", "secret=", "secret=3", "2=", "/=1", ""])
  func unknownVersions(_ text: String) {
    var versions = KVVersions()
    let isTaken = versions.add(text)
    #expect(!isTaken && versions == KVVersions())
  }

  // MARK: Roles

  @Test(arguments: ["../../x", "a/..", "./a", "."])
  func rolesThatLeadElsewhereAreRefused(_ role: String) {
    #expect(throws: Diagnostic.self) { try drafted([pod(role: role)]) }
  }

  @Test func workloadsWithOneRoleArePutTogether() throws {
    let pods = [pod(name: "b", account: "two"), pod(name: "a", account: "one"), pod(name: "a", account: "one")]
    let (policies, findings) = try drafted(pods)
    let policy = try #require(policies.first)
    #expect(policies.count == 1 && policy.name == "web")
    #expect(policy.workloads.map(\.name) == ["Deployment/a", "Deployment/b"])
    #expect(policy.role.accountNames == ["one", "two"] && policy.role.namespaces == ["shop"])
    #expect(!findings.contains { $0.rule == .sharedRole })
  }

  /// A role takes each account in each namespace.
  @Test func rolesOfTwoNamespacesArePointedOut() throws {
    let (policies, findings) = try drafted([pod(account: "a"), pod(namespace: "bank", account: "b")])
    #expect(policies.map(\.role.strangers) == [["bank/a", "shop/b"]])
    #expect(findings.filter { $0.rule == .sharedRole }.count == 1)
  }

  @Test func audiences() throws {
    let both = [pod(), pod(namespace: "shop", name: "b", audience: "vault")]
    let (policies, findings) = try drafted(both)
    #expect(policies.map(\.role.audience) == [nil])
    #expect(findings.contains { $0.rule == .unequalAudiences })
    let (own, none) = try drafted([pod(audience: "vault")])
    #expect(own.map(\.role.audience) == ["vault"] && !none.contains { $0.rule == .unequalAudiences })
  }

  @Test func addresses() throws {
    let pods = [
      pod(extra: "vault.hashicorp.com/service: https://a"), pod(extra: "vault.hashicorp.com/service: https://b"),
    ]
    let (policies, findings) = try drafted(pods)
    #expect(policies.count == 1 && findings.contains { $0.rule == .severalAddresses })
  }

  @Test func otherMethods() throws {
    let pods = [pod(extra: "vault.hashicorp.com/auth-type: aws\n      vault.hashicorp.com/auth-config-type: iam")]
    let (policies, findings) = try drafted(pods)
    #expect(policies.map(\.role.isTold) == [false])
    #expect(
      findings.filter { $0.rule == .untoldRole }.map(\.message) == [
        "Deployment/web in shop logs in by aws, whose roles are not written here"
      ])
  }

  // MARK: Names

  @Test(arguments: [
    (["web"], "{role}", ["web"]), (["Web Shop"], "{role}", ["web-shop"]), (["-/.x"], "{role}", ["x"]),
    (["web"], "app-{role}-read", ["app-web-read"]), (["default"], "{role}", ["kubernetes-default"]),
    (["root", "ROOT"], "{role}", ["kubernetes-root", "kubernetes-root-2"]), (["日本"], "{role}", ["policy"]),
    (["a", "b"], "one", ["kubernetes-a", "kubernetes-b"]),
  ])
  func names(_ roles: [String], _ pattern: String, _ expected: [String]) throws {
    let pods = roles.map { pod(role: $0) }
    let (policies, _) = try drafted(pods, naming: PolicyNaming(pattern))
    let names = policies.map(\.name)
    if pattern == "one" {
      #expect(Set(names).count == 2)
    } else {
      #expect(names == expected)
    }
  }

  /// One role at two mounts is two roles.
  @Test func mountsTellRolesOfOneNameApart() throws {
    let pods = [pod(), pod(extra: "vault.hashicorp.com/auth-path: auth/eu/k8s")]
    let (policies, _) = try drafted(pods)
    #expect(policies.map(\.name).sorted() == ["eu-k8s-web", "kubernetes-web"])
    let namespaces = [pod(), pod(extra: "vault.hashicorp.com/namespace: team/a")]
    let papers = PolicyPapers(
      policies: try drafted(namespaces).policies, gaps: [], lifetime: .usual, program: "vault")
    #expect(papers.policies.map(\.name) == ["web", "web"])
    #expect(papers.files.map(\.name).sorted() == ["team.a.web.hcl", "web.hcl"])
  }

  @Test func charactersThatDoNotShowAreRefused() throws {
    let template = "{{ with secret \"kv/data/a\u{202E}b\" }}{{ .Data.data.x }}{{ end }}"
    #expect(throws: Diagnostic.self) { try drafted([pod(template: template)]) }
  }

  // MARK: Commands

  /// Of a value that begins with `@` the program would read a file, and at a comma it would split one.
  @Test(arguments: [("@shop", ""), ("shop", "a,b"), ("shop", "-"), ("shop", "\\@x")])
  func valuesThatAreMoreThanTextsAreHandedOverAsJSON(_ namespace: String, _ audience: String) throws {
    let (policies, _) = try drafted([pod(namespace: "\"\(namespace)\"", audience: audience)])
    let papers = PolicyPapers(policies: policies, gaps: [], lifetime: .usual, program: "vault")
    let text = PolicyFormat.commands.text(of: papers)
    let parts = text.components(separatedBy: "vault write auth/kubernetes/role/web - <<'EOF'\n")
    let json = try #require(parts.last?.components(separatedBy: "\nEOF\n").first)
    let value = try #require(Value(json: Array(json.utf8)))
    #expect(parts.count == 2 && value["bound_service_account_namespaces"] == [.string(namespace)])
    #expect((value["audience"]?.string ?? "") == audience)
  }

  @Test func plainValuesAreWords() throws {
    let (policies, _) = try drafted([pod(audience: "https://vault.example.com")])
    let papers = PolicyPapers(policies: policies, gaps: [], lifetime: .usual, program: "my bao")
    let text = PolicyFormat.commands.text(of: papers)
    #expect(text.contains("'my bao' write auth/kubernetes/role/web \\\n  bound_service_account_names=web \\\n"))
    #expect(text.contains("  audience=https://vault.example.com \\\n"))
  }

  // MARK: Lifetimes

  @Test(arguments: [("1h", 3600), ("90", 90), ("1h30m", 5400), ("2m5s", 125)])
  func lifetimes(_ text: String, _ seconds: Int) { #expect(TokenLifetime(text)?.seconds == seconds) }

  @Test(arguments: ["", "0", "h", "1", "1d", "-1h", "1h5", "1 h", "999999999h", "9999999999"].filter { $0 != "1" })
  func noLifetimes(_ text: String) { #expect(TokenLifetime(text) == nil) }

  // MARK: Helpers

  private func pod(
    template: String = "{{ with secret \"kv/data/a\" }}{{ .Data.data.x }}{{ end }}", role: String = "web",
    namespace: String = "shop", name: String = "web", account: String = "web", audience: String = "",
    extra: String = ""
  ) -> (text: String, audience: String) {
    func json(_ text: String) -> String { String(decoding: JSONWriter.compact(.string(text)), as: UTF8.self) }
    let text = """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: \(name), namespace: \(namespace)}
      spec:
        template:
          metadata:
            annotations:
              vault.hashicorp.com/agent-inject: "true"
              vault.hashicorp.com/role: \(json(role))
              vault.hashicorp.com/agent-inject-template-f: \(json(template))
              \(extra.replacing("\n      ", with: "\n        "))
          spec:
            serviceAccountName: \(json(account))
            containers:
              - {name: app, image: busybox}

      """
    return (text, audience)
  }

  private func drafted(
    _ pods: [(text: String, audience: String)], engines: [String] = [], naming: PolicyNaming = PolicyNaming()
  ) throws -> (policies: [VaultPolicy], findings: [Diagnostic]) {
    var versions = KVVersions()
    for engine in engines {
      let isTaken = versions.add(engine)
      #expect(isTaken)
    }
    var draft = PolicyDraft(versions, naming)
    var findings: [Diagnostic] = []
    for pod in pods {
      var configuration = Configuration()
      if !pod.audience.isEmpty { try configuration.set(assignment: "token.audience=\(pod.audience)") }
      let source = SourceText(name: "x.yaml", bytes: Array(pod.text.utf8))
      let dialects = Dialects.all.map { $0.init(configuration, DialectOptions(isExact: false)) }
      let reader = AccessReader(dialects: dialects).informed(by: source)
      for object in try DocumentStream(source).flatMap({ try reader.read(Document($0, of: source)) }) {
        #expect(object.plan.refusals.isEmpty && !object.pods.isEmpty)
        let workload = PolicyWorkload(
          name: object.plan.object?.displayName ?? "", namespace: object.namespace,
          location: source.location(of: object.plan.offset ?? 0))
        for pod in object.pods {
          findings += try draft.add(pod, of: workload) { source.location(of: $0.lowerBound) }
        }
      }
    }
    let result = draft.policies()
    return (result.policies, findings + result.findings)
  }
}
