import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

/// Whose annotations those under HashiCorp's prefix are, and what is different without `--exact`.
@Suite struct OpenBaoDialectTests {
  private static let pod = """
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      annotations:
        # who asks
        vault.hashicorp.com/agent-inject: "true" # here
        openbao.org/role: web
        vault.hashicorp.com/role: other
        vault.hashicorp.com/agent-inject-secret-db: secret/data/db
    spec:
      containers:
      - {name: web, image: web}

    """

  private func spoken(_ name: String?, _ setting: String) throws -> [String] {
    var configuration = Configuration()
    try configuration.set(assignment: "openbao.vaultAnnotations=\(setting)")
    return Dialects.spoken(name, configuration).map { $0.name }
  }

  @Test func oldAnnotationsBelongToOneDialect() throws {
    #expect(Dialects.spoken(nil, Configuration()).map { $0.name } == Dialects.names)
    #expect(try spoken(nil, "auto") == ["talend", "hashicorp", "openbao"])
    #expect(try spoken(nil, "ignore") == ["talend", "hashicorp", "openbao"])
    #expect(try spoken(nil, "rewrite") == ["talend", "openbao"])
    #expect(try spoken(nil, "keep") == ["talend", "openbao"])
    #expect(try spoken("hashicorp", "keep") == ["hashicorp"])
  }

  private func annotations(_ setting: String, isExact: Bool, isAlone: Bool = true) throws -> String? {
    var configuration = Configuration()
    try configuration.set(assignment: "openbao.vaultAnnotations=\(setting)")
    var options = DialectOptions(isExact: isExact)
    options.isAlone = isAlone
    let plan = Injector(dialects: [OpenBaoDialect(configuration, options)]).plan(
      for: try Fixtures.document(Array(Self.pod.utf8)))
    #expect(plan.refusals.isEmpty)
    guard !plan.isEmpty else { return nil }
    let lines = String(decoding: try plan.result().source.bytes, as: UTF8.self).split(separator: "\n")
    return lines[5..<(try #require(lines.firstIndex(of: "spec:")))].filter { !$0.contains("/injection:") }
      .map { $0.dropFirst(4) }.joined(separator: "\n")
  }

  @Test func exactlyTheyAreRenamedInTheirPlaces() throws {
    let renamed = """
      # who asks
      openbao.org/agent-inject: "true" # here
      openbao.org/role: web
      openbao.org/agent-inject-secret-db: secret/data/db
      openbao.org/agent-inject-status: injected
      """
    #expect(try annotations("rewrite", isExact: true, isAlone: false) == renamed)
    #expect(try annotations("auto", isExact: true) == renamed)
  }

  @Test func elseTheyStayAsTheyAreWritten() throws {
    let kept = """
      # who asks
      vault.hashicorp.com/agent-inject: "true" # here
      openbao.org/role: web
      vault.hashicorp.com/role: other
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      openbao.org/agent-inject-status: injected
      """
    #expect(try annotations("keep", isExact: true) == kept)
    for setting in ["auto", "rewrite", "keep"] { #expect(try annotations(setting, isExact: false) == kept) }
    #expect(try annotations("ignore", isExact: false) == nil)
    #expect(try annotations("auto", isExact: false, isAlone: false) == nil)
  }

  /// The fork writes the status before it renames the old one over it.
  @Test(arguments: [(true, "update"), (false, "injected")]) func statusIsOverwrittenExactly(
    isExact: Bool, status: String
  ) throws {
    var pod: Value = ["apiVersion": "v1", "kind": "Pod", "metadata": ["name": "web"]]
    pod["metadata"]?["annotations"] = [
      "openbao.org/agent-inject": "true", "openbao.org/role": "web",
      "vault.hashicorp.com/agent-inject-status": "update",
    ]
    pod["spec"] = [
      "containers": [
        [
          "name": "web", "image": "web",
          "volumeMounts": [["name": "t", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"]],
        ]
      ]
    ]
    var settings = OpenBaoSettings()
    settings.vaultAnnotations = .rewrite
    let dialect = OpenBaoDialect(settings, DialectOptions(isExact: isExact))
    let plan = Injector(dialects: [dialect]).plan(for: try Fixtures.document(JSONWriter.pretty(pod)))
    let result = try plan.result()
    let annotations = try result.value(of: #require(result.root))["metadata"]?["annotations"]
    #expect(annotations?["openbao.org/agent-inject-status"] == .string(status))
  }
}
