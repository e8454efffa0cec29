import Cluster
import KubernetesAPI
import ManifestText
import Platform
import TestSupport
import Testing

/// Kubeconfig files as this program reads them, beside what `kubectl config view` makes of the same.
@Suite(.enabled(if: Host.process(readsManifests: false).program("kubectl") != nil, "needs kubectl"))
struct KubectlConfigTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("a/config", Self.first)
    try folder.write("b/config", Self.second)
    try folder.write("a/pki/ca.crt", "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n")
    try folder.write("a/me.crt", "-----BEGIN CERTIFICATE-----\nM\n-----END CERTIFICATE-----\n")
    try folder.write("a/me.key", "-----BEGIN PRIVATE KEY-----\nM\n-----END PRIVATE KEY-----\n")
    try folder.write("b/token", "from-file\n")
  }

  private static let first = """
    apiVersion: v1
    kind: Config
    contexts:
    - {name: one, context: {cluster: c1, user: u1, namespace: n1}}
    - {name: two, context: {cluster: c2, user: u2}}
    clusters:
    - {name: c1, cluster: {server: "https://one:6443", certificate-authority: pki/ca.crt, tls-server-name: inner}}
    users:
    - {name: u1, user: {client-certificate: me.crt, client-key: me.key}}
    """

  private static let second = """
    {"current-context": "two",
     "contexts": [{"name": "two", "context": {"cluster": "c1", "user": "u1"}},
                  {"name": "three", "context": {"cluster": "c3", "user": "u3", "namespace": "n3"}}],
     "clusters": [{"name": "c1", "cluster": {"server": "https://never"}},
                  {"name": "c2", "cluster": {"server": "https://two/k8s/c", "proxy-url": "socks5://p:1",
                                             "disable-compression": true}},
                  {"name": "c3", "cluster": {"server": "https://three", "insecure-skip-tls-verify": true}}],
     "users": [{"name": "u2", "user": {"token": "inline", "tokenFile": "token", "as": "boss", "as-groups": ["g"]}},
               {"name": "u3", "user": {"username": "me", "password": "pw"}}]}
    """

  @Test(arguments: [nil, "one", "two", "three"])
  func sameAsKubectl(context: String?) throws {
    let paths = ["a/config", "none", "b/config"].map(folder.path).joined(separator: ":")
    let words = ["config", "view", "--minify", "--raw", "-o", "json"] + (context.map { ["--context", $0] } ?? [])
    let outcome = try Subprocess("kubectl", words, environment: [("KUBECONFIG", paths)]).run()
    try #require(outcome.succeeded, "\(String(decoding: outcome.errors, as: UTF8.self))")
    let view = try Fixtures.value(outcome.output)

    var host = Host.process(readsManifests: false)
    host.variable = { $0 == "KUBECONFIG" ? paths : nil }
    var overrides = ClientOverrides()
    overrides.context = context
    let read = try ClientConfigurationReader(overrides: overrides, host: host).read().configuration
    expectEqual(try summary(of: read), try summary(of: view, host), context ?? "current")
  }

  /// What both sides agree about, in one form.
  private func summary(of configuration: ClientConfiguration) throws -> Value {
    [
      "server": .string(configuration.server), "name": .string(configuration.tlsServerName ?? ""),
      "ca": .string(String(decoding: configuration.certificateAuthority ?? [], as: UTF8.self)),
      "insecure": .bool(configuration.skipsVerification), "proxy": .string(configuration.proxy ?? ""),
      "plain": .bool(configuration.disablesCompression), "namespace": .string(configuration.namespace),
      "token": .string(configuration.user.token == Secret("from-file") ? "from-file" : ""),
      "user": .string(configuration.user.basic?.username ?? ""),
      "certificate": .string(String(decoding: configuration.user.certificate?.certificate ?? [], as: UTF8.self)),
      "as": .string(configuration.user.impersonation?.user ?? ""),
      "groups": .array(configuration.user.impersonation?.groups.map(Value.string) ?? []),
    ]
  }

  private func summary(of view: Value, _ host: Host) throws -> Value {
    let cluster = view["clusters"]?.array?.first?["cluster"] ?? [:]
    let user = view["users"]?.array?.first?["user"] ?? [:]
    let context = view["contexts"]?.array?.first?["context"] ?? [:]
    func file(_ value: Value?) throws -> Value {
      // Relative paths are shown as they are written, beside either file.
      let paths = ["", folder.path("a/"), folder.path("b/")].map { $0 + (value?.string ?? "") }
      let bytes = paths.lazy.compactMap { path in try? host.contents(path) }.first
      return .string(String(decoding: value == nil ? [] : try #require(bytes), as: UTF8.self))
    }
    let token = try file(user["tokenFile"]).string ?? ""
    return [
      "server": cluster["server"] ?? "", "name": cluster["tls-server-name"] ?? "",
      "ca": try file(cluster["certificate-authority"]), "insecure": cluster["insecure-skip-tls-verify"] ?? false,
      "proxy": cluster["proxy-url"] ?? "", "plain": cluster["disable-compression"] ?? false,
      "namespace": context["namespace"] ?? "default", "token": .string(token.replacing("\n", with: "")),
      "user": user["username"] ?? "", "certificate": try file(user["client-certificate"]), "as": user["as"] ?? "",
      "groups": user["as-groups"] ?? [],
    ]
  }
}
