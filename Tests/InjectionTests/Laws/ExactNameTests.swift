import Injection
import ManifestText
import TestSupport
import Testing

/// Names that differ only in how an accent is composed are two, to Kubernetes and so to every law.
@Suite struct ExactNameTests {
  private static let talend = """
    sidecar.vault.talend.org/inject: "true", sidecar.vault.talend.org/role: r, \
    sidecar.vault.talend.org/secrets-path: secret/a
    """
  private static let hashicorp = """
    vault.hashicorp.com/agent-inject: "true", vault.hashicorp.com/role: r, \
    vault.hashicorp.com/agent-inject-containers: "\u{E9}", vault.hashicorp.com/agent-inject-secret-db: secret/a
    """

  private static func pod(_ annotations: String) -> [UInt8] {
    let text = """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations: {\(annotations), note-\u{E9}: one, note-e\u{301}: other}
      spec:
        containers:
        - name: \u{E9}
          env: [{name: \u{E9}, value: a}, {name: e\u{301}, value: b}]
        - name: e\u{301}
        volumes:
        - {name: \u{E9}, emptyDir: {}}
        - {name: e\u{301}, emptyDir: {}}
      """
    return Array((text + "\n").utf8)
  }

  @Test func bothAreKept() throws {
    let tests = try LawTests()
    for (laws, annotations) in [
      (tests.builtIn, Self.talend), (tests.webhook, Self.talend), (tests.hashicorp, Self.hashicorp),
    ] {
      // Yams takes two such keys of one map for one.
      let outcome = laws.check(Self.pod(annotations), "accents", judgedByYams: false)
      #expect(outcome.injected == 1 && outcome.refusals.isEmpty)
    }
  }

  @Test func onlyTheContainerThatIsNamedGetsSecrets() throws {
    let outcome = try LawTests().hashicorp.check(Self.pod(Self.hashicorp), "accents", judgedByYams: false)
    let containers = try Fixtures.value(outcome.output)["spec"]?["containers"]?.array ?? []
    let mounted = containers.filter { $0["volumeMounts"] != nil }.compactMap { $0["name"]?.string }
    #expect(mounted.contains { $0.utf8.elementsEqual("\u{E9}".utf8) })
    #expect(!mounted.contains { $0.utf8.elementsEqual("e\u{301}".utf8) })
  }
}
