import Injection
import ManifestText
import Testing

/// Settings in files.
@Suite struct ConfigurationFileTests {
  private func read(_ text: String, _ name: String = "c.yaml") throws -> Configuration {
    var configuration = Configuration()
    try configuration.read(SourceText(name: name, bytes: Array(text.utf8)))
    return configuration
  }

  /// Where it is, what is said, and the hint on a line of its own.
  private func complaint(_ text: String) -> String {
    let source = SourceText(name: "c.yaml", bytes: Array(text.utf8))
    var configuration = Configuration()
    do {
      try configuration.read(source)
      return "nothing"
    } catch {
      let place = error.range.map { "\(source.location(of: $0.lowerBound)): " } ?? ""
      return "\(place)\(error.message)\n\(error.hint ?? "no hint")"
    }
  }

  @Test func yaml() throws {
    let configuration = try read(
      """
      # ours
      vault:
        address: https://vault.example.com:8200   # the new one
        tls: {skipVerify: yes, caKey: 'x.pem'}
      security: {runAsUser: off, runAsGroup: null}
      imagePullSecrets:
        - one
        - another
      templates:
        permissions: 0600
      agent: &a
        resources:
          limits: {cpu: 1, memory: ""}
      babysitter:
      podPaths:
        example.com/Widget: spec.template
        Thing: [spec.a, "spec.b[*].c"]
      """)
    let talend = configuration.values.talend
    #expect(talend.vaultAddress == "https://vault.example.com:8200")
    #expect(talend.tlsSkipVerify && talend.caKey == "x.pem")
    #expect(talend.runAsUser == nil && talend.runAsGroup == nil)
    #expect(talend.imagePullSecrets == ["one", "another"])
    #expect(talend.filePermissions == "0600")
    #expect(talend.agentResources.limitsCPU == "1" && talend.agentResources.limitsMemory == "")
    #expect(configuration.values.podPaths.map(\.paths) == [["spec.template"], ["spec.a", "spec.b[*].c"]])
    #expect("\(configuration.origin(of: "vault.address"))" == "c.yaml:3:3")
    #expect("\(configuration.origin(of: "vault.tls.caKey"))" == "c.yaml:4:26")
    #expect("\(configuration.origin(of: "podPaths.Thing"))" == "c.yaml:17:3")
    #expect(configuration.origin(of: "vault.namespace") == .builtIn)
  }

