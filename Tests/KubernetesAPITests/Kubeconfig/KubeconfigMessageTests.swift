import KubernetesAPI
import Testing

/// Every sentence about kubeconfig files and flags, with its place.
@Suite struct KubeconfigMessageTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let change: @Sendable (inout ClientOverrides) -> Void
    let expected: String
    var testDescription: String { name }

    init(
      _ name: String, _ text: String, _ expected: String,
      _ change: @escaping @Sendable (inout ClientOverrides) -> Void = { _ in }
    ) {
      (self.name, self.text, self.change, self.expected) = (name, text, change, expected)
    }
  }

  private static func user(_ user: String) -> String { Sample.kubeconfig(user: user) }
  private static func cluster(_ cluster: String) -> String { Sample.kubeconfig(cluster: cluster) }
  private static let exec = "apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never"

  static let cases: [Case] = [
    Case("syntax", "a: [\n", "/k:2:1: this is not YAML: did not find expected node content while parsing a flow node"),
    Case("list", "- a\n", "/k:1:1: this is not a kubeconfig: it is not a map"),
    Case("kind", "kind: Pod\n", "/k:1:7: the kind of a kubeconfig is `Config`, and here it is `Pod`"),
    Case("apiVersion", "apiVersion: v2\n", "/k:1:13: the apiVersion of a kubeconfig is `v1`, and here it is `v2`"),
    Case("clusters", "clusters: {}\n", "/k:1:11: `clusters` is a map, and has to be a list"),
    Case(
      "twice", "users: [{name: a}, {name: a}]\n", "/k:1:27: the file has a second user named `a`"),
    Case("token", user("{token: 123}"), "/k:12:17: `token` is a number, and has to be a string"),
    Case("base64", user("{client-key-data: 'a b'}"), "/k:12:27: `client-key-data` is not base64"),
    Case(
      "pem", cluster("{server: 'https://a', certificate-authority-data: AAAA}"),
      "/k:9:62: there is no certificate in PEM form"),
    Case(
      "key", user("{client-certificate-data: \(Sample.certificateData)}"),
      "/k:12:9: the user `u` has half of a client certificate: client-key is missing"),
    Case(
      "authority", cluster("{server: 'https://a', certificate-authority: gone}"),
      "/k:9:57: the file /gone does not exist"),
    Case(
      "unreadable", cluster("{server: 'https://a', certificate-authority: secret}"),
      "/k:9:57: the file /secret cannot be read: Permission denied"),
    Case(
      "insecure",
      cluster(
        "{server: 'https://a', insecure-skip-tls-verify: true, certificate-authority-data: \(Sample.certificateData)}"),
      "/k:9:60: a certificate authority is given, and insecure-skip-tls-verify says not to check against it"),
    Case(
      "boolean", cluster("{server: 'https://a', insecure-skip-tls-verify: 'true'}"),
      "/k:9:60: `insecure-skip-tls-verify` is a string, and has to be true or false"),
    Case(
      "proxy", cluster("{server: 'https://a', proxy-url: 'ftp://p'}"),
      "/k:9:45: `proxy-url` has to begin with http://, https:// or socks5://"),
    Case("server", cluster("{server: 'a/b'}"), "/k:9:21: `a/b` is not the address of an API server"),
    Case("no server", cluster("{}"), "/k:9:12: the cluster `cl` has no server"),
    Case(
      "no cluster", "current-context: x\ncontexts: [{name: x, context: {cluster: gone}}]\n",
      "/k:2:41: the context `x` leads to no cluster"),
    Case("current", "current-context: x\n", "the current context is `x`, and there is no such context"),
    Case("nothing", "", "no cluster is configured"),
    Case(
      "both", user("{token: t, username: u}"),
      "/k:12:17: the user `u` has both a token and a name with a password"),
    Case(
      "nobody", user("{as-uid: '1'}"),
      "/k:12:9: as-uid, as-groups and as-user-extra say more about the user to act as, and as names none"),
    Case(
      "plugin and provider", user("{exec: {command: x, \(exec)}, auth-provider: {name: oidc}}"),
      "/k:12:114: the user `u` has both `exec` and `auth-provider`"),
    Case("command", user("{exec: {\(exec)}}"), "/k:12:16: the credential plugin of the user `u` has no command"),
    Case(
      "plugin version", user("{exec: {command: x}}"),
      "/k:12:16: the credential plugin of the user `u` has no apiVersion"),
    Case(
      "v1alpha1", user("{exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}}"),
      "/k:12:41: a credential plugin of version `client.authentication.k8s.io/v1alpha1` cannot be used"),
    Case(
      "interactive", user("{exec: {command: x, apiVersion: client.authentication.k8s.io/v1}}"),
      "/k:12:16: the credential plugin of the user `u` has no interactiveMode"),
    Case(
      "interactive mode",
      user("{exec: {command: x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Maybe}}"),
      "/k:12:91: `Maybe` is not an interactiveMode"),
    Case(
      "azure", user("{auth-provider: {name: azure}}"),
      "/k:12:32: the auth-provider `azure` was removed from Kubernetes"),
    Case("other", user("{auth-provider: {name: x}}"), "/k:12:32: there is no auth-provider `x`"),
    Case(
      "no id-token", user("{auth-provider: {name: oidc, config: {client-id: x}}}"),
      "/k:12:46: the oidc login of the user `u` has no id-token"),
    Case(
      "bad id-token", user("{auth-provider: {name: oidc, config: {id-token: x}}}"),
      "/k:12:57: this is not an OpenID Connect token: its claims cannot be read"),
    Case(
      "old id-token", user("{auth-provider: {name: oidc, config: {id-token: a.eyJleHAiOjF9.b}}}"),
      "/k:12:57: the oidc login of the user `u` has expired, and is not renewed here"),
    Case("tokenFile", user("{tokenFile: t}"), "/k:12:21: the token file /t does not exist"),
    Case("context flag", user("{}"), "--context: there is no context `d`") { $0.context = "d" },
    Case("cluster flag", user("{}"), "--cluster: there is no cluster `clu`") { $0.cluster = "clu" },
    Case("user flag", user("{}"), "--user: there is no user `x`") { $0.user = "x" },
    Case("timeout flag", user("{}"), "--request-timeout: `1 day` is not a time") { $0.requestTimeout = "1 day" },
    Case("extra flag", user("{as: x}"), "--as-user-extra: `k` is not of the form KEY=VALUE") {
      $0.impersonatedExtra = ["k"]
    },
    Case(
      "group flag", user("{}"),
      "--as-uid, --as-group and --as-user-extra say more about the user to act as, and --as names none"
    ) {
      $0.impersonatedGroups = ["g"]
    },
    Case("kubeconfig flag", user("{}"), "none: there is no such kubeconfig file") { $0.kubeconfig = "none" },
    Case("certificate flag", user("{}"), "the file gone does not exist") { $0.clientCertificate = "gone" },
  ]

  @Test(arguments: cases)
  func sentence(_ example: Case) {
    var overrides = ClientOverrides()
    overrides.kubeconfig = "/k"
    example.change(&overrides)
    let host = Host.double(files: ["/k": example.text, "/secret": "unreadable"])
    do {
      _ = try ClientConfigurationReader(overrides: overrides, host: host).read()
      Issue.record("nothing was refused")
    } catch {
      let place = error.place.map { "\($0): " } ?? ""
      #expect(place + error.diagnostic.message == example.expected)
    }
  }

  @Test func nearestNameIsOffered() {
    var overrides = ClientOverrides()
    overrides.context = "prod"
    let text = "contexts: [{name: prdo, context: {}}, {name: test, context: {}}]"
    let host = Host.double(files: ["/home/me/.kube/config": text])
    #expect(throws: KubeconfigError.self) {
      try ClientConfigurationReader(overrides: overrides, host: host).read()
    }
    do {
      _ = try ClientConfigurationReader(overrides: overrides, host: host).read()
    } catch {
      #expect(error.kind == .usage)
      #expect(error.diagnostic.hint == "did you mean prdo? there are prdo, test")
    }
  }

  @Test func secretsAreNotShown() {
    let text = Sample.kubeconfig(user: "{token: t0psecret, username: u, password: t0psecret}")
    let host = Host.double(files: ["/home/me/.kube/config": text])
    do {
      let result = try ClientConfigurationReader(overrides: ClientOverrides(), host: host).read()
      Issue.record("accepted: \(result.configuration.server)")
    } catch {
      #expect(!"\(error)".contains("t0psecret"))
    }
    let fine = Host.double(files: ["/home/me/.kube/config": Sample.kubeconfig(user: "{token: t0psecret}")])
    var shown = ""
    dump(try? ClientConfigurationReader(overrides: ClientOverrides(), host: fine).read().configuration, to: &shown)
    #expect(shown.contains("https://a:1"))
    #expect(!shown.contains("t0psecret"))
  }
}
