import Injection
import ManifestText
import Testing
import Workloads

/// Settings of the command line.
@Suite struct ConfigurationOptionsTests {
  /// What is said about an assignment: the message, and the hint on a line of its own.
  private func complaint(_ assignments: String...) -> String {
    var configuration = Configuration()
    do {
      for assignment in assignments { try configuration.set(assignment: assignment) }
      try configuration.check()
      return "nothing"
    } catch {
      #expect(error.severity == .error && error.range == nil)
      return "\(error.message)\n\(error.hint ?? "no hint")"
    }
  }

  private func podPathComplaint(_ options: String...) -> String {
    var configuration = Configuration()
    do {
      try configuration.set(podPaths: options)
      return "nothing"
    } catch {
      return "\(error.message)\n\(error.hint ?? "no hint")"
    }
  }

  private func setting(_ assignments: String...) throws -> TalendSettings {
    var configuration = Configuration()
    for assignment in assignments { try configuration.set(assignment: assignment) }
    return configuration.values.talend
  }

  // MARK: Values

  @Test func everyKindOfValue() throws {
    #expect(try setting("vault.namespace=a=b").vaultNamespace == "a=b")
    #expect(try setting("vault.namespace=true").vaultNamespace == "true")
    #expect(try setting("vault.tls.skipVerify=true").tlsSkipVerify)
    #expect(try setting("vault.tls.skipVerify=yes", "vault.tls.skipVerify=off").tlsSkipVerify == false)
    #expect(try setting("token.expirationSeconds=7200").tokenExpirationSeconds == 7200)
    #expect(try setting("security.runAsUser=off").runAsUser == nil)
    #expect(try setting("security.runAsUser=off", "security.runAsUser=65534").runAsUser == 65534)
    #expect(try setting("security.runAsGroup=0").runAsGroup == 0)
    #expect(try setting("imagePullSecrets=a,b.c").imagePullSecrets == ["a", "b.c"])
    #expect(try setting("imagePullSecrets=").imagePullSecrets == [])
    #expect(try setting("renderer=consul-template").renderer == .consulTemplate)
    #expect(try setting("sidecars=native").sidecars == .native)
    #expect(try setting("imagePullPolicy=").imagePullPolicy == "")
    #expect(try setting("agent.resources.limits.cpu=").agentResources.limitsCPU == "")
    #expect(try setting("agent.resources.limits.cpu=1.5").agentResources.limitsCPU == "1.5")
    #expect(try setting("talend.annotationPrefix=").annotationPrefix == "")
    #expect(try setting("templates.permissions=0640").filePermissions == "0640")
    #expect(try setting("templates.renderInterval=1h30m").renderInterval == "1h30m")
  }

  @Test(arguments: [
    "http://vault:8200", "https://vault.example.com", "https://[::1]:8200/base",
    "https://vault.${DOMAIN}:8200",
  ]) func address(_ text: String) throws {
    #expect(try setting("vault.address=\(text)").vaultAddress == text)
  }

  @Test func laterWins() throws {
    var configuration = Configuration()
    #expect(configuration.origin(of: "vault.address") == .builtIn)
    try configuration.set(assignment: "vault.address=http://one")
    try configuration.set(assignment: "vault.address=http://two")
    #expect(configuration.values.talend.vaultAddress == "http://two")
    #expect(configuration.origin(of: "vault.address") == .option("--set"))
    try configuration.set("vault.address", to: "http://three", option: "--vault-addr")
    #expect(configuration.values.talend.vaultAddress == "http://three")
    #expect("\(configuration.origin(of: "vault.address"))" == "--vault-addr")
    #expect("\(configuration.origin(of: "image"))" == "built in")
  }

  // MARK: Messages

