import Injection
import ManifestText
import TestSupport
import Testing
import VaultInjectCLI
import Workloads

/// What is read of a pod about its agents: how they log in, what they ask, and what cannot be told.
@Suite struct AccessTests {
  // MARK: Requests

  @Test(arguments: [
    (
      "{{ with secret \"kv/data/a\" }}{{ .Data.data.x }}{{ .Data.data.y }}{{ end }}",
      ["read kv/data/a Data.data.x Data.data.y"]
    ),
    (
      "{{ with secret \"pki/issue/w\" \"common_name=a\" }}{{ .Data.certificate }}{{ end }}",
      ["write pki/issue/w Data.certificate"]
    ),
    ("{{ with pkiCert \"pki/issue/w\" \"common_name=a\" }}{{ .Cert }}{{ end }}", ["pkiCert pki/issue/w Cert"]),
    ("{{ range secrets \"kv/metadata/a\" }}{{ . }}{{ end }}", ["list kv/metadata/a *"]),
    (
      "{{ if env \"X\" }}{{ with secret \"kv/b\" }}{{ .Data.x }}{{ end }}{{ end }}", ["read kv/b Data.x on a condition"]
    ),
    ("{{ with secret (printf \"kv/%s\" (env \"X\")) }}{{ .Data.x }}{{ end }}", ["read ? Data.x"]),
    ("{{ with secret (printf \"kv/%s\" \"c\") }}{{ .Data.x }}{{ end }}", ["read kv/c Data.x"]),
    ("{{ file \"/etc/hosts\" }}{{ key \"consul\" }}", []),
    ("{{ define \"unused\" }}{{ secret \"kv/d\" }}{{ end }}plain", []),
  ])
  func requestsOfTemplates(_ template: String, _ expected: [String]) throws {
    let hashicorp = try pod(["vault.hashicorp.com/agent-inject-template-f": template])
    #expect(hashicorp.requests.map(words) == expected)
    #expect(hashicorp.requests.allSatisfy { $0.source == .template(file: "/vault/secrets/f") })
    let talend = try pod(["sidecar.vault.talend.org/secrets-template": template])
    #expect(talend.requests.map(words) == expected)
    #expect(talend.requests.allSatisfy { $0.source == .template(file: "secrets.properties") })
  }

  @Test func defaultTemplates() throws {
    let hashicorp = try pod(["vault.hashicorp.com/agent-inject-secret-db": "kv/data/db?version=2"])
    #expect(hashicorp.requests.map(words) == ["read kv/data/db?version=2 Data.*"])
    #expect(hashicorp.requests[0].requestedPath?.text == "kv/data/db")
    let talend = try pod([
      "sidecar.vault.talend.org/secrets-path": "secret/a,secret/b",
      "sidecar.vault.talend.org/secrets-destination": "a,b",
    ])
    #expect(talend.requests.map(\.path) == ["secret/a", "secret/b"])
    #expect(talend.requests.map(\.source) == [.defaultTemplate(file: "a"), .defaultTemplate(file: "b")])
  }

  /// With other delimiters the default template asks for nothing, or cannot be read.
  @Test func delimitersOfDefaultTemplates() throws {
    let secret = ["vault.hashicorp.com/agent-inject-secret-db": "kv/data/db"]
    let both = try pod(
      secret.merging([
        "vault.hashicorp.com/agent-template-left-delim-db": "[[",
        "vault.hashicorp.com/agent-template-right-delim-db": "]]",
      ]) { one, _ in one })
    #expect(both.requests.isEmpty && both.unknowns.isEmpty)
    let right = try pod(secret.merging(["vault.hashicorp.com/agent-template-right-delim-db": "]]"]) { one, _ in one })
    #expect(right.requests.isEmpty)
    #expect(right.unknowns.map(\.reason) == [.template(file: "/vault/secrets/db")])
  }

  // MARK: Places

  @Test func placesAreThoseOfPaths() throws {
    let source = self.source([
      "sidecar.vault.talend.org/secrets-path": "secret/a,secret/b",
      "sidecar.vault.talend.org/secrets-destination": "a,b",
    ])
    let access = try pod(source)
    #expect(access.requests.map { text($0.range, in: source) } == ["secret/a", "secret/b"])
    let template = self.source([
      "vault.hashicorp.com/agent-inject-template-f": "x{{ with secret \"kv/data/a\" }}{{ .Data.data.x }}{{ end }}"
    ])
    #expect(try pod(template).requests.map { text($0.range, in: template) } == [#"\"kv/data/a\""#])
  }