  @Test func json() throws {
    let configuration = try read(#"{"vault": {"address": "http://v"}, "security": {"runAsUser": null}}"#)
    #expect(configuration.values.talend.vaultAddress == "http://v")
    #expect(configuration.values.talend.runAsUser == nil)
  }

  @Test func pathsInOneKey() throws {
    #expect(try read("vault.address: http://v\nvault: {tls.caKey: k}").values.talend.caKey == "k")
  }

  @Test func alias() throws {
    let text = "agent: {resources: &r {limits: {cpu: 7}}}\nbabysitter: {resources: *r}"
    #expect(try read(text).values.talend.babysitterResources.limitsCPU == "7")
  }

  @Test(arguments: [
    "", "# nothing\n", "---\n", "---\n# nothing\n---\n# more\n", "{}", "null\n", "vault:\npodPaths:\n",
  ])
  func nothing(_ text: String) throws {
    #expect(try read(text) == Configuration())
  }

  @Test func laterFileWins() throws {
    var configuration = try read(
      "image: one\nagent: {logLevel: debug}\npodPaths: {A: spec.a, B: spec.b}", "first.yaml")
    try configuration.read(
      SourceText(name: "second.yaml", bytes: Array("image: two\npodPaths: {A: spec.c}".utf8)))
    #expect(configuration.values.talend.image == "two")
    #expect(configuration.values.talend.logLevel == "debug")
    #expect(configuration.values.podPaths.map(\.paths) == [["spec.c"], ["spec.b"]])
    #expect("\(configuration.origin(of: "image"))" == "second.yaml:1:1")
    #expect("\(configuration.origin(of: "agent.logLevel"))" == "first.yaml:2:9")
    #expect("\(configuration.origin(of: "podPaths.A"))" == "second.yaml:2:12")
    try configuration.set(assignment: "image=three")
    try configuration.set(podPaths: ["A=spec.d"])
    #expect(configuration.values.talend.image == "three")
    #expect(configuration.values.podPaths.first?.paths == ["spec.d"])
  }

  // MARK: Messages

  @Test func unknownKey() {
    #expect(
      complaint("vault:\n  adress: x") == """
        c.yaml:2:3: there is no setting `vault.adress`
        did you mean vault.address?
        """)
    #expect(
      complaint("logLevel: debug") == """
        c.yaml:1:1: there is no setting `logLevel`
        did you mean agent.logLevel?
        """)
    #expect(
      complaint("image: x\nflavour: y") == """
        c.yaml:2:1: there is no setting `flavour`
        `config export` prints every setting there is
        """)
  }

  @Test(arguments: [
    (
      "vault: x", "1:8: `vault` cannot be a string",
      "it has to be a map; its keys are address, namespace, tls"
    ),
    (
      "vault: [x]", "1:8: `vault` cannot be a list",
      "it has to be a map; its keys are address, namespace, tls"
    ),
    (
      "vault:\n  address: [x]", "2:12: `vault.address` cannot be a list",
      "it has to be a URL such as https://vault.example.com:8200"
    ),
    (
      "vault:\n  address: {}", "2:12: `vault.address` cannot be a map",
      "it has to be a URL such as https://vault.example.com:8200"
    ),
    (
      "vault:\n  address:", "2:11: `vault.address` cannot be null",
      "it has to be a URL such as https://vault.example.com:8200"
    ),
    (
      "consulTemplate:\n  image: ''", "2:10: `consulTemplate.image` is empty",
      "it has to be an image such as registry.example.com/vault:2.0.4"
    ),
    (
      "vault: {address: \"vault:8200\"}", "1:18: `vault.address` cannot be `vault:8200`",
      "it has to be a URL such as https://vault.example.com:8200"
    ),
    ("vault: {namespace: true}", "1:20: `vault.namespace` cannot be a boolean", "it has to be text; put it in quotes"),
    (
      "vault:\n  tls: {skipVerify: \"ja\"}", "2:21: `vault.tls.skipVerify` cannot be `ja`",
      "it has to be true or false"
    ),
    (
      "sidecars: natives", "1:11: `sidecars` cannot be `natives`",
      "did you mean native? it has to be auto, container or native"
    ),
    (
      "startupSeconds: 0", "1:17: `startupSeconds` cannot be `0`",
      "it has to be a whole number from 1 to 86400"
    ),
    (
      "startupSeconds: x", "1:17: `startupSeconds` cannot be `x`",
      "it has to be a whole number from 1 to 86400"
    ),
    (
      "security:\n  runAsUser:", "2:13: `security.runAsUser` is empty",
      "it has to be a whole number from 1 to 2147483647, or off to leave it to the cluster"
    ),
    (
      "imagePullSecrets: x", "1:19: `imagePullSecrets` cannot be a string",
      "it has to be a list of names, [one, another] in a file and one,another in an option"
    ),
    (
      "imagePullSecrets:\n- name: x", "2:1: `imagePullSecrets` cannot be a list that holds a map",
      "it has to be a list of names, [one, another] in a file and one,another in an option"
    ),
    (
      "podPaths: x", "1:11: `podPaths` cannot be a string",
      "it has to be a map from GROUP/KIND to the path of its pod template"
    ),
    (
      "podPaths:\n  a/B: 1", "2:8: `podPaths.a/B` cannot be a number",
      "it has to be a path such as spec.template, or a list of paths"
    ),
    (
      "podPaths:\n  a/B: []", "2:8: `podPaths.a/B` cannot be an empty list",
      "it has to be a path such as spec.template, or a list of paths"
    ),
    (
      "podPaths:\n  a/B: [a, b..c]", "2:12: `podPaths.a/B` cannot be `b..c`",
      "a path is written spec.template or spec.tasks[*].template; . is the object itself"
    ),
    ("podPaths:\n  a/v1/B: x", "2:3: `podPaths` cannot be for `a/v1/B`", "leave the version out: a/B"),
    (
      "[vault]", "1:1: a configuration is a map of settings, and this is a list",
      "`config export` prints a file to start from"
    ),
    (
      "apiVersion: v1\nkind: Service", "2:1: this is a Kubernetes manifest, not a configuration",
      "`config export` prints a file to start from; the injector's ConfigMap goes with --webhook-config"
    ),
    (
      "image: a\n---\nimage: b", "3:1: a second document begins here, and a configuration is only one",
      "put the settings into the first document"
    ),
    (
      "image: a\nimage: b", "2:1: the key `image` stands twice in this map, first in line 1, column 1",
      "remove one of the two: tools disagree on which of them counts"
    ),
    (
      "podPaths:\n  A: a\n  A: b", "3:3: the key `A` stands twice in this map, first in line 2, column 3",
      "remove one of the two: tools disagree on which of them counts"
    ),
    (
      "vault:\n\taddress: x", "2:1: this line is indented with a tab",
      "indent with spaces: YAML allows no tabs there"
    ),
  ]) func message(_ text: String, _ message: String, _ hint: String) {
    #expect(complaint(text) == "c.yaml:\(message)\n\(hint)")
  }

  @Test func nothingIsTakenFromABrokenFile() {
    var configuration = Configuration()
    #expect(throws: Diagnostic.self) {
      try configuration.read(SourceText(name: "c", bytes: Array("image: x\nrenderer: y".utf8)))
    }
    #expect(configuration == Configuration())
  }
}