  @Test func noAssignment() {
    #expect(
      complaint("vault.address") == """
        `--set vault.address` has no =
        write --set PATH=VALUE, such as vault.namespace=team-a
        """)
    #expect(
      complaint("") == """
        the value of --set is empty
        write --set PATH=VALUE, such as vault.namespace=team-a
        """)
  }

  @Test func unknownPath() {
    #expect(complaint("vault.adress=x") == "there is no setting `vault.adress`\ndid you mean vault.address?")
    #expect(
      complaint("colour=x") == "there is no setting `colour`\n`config export` prints every setting there is")
    #expect(complaint("=x") == "a setting has to have a name\n`config export` prints every setting there is")
  }

  @Test func group() {
    #expect(
      complaint("vault=x") == """
        `--set vault` is a group of settings
        set one of them: address, namespace, tls
        """)
    #expect(complaint("podPaths=x") == "`--set` does not reach into podPaths\nuse --pod-path GROUP/KIND=PATH")
    #expect(
      complaint("podPaths.a/B=x") == "`--set` does not reach into podPaths\nuse --pod-path GROUP/KIND=PATH")
  }

  @Test(arguments: [
    ("vault.address=vault:8200", "cannot be `vault:8200`", "a URL such as https://vault.example.com:8200"),
    ("vault.address=ftp://v", "cannot be `ftp://v`", "a URL such as https://vault.example.com:8200"),
    ("vault.address=http://", "cannot be `http://`", "a URL such as https://vault.example.com:8200"),
    ("vault.address=http://:1", "cannot be `http://:1`", "a URL such as https://vault.example.com:8200"),
    ("vault.address=http://a b", "cannot be `http://a b`", "a URL such as https://vault.example.com:8200"),
    ("vault.tls.skipVerify=maybe", "cannot be `maybe`", "true or false"),
    ("vault.tls.skipVerify=", "is empty", "true or false"),
    ("vault.tls.skipVerify=1", "cannot be a number", "true or false"),
    ("vault.tls.caKey=/ca.crt", "cannot be `/ca.crt`", "a key of a ConfigMap or Secret, such as ca.crt"),
    ("token.expirationSeconds=60", "cannot be `60`", "a whole number from 600 to 4294967296"),
    ("token.expirationSeconds=1h", "cannot be `1h`", "a whole number from 600 to 4294967296"),
    ("token.expirationSeconds=700.5", "cannot be `700.5`", "a whole number from 600 to 4294967296"),
    ("token.expirationSeconds=true", "cannot be a boolean", "a whole number from 600 to 4294967296"),
    (
      "security.runAsUser=0", "cannot be `0`",
      "a whole number from 1 to 2147483647, or off to leave it to the cluster"
    ),
    ("consulTemplate.image=", "is empty", "an image such as registry.example.com/vault:2.0.4"),
    ("image=a b", "cannot be `a b`", "an image such as registry.example.com/vault:2.0.4"),
    ("program=", "is empty", "text"),
    (
      "auth.kubernetes.path=auth/kubernetes", "cannot be `auth/kubernetes`",
      "the path the auth method is mounted at, without auth/ in front"
    ),
    (
      "auth.approle.roleIdFile=/x", "cannot be `/x`",
      "the name of a file on the secrets volume, such as approle_roleid"
    ),
    (
      "auth.approle.roleIdFile=../x", "cannot be `../x`",
      "the name of a file on the secrets volume, such as approle_roleid"
    ),
    ("templates.wait.min=5", "cannot be `5`", "a duration such as 30s, 5m or 1h30m"),
    ("templates.wait.min=1d", "cannot be `1d`", "a duration such as 30s, 5m or 1h30m"),
    ("templates.wait.min=5 m", "cannot be `5 m`", "a duration such as 30s, 5m or 1h30m"),
    ("templates.permissions=rw", "cannot be `rw`", "permissions in octal, such as 0644"),
    ("templates.permissions=0888", "cannot be `0888`", "permissions in octal, such as 0644"),
    ("volumes.secretsSize=", "is empty", "a quantity such as 64Mi"),
    ("volumes.secretsSize=16MB", "cannot be `16MB`", "a quantity such as 64Mi"),
    (
      "agent.resources.limits.cpu=1 core", "cannot be `1 core`",
      "a quantity such as 100m or 64Mi, or \"\" to leave it out"
    ),
    (
      "talend.annotationPrefix=a/", "cannot be `a/`",
      "what stands before the slash in annotations, such as sidecar.vault.talend.org"
    ),
    (
      "imagePullSecrets=a,,b", "has an empty name among others",
      "a list of names, [one, another] in a file and one,another in an option"
    ),
    (
      "imagePullSecrets=a, b", "cannot be ` b`",
      "a list of names, [one, another] in a file and one,another in an option"
    ),
    ("agent.logLevel=loud", "cannot be `loud`", "trace, debug, info, warn or error"),
    ("renderer=", "is empty", "agent or consul-template"),
    (
      "imagePullPolicy=Sometimes", "cannot be `Sometimes`",
      "Always, IfNotPresent, Never or \"\" to leave it to Kubernetes"
    ),
  ]) func unfit(_ assignment: String, _ message: String, _ accepted: String) {
    let path = assignment.prefix { $0 != "=" }
    #expect(complaint(assignment) == "`--set \(path)` \(message)\nit has to be \(accepted)")
  }

  /// HashiCorp's webhook starts with each of these; what it then says of a pod is the injection's to say.
  @Test(arguments: [
    "vault.address=", "image=", "hashicorp.auth.type=", "hashicorp.auth.path=", "hashicorp.auth.minBackoff=x",
    "hashicorp.auth.maxBackoff=1µs", "hashicorp.auth.maxBackoff=0", "hashicorp.staticSecretRenderInterval=often",
    "hashicorp.defaultTemplate=", "hashicorp.defaultTemplate=JSON", "hashicorp.resources.limits.cpu=+1",
    "hashicorp.resources.requests.memory=much", "hashicorp.security.runAsUser=", "hashicorp.security.runAsUser=x",
    "hashicorp.security.runAsGroup=+7", "hashicorp.security.runAsGroup=9223372036854775808",
  ]) func whatTheWebhookTakes(_ assignment: String) throws {
    var configuration = Configuration()
    try configuration.set(assignment: assignment)
    #expect(configuration.values != Configuration().values)
    // The file that `config view` prints says the same again.
    var again = Configuration()
    try again.read(SourceText(name: "x.yaml", bytes: Array(ConfigurationText.view(configuration).utf8)))
    #expect(again.values == configuration.values)
  }

  @Test func nearestChoice() {
    #expect(
      complaint("sidecars=nativ") == """
        `--set sidecars` cannot be `nativ`
        did you mean native? it has to be auto, container or native
        """)
    #expect(
      complaint("vault.tls.skipVerify=ture") == """
        `--set vault.tls.skipVerify` cannot be `ture`
        did you mean true? it has to be true or false
        """)
  }

  @Test func credentialsAreNotRepeated() {
    #expect(
      complaint("vault.address=https://user:secret@vault:8200") == """
        `--set vault.address` holds a user name or password, which every reader of the manifests would see
        leave out what stands before the @
        """)
  }

  @Test func twoCertificateAuthorities() {
    #expect(
      complaint("vault.tls.caConfigMap=a", "vault.tls.caSecret=b") == """
        `vault.tls.caConfigMap` and `vault.tls.caSecret` are both set
        set one of them to ""
        """)
    #expect(
      complaint("vault.tls.caConfigMap=a", "vault.tls.caSecret=b", "vault.tls.caConfigMap=") == "nothing")
  }

  @Test func optionOfItsOwn() {
    var configuration = Configuration()
    #expect(
      throws: Diagnostic(
        rule: .invalidSetting, message: "`--vault-addr` cannot be `vault`",
        hint: "it has to be a URL such as https://vault.example.com:8200")
    ) { try configuration.set("vault.address", to: "vault", option: "--vault-addr") }
  }

  // MARK: Pod paths

  @Test func podPaths() throws {
    var configuration = Configuration()
    try configuration.set(podPaths: [
      "example.com/Widget=spec.template", "Thing=.", "/Other=spec.pod",
      "example.com/Widget=spec.tasks[*].template",
    ])
    let paths = configuration.values.podPaths
    #expect(paths.map(\.name) == ["example.com/Widget", "Thing", "Other"])
    #expect(paths.map(\.paths) == [["spec.template", "spec.tasks[*].template"], ["."], ["spec.pod"]])
    let kind = try #require(paths.first?.workloadKind)
    #expect((kind.group, kind.kind) == ("example.com", "Widget"))
    #expect(kind.templates.map(\.steps) == [["spec", "template"], ["spec", "tasks", "*", "template"]])
    #expect(configuration.origin(of: "podPaths.example.com/Widget") == .option("--pod-path"))
  }

  @Test func podPathOfAKnownKindKeepsThatItsPodsEnd() throws {
    var configuration = Configuration()
    try configuration.set(podPaths: ["batch/Job=spec.other"])
    #expect(configuration.values.podPaths.first?.workloadKind.endsItsPods == true)
  }

  @Test func podPathMessages() {
    #expect(
      podPathComplaint("a/B") == """
        `--pod-path a/B` has no =
        write --pod-path GROUP/KIND=PATH, such as example.com/Widget=spec.template
        """)
    let kinds = "kinds are written GROUP/KIND, such as example.com/Widget, and KIND alone in the core group"
    #expect(podPathComplaint("=spec") == "`--pod-path` cannot be for ``\n\(kinds)")
    #expect(podPathComplaint("a/=spec") == "`--pod-path` cannot be for `a/`\n\(kinds)")
    #expect(
      podPathComplaint("widget.example.com=s") == "`--pod-path` cannot be for `widget.example.com`\n\(kinds)")
    #expect(podPathComplaint("a/b/c/d=spec") == "`--pod-path` cannot be for `a/b/c/d`\n\(kinds)")
    #expect(
      podPathComplaint("a/v1/B=spec") == "`--pod-path` cannot be for `a/v1/B`\nleave the version out: a/B")
    let paths = "a path is written spec.template or spec.tasks[*].template; . is the object itself"
    #expect(podPathComplaint("a/B=") == "`--pod-path` cannot be ``\n\(paths)")
    #expect(podPathComplaint("a/B=.spec") == "`--pod-path` cannot be `.spec`\n\(paths)")
    #expect(
      podPathComplaint("a/B=spec.tasks[0]") == """
        `--pod-path` cannot be `spec.tasks[0]`
        every element of a list is meant, written [*]
        """)
  }
}