  /// A pod that was injected is read by its annotations, and every place is one in its text.
  @Test(arguments: [
    ["vault.hashicorp.com/agent-inject-secret-db": "kv/data/db"],
    ["sidecar.vault.talend.org/secrets-path": "kv/data/db"],
  ])
  func injectedPods(_ annotations: [String: String]) throws {
    let source = self.source(annotations)
    let fresh = try pod(source)
    for isExact in [false, true] {
      let dialects = Dialects.all.map { $0.init(Configuration(), DialectOptions(isExact: isExact)) }
      let document = try #require(DocumentStream(source).map { try Document($0, of: source) }.first)
      let injected = try Injector(dialects: dialects).plan(for: document).result()
      let access = try pod(injected.source)
      #expect(access.requests.map(words) == fresh.requests.map(words))
      #expect(access.login?.role == fresh.login?.role && access.login?.mount == fresh.login?.mount)
      #expect(access.login?.account.name == fresh.login?.account.name)
      let place = try #require(access.requests.first).range
      #expect(text(place, in: injected.source).contains("kv/data/db"))
    }
  }

  // MARK: What cannot be told

  @Test(arguments: [
    (["sidecar.vault.talend.org/mode": "proxy"], UnknownAccess.Reason.proxy(port: "8200")),
    (["vault.hashicorp.com/agent-cache-enable": "true"], .proxy(port: "8200")),
    (["vault.hashicorp.com/agent-inject-token": "true"], .tokenFile("/vault/secrets/token")),
    (["vault.hashicorp.com/agent-inject-template-file-x": "/t/x"], .templateFile("/t/x")),
    (["vault.hashicorp.com/agent-inject-template-x": "{{ with"], .template(file: "/vault/secrets/x")),
    (["vault.hashicorp.com/agent-configmap": "elsewhere"], .configMap("elsewhere")),
    (
      ["vault.hashicorp.com/agent-json-patch": #"[{"op": "add", "path": "/env/-", "value": {"name": "A"}}]"#], .patch
    ),
  ])
  func untold(_ annotations: [String: String], _ reason: UnknownAccess.Reason) throws {
    let access = try pod(annotations)
    #expect(access.unknowns.map(\.reason) == [reason])
    #expect(access.unknowns.allSatisfy { $0.range != nil })
  }

  @Test(arguments: [
    ["vault.hashicorp.com/agent-cache-enable": "true", "vault.hashicorp.com/agent-cache-use-auto-auth-token": "false"],
    ["vault.hashicorp.com/agent-enable-quit": "true"],
    ["vault.hashicorp.com/agent-json-patch": #"[{"op": "add", "path": "/tty", "value": true}]"#],
  ])
  func nothingIsUntold(_ annotations: [String: String]) throws { #expect(try pod(annotations).unknowns.isEmpty) }

  // MARK: Login

  @Test func loginOfTalendsPods() throws {
    let login = try #require(
      try pod(
        ["sidecar.vault.talend.org/role": "web"],
        settings: [
          "vault.address=https://vault:8200", "vault.namespace=/team/", "vault.tls.caSecret=ca", "token.audience=vault",
          "auth.kubernetes.path=eu/k8s", "vault.tls.serverName=v.example",
        ]
      ).login)
    #expect(login.address == "https://vault:8200" && login.vaultNamespace == "team")
    #expect(login.method == .kubernetes && login.mount == "eu/k8s" && login.role == "web")
    #expect(login.trust.authority == .secret("ca", key: "ca.crt") && login.trust.serverName == "v.example")
    #expect(login.account == VaultLogin.Account(name: "sa", namespace: "shop", audience: "vault", tokenSeconds: 3607))
  }

  @Test func loginOfHashiCorpsPods() throws {
    let login = try #require(
      try pod([
        "vault.hashicorp.com/role": "web", "vault.hashicorp.com/auth-path": "/auth/k8s/",
        "vault.hashicorp.com/namespace": "team/", "vault.hashicorp.com/tls-secret": "tls",
        "vault.hashicorp.com/ca-cert": "/vault/tls/own.pem", "vault.hashicorp.com/service": "https://v:1",
        "vault.hashicorp.com/tls-skip-verify": "true",
      ]).login)
    #expect(login.address == "https://v:1" && login.vaultNamespace == "team" && login.mount == "k8s")
    #expect(login.trust.authority == .secret("tls", key: "own.pem") && login.trust.skipsVerification)
    #expect(login.account == VaultLogin.Account(name: "sa", namespace: "shop", tokenSeconds: 3600))
  }

  /// What a webhook's own containers say.
  @Test func loginByAWebhooksConfiguration() throws {
    let files = try TalendConfiguration.File.allCases.map { ($0, try Fixtures.source("talend/config/\($0.rawValue)")) }
    let webhook = try TalendConfiguration(files: Dictionary(uniqueKeysWithValues: files))
    let settings = TalendDialect.Settings(TalendSettings(), configuration: webhook, isExact: false)
    let source = self.source(["sidecar.vault.talend.org/secrets-path": "secret/a"])
    let access = try pod(source, by: [TalendDialect(settings)])
    #expect(access.login?.address == "https://vault.test:8200")
    #expect(access.login?.mount == "kubernetes" && access.login?.role == "r")
    #expect(access.requests.map(\.path) == ["secret/a"])
    let placed = self.source(["sidecar.vault.talend.org/secrets-template": "a<VSI_SECRETS_VAULT_SECRETS_PATH>b"])
    #expect(
      try pod(placed, by: [TalendDialect(settings)]).unknowns.map(\.reason) == [.template(file: "secrets.properties")])
  }

  /// An AppRole is told by its role id, whatever else the pod says.
  @Test func appRolesAreNotTold() throws {
    let hashicorp = try pod(["vault.hashicorp.com/auth-type": "approle", "vault.hashicorp.com/role": "web"]).login
    #expect(hashicorp?.method == .appRole && hashicorp?.role == "")
    let talend = try pod(["sidecar.vault.talend.org/auth": "approle"], withLabels: true).login
    #expect(talend?.method == .appRole && talend?.role == "" && talend?.mount == "approle")
  }

  /// The audience of a token that the pod brings itself is what its volume says.
  @Test func tokensOfThePodsOwn() throws {
    let text = """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/role: web
          vault.hashicorp.com/agent-service-account-token-volume-name: own
      spec:
        containers:
          - {name: app, image: busybox, volumeMounts: [{name: own, mountPath: /own}]}
        volumes:
          - name: own
            projected: {sources: [{serviceAccountToken: {path: t, audience: vault, expirationSeconds: 600}}]}
      """
    let account = try pod(SourceText(name: "x", bytes: Array(text.utf8))).login?.account
    #expect(account == VaultLogin.Account(name: "default", namespace: "default", audience: "vault", tokenSeconds: 600))
  }

  /// What a ConfigMap says in place of annotations.
  @Test(arguments: [
    """
    vault { address = "https://in-map" ca_cert = "/ca" tls_skip_verify = true }
    auto_auth {
      method "jwt" { mount_path = "auth/j" namespace = "n/" config = { role = "r" path = "/t" } }
    }
    template { destination = "/d" contents = "{{ with secret \\"kv/m\\" }}{{ .Data.x }}{{ end }}" }
    template { destination = "/e" source = "/tpl" }
    api_proxy { use_auto_auth_token = true }
    listener "tcp" { address = "127.0.0.1:8007" }
    """,
    """
    {"vault": {"address": "https://in-map", "ca_cert": "/ca", "tls_skip_verify": true},
     "auto_auth": [{"method": [{"type": "jwt", "mount_path": "auth/j", "namespace": "n", "config": {"role": "r"}}]}],
     "template": [{"contents": "{{ with secret \\"kv/m\\" }}{{ .Data.x }}{{ end }}"}, {"source": "/tpl"}],
     "cache": {"use_auto_auth_token": "force"}, "listener": [{"tcp": 1, "address": "127.0.0.1:8007"}]}
    """,
  ])
  func configMaps(_ configuration: String) throws {
    let lines = configuration.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    let map =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: shop}\ndata:\n  config.hcl: |\n\(lines)\n"
    let annotations = ["vault.hashicorp.com/agent-configmap": "m", "vault.hashicorp.com/agent-pre-populate": "false"]
    let text = String(decoding: source(annotations).bytes, as: UTF8.self) + "---\n" + map
    let access = try pod(SourceText(name: "x", bytes: Array(text.utf8)))
    let login = try #require(access.login)
    #expect(login.method == .jwt && login.mount == "j" && login.role == "r" && login.vaultNamespace == "n")
    #expect(login.address == "https://in-map" && login.trust.authority == .file("/ca") && login.trust.skipsVerification)
    #expect(access.requests.map(words) == ["read kv/m Data.x"])
    #expect(access.requests.map(\.source) == [.configMap("m", file: "config.hcl")])
    #expect(self.text(access.requests[0].range, in: SourceText(name: "x", bytes: Array(text.utf8))).contains("kv/m"))
    #expect(access.unknowns.map(\.reason) == [.templateFile("/tpl"), .proxy(port: "8007")])
  }

  @Test func configMapsThatLackAFile() throws {
    let map = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: shop}\ndata: {config.hcl: '=('}\n"
    let text = String(decoding: source(["vault.hashicorp.com/agent-configmap": "m"]).bytes, as: UTF8.self) + map
    let reasons = try pod(SourceText(name: "x", bytes: Array(text.utf8))).unknowns.map(\.reason)
    #expect(reasons == [.configurationFile("config-init.hcl", of: "m"), .configurationFile("config.hcl", of: "m")])
  }

  // MARK: Paths

  @Test(arguments: [
    (" /secret/a/ ", "secret/a"), ("secret/a?version=2", "secret/a"), ("secret/a%20b%2Fc", "secret/a b/c"),
    ("secret/100%", "secret/100%"), ("secret/%zz", "secret/%zz"), ("secret/%+1", "secret/%+1"), ("a#b", "a"), ("/", ""),
  ])
  func requestedPaths(_ written: String, _ asked: String) { #expect(RequestedPath(written).text == asked) }

  @Test(arguments: [
    ("secret/a", VaultRequest.Operation.read, "secret/data/a"), ("secret/data/a", .read, "secret/data/a"),
    ("secret/metadata/a", .read, "secret/metadata/a"), ("secret/data", .read, "secret/data/data"),
    ("secret", .list, "secret/metadata"), ("secret/a", .list, "secret/metadata/a"),
    ("secret/metadata/a", .list, "secret/metadata/a"), ("secret/data/a", .list, "secret/metadata/data/a"),
    ("other/a", .read, "other/a"), ("secretly/a", .read, "secretly/a"),
  ])
  func pathsOnKV2(_ path: String, _ operation: VaultRequest.Operation, _ asked: String) {
    #expect(RequestedPath(path).onKV2(at: "secret", for: operation).text == asked)
  }

  // MARK: Helpers

  private func words(_ request: VaultRequest) -> String {
    let fields = request.fields.map { $0.joined(separator: ".") }
    return ([request.operation.rawValue, request.path ?? "?"] + fields).joined(separator: " ")
      + (request.isConditional ? " on a condition" : "")
  }

  private func text(_ range: Range<Int>?, in source: SourceText) -> String {
    range.map { String(decoding: source.bytes[$0], as: UTF8.self) } ?? ""
  }

  private func source(_ annotations: [String: String], withLabels: Bool = false) -> SourceText {
    let isTalend = annotations.keys.contains { $0.hasPrefix("sidecar.vault.talend.org/") }
    let asking =
      isTalend
      ? ["sidecar.vault.talend.org/inject": "true", "sidecar.vault.talend.org/role": "r"]
      : ["vault.hashicorp.com/agent-inject": "true", "vault.hashicorp.com/role": "r"]
    var all = asking.merging(annotations) { _, own in own }
    if withLabels { all["sidecar.vault.talend.org/role"] = nil }
    if isTalend, all["sidecar.vault.talend.org/secrets-path"] == nil {
      all["sidecar.vault.talend.org/secrets-path"] = "secret/default"
    }
    let rows = all.sorted { $0.key < $1.key }.map { key, value in
      "        \(key): \(String(decoding: JSONWriter.compact(.string(value)), as: UTF8.self))"
    }
    let labels =
      withLabels || isTalend ? "labels: {com.talend.application: shop, com.talend.service: web}" : "labels: {}"
    let text = """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        template:
          metadata:
            \(labels)
            annotations:
      \(rows.joined(separator: "\n"))
          spec:
            serviceAccountName: sa
            containers:
              - {name: app, image: busybox}

      """
    return SourceText(name: "x.yaml", bytes: Array(text.utf8))
  }

  private func pod(
    _ annotations: [String: String], settings: [String] = [], withLabels: Bool = false
  ) throws -> VaultAccess {
    try pod(source(annotations, withLabels: withLabels), settings: settings)
  }

  private func pod(_ source: SourceText, settings: [String] = []) throws -> VaultAccess {
    var configuration = Configuration()
    for setting in settings { try configuration.set(assignment: setting) }
    return try pod(source, by: Dialects.all.map { $0.init(configuration, DialectOptions(isExact: false)) })
  }

  private func pod(_ source: SourceText, by dialects: [any ExplainableDialect]) throws -> VaultAccess {
    let reader = AccessReader(dialects: dialects, policy: FindingPolicy(isExact: true)).informed(by: source)
    let objects = try DocumentStream(source).flatMap { try reader.read(Document($0, of: source)) }
    for object in objects { #expect(object.plan.refusals.isEmpty) }
    return try #require(objects.flatMap(\.pods).first)
  }
}
