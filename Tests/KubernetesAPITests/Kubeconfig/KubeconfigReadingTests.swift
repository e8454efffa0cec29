import KubernetesAPI
import Testing

@Suite struct KubeconfigReadingTests {
  private func read(
    _ files: [String: String], _ variables: [String: String] = ["HOME": "/home/me"],
    _ change: (inout ClientOverrides) -> Void = { _ in }
  ) throws -> ClientConfigurationReader.Result {
    var overrides = ClientOverrides()
    change(&overrides)
    return try ClientConfigurationReader(overrides: overrides, host: .double(files: files, variables: variables)).read()
  }

  private func one(
    _ text: String, files: [String: String] = [:], _ change: (inout ClientOverrides) -> Void = { _ in }
  ) throws -> ClientConfiguration {
    try read(files.merging(["/home/me/.kube/config": text]) { $1 }, ["HOME": "/home/me"], change).configuration
  }

  @Test func theDefaultFile() throws {
    let configuration = try one(
      Sample.kubeconfig(user: "{token: t}", context: ", namespace: shop"))
    #expect(configuration.server == "https://a:1")
    #expect(configuration.namespace == "shop")
    #expect(!configuration.namespaceIsForced)
    #expect(configuration.context == "c")
    #expect(configuration.user.token == Secret("t"))
  }

  @Test func jsonIsReadAsWell() throws {
    let text = #"""
      {"apiVersion": "v1", "kind": "Config", "current-context": "x",
       "contexts": [{"name": "x", "context": {"cluster": "k", "user": "u"}}],
       "clusters": [{"name": "k", "cluster": {"server": "https://json", "insecure-skip-tls-verify": true}}],
       "users": [{"name": "u", "user": {"username": "me", "password": "pw"}}]}
      """#
    let configuration = try one(text)
    #expect(configuration.server == "https://json")
    #expect(configuration.skipsVerification)
    #expect(configuration.user.basic == .init(username: "me", password: Secret("pw")))
  }

  @Test func firstFileWinsWholeEntries() throws {
    let first = "clusters: [{name: cl, cluster: {server: 'https://first'}}]\n"
    let second = Sample.kubeconfig(cluster: "{server: 'https://second', tls-server-name: never}", user: "{token: 2}")
      .replacing("{token: 2}", with: "{token: two}")
    let variables = ["KUBECONFIG": ":/k/a::/k/none:/k/b:/k/a"]
    let configuration = try read(["/k/a": first, "/k/b": second], variables).configuration
    #expect(configuration.server == "https://first")
    #expect(configuration.tlsServerName == nil)
    #expect(configuration.user.token == Secret("two"))
  }

  @Test func firstCurrentContextWins() throws {
    let first = "current-context: other\n"
    let second =
      Sample.kubeconfig() + "- name: v\n  user: {token: vv}\n"
    let third = "contexts: [{name: other, context: {cluster: cl, user: v}}]"
    let variables = ["KUBECONFIG": "/a:/b:/c"]
    let configuration = try read(["/a": first, "/b": second, "/c": third], variables).configuration
    #expect(configuration.context == "other")
    #expect(configuration.user.token == Secret("vv"))
  }

  @Test func relativePathsStartAtTheFile() throws {
    let text = Sample.kubeconfig(
      cluster: "{server: 'https://a', certificate-authority: pki/ca.crt}",
      user: "{client-certificate: ../me.crt, client-key: /abs/me.key}")
    let configuration = try read(
      [
        "/k/x/config": text, "/k/x/pki/ca.crt": Sample.certificate, "/k/x/../me.crt": Sample.certificate,
        "/abs/me.key": Sample.key,
      ],
      ["KUBECONFIG": "/k/x/config"]
    ).configuration
    #expect(configuration.certificateAuthority == Array(Sample.certificate.utf8))
    #expect(
      configuration.user.certificate == .init(certificate: Array(Sample.certificate.utf8), key: Secret(Sample.key)))
  }

  @Test func dataWinsOverFilesWithAWarning() throws {
    let text = Sample.kubeconfig(
      cluster:
        "{server: 'https://a', certificate-authority: none, certificate-authority-data: \(Sample.certificateData)}",
      user: """
        {client-certificate-data: \(Sample.certificateData), client-key: none, client-key-data: \(Sample.keyData)}
        """)
    let result = try read(["/home/me/.kube/config": text])
    #expect(result.configuration.certificateAuthority == Array(Sample.certificate.utf8))
    #expect(result.configuration.user.certificate?.key == Secret(Sample.key))
    #expect(
      result.findings.map(\.message) == [
        "the cluster `cl` has both certificate-authority and certificate-authority-data; the file is not read",
        "the user `u` has both client-key and client-key-data; the file is not read",
      ])
  }

  // MARK: Flags

  @Test func serverFlagDropsTheEntrysName() throws {
    let text = Sample.kubeconfig(cluster: "{server: 'https://a', tls-server-name: name}")
    #expect(try one(text).tlsServerName == "name")
    #expect(try one(text) { $0.server = "https://b/" }.tlsServerName == nil)
    #expect(try one(text) { $0.server = "https://b/" }.server == "https://b")
    let both = try one(text) { ($0.server, $0.tlsServerName) = ("https://b", "m") }
    #expect(both.tlsServerName == "m")
  }

  @Test func insecureFlagClearsTheAuthority() throws {
    let text = Sample.kubeconfig(
      cluster: "{server: 'https://a', certificate-authority-data: \(Sample.certificateData)}")
    let configuration = try one(text) { $0.skipsVerification = true }
    #expect(configuration.skipsVerification)
    #expect(configuration.certificateAuthority == nil)
  }

  @Test func authorityFlagClearsInsecure() throws {
    let text = Sample.kubeconfig(cluster: "{server: 'https://a', insecure-skip-tls-verify: true}")
    let configuration = try one(text, files: ["ca": Sample.certificate]) { $0.certificateAuthority = "ca" }
    #expect(!configuration.skipsVerification)
    #expect(configuration.certificateAuthority == Array(Sample.certificate.utf8))
  }

  @Test func tokenFlagWinsOverTokenFileAndPlugin() throws {
    let text = Sample.kubeconfig(user: "{tokenFile: /none, exec: {command: x, apiVersion: wrong}}")
    let configuration = try one(text) { $0.token = Secret("flag") }
    #expect(configuration.user.token == Secret("flag"))
    #expect(configuration.user.source == nil)
  }

  @Test func certificateFlagsWinOverData() throws {
    let text = Sample.kubeconfig(
      user: "{client-certificate-data: \(Sample.certificateData), client-key-data: \(Sample.keyData)}")
    let other = Sample.key.replacing("BBBB", with: "CCCC")
    let configuration = try one(text, files: ["k": other]) { $0.clientKey = "k" }
    #expect(configuration.user.certificate?.key == Secret(other))
  }

  @Test func contextClusterAndUserFlags() throws {
    let text =
      Sample.kubeconfig(user: "{token: t}") + """
        - name: v
          user: {token: tv}
        """
    let configuration = try one(text) { ($0.user, $0.namespace) = ("v", "mine") }
    #expect(configuration.user.token == Secret("tv"))
    #expect(configuration.namespace == "mine")
    #expect(configuration.namespaceIsForced)
  }

  @Test func impersonation() throws {
    let text = Sample.kubeconfig(
      user: "{as: boss, as-uid: '7', as-groups: [g], as-user-extra: {reason: [a, b]}}")
    let entry = try one(text).user.impersonation
    #expect(entry?.user == "boss")
    #expect(entry?.groups == ["g"])
    #expect(entry?.extra.map(\.values) == [["a", "b"]])
    let flags = try one(text) {
      ($0.impersonatedUser, $0.impersonatedGroups) = ("other", ["h", "i"])
      $0.impersonatedExtra = ["k=1", "l=x=y", "k=2"]
    }.user.impersonation
    #expect(flags?.user == "other")
    #expect(flags?.uid == "7")
    #expect(flags?.groups == ["h", "i"])
    #expect(flags?.extra.map(\.key) == ["k", "l"])
    #expect(flags?.extra.map(\.values) == [["1", "2"], ["x=y"]])
  }

  @Test(arguments: [
    ("5", 5000), ("0", 0), ("1m30s", 90_000), ("1.5s", 1500), ("300ms", 300), ("1us", 1), ("2h", 7_200_000),
  ])
  func requestTimeout(text: String, milliseconds: Int) throws {
    #expect(try one(Sample.kubeconfig()) { $0.requestTimeout = text }.timeoutMilliseconds == milliseconds)
  }

  @Test(arguments: [
    ("https://a:6443/", "https://a:6443"), ("https://a/k8s/clusters/c-1", "https://a/k8s/clusters/c-1"),
    ("https://[::1]:6443?x=1#y", "https://[::1]:6443"), ("HTTPS://a", "https://a"), ("a:80", "http://a:80"),
  ])
  func serverAddresses(written: String, read: String) throws {
    #expect(try one(Sample.kubeconfig()) { $0.server = written }.server == read)
  }

  // MARK: TLS only

  @Test func credentialsStayWhereNothingIsEncrypted() throws {
    let text = Sample.kubeconfig(cluster: "{server: 'http://far'}", user: "{token: t, as: x}")
    let result = try read(["/home/me/.kube/config": text])
    #expect(result.configuration.user.token == nil)
    #expect(
      result.findings.map(\.message) == [
        "nothing that proves who you are is sent to http://far: the connection is not encrypted"
      ])
    let proxy = try read(["/home/me/.kube/config": text]) { $0.server = "http://127.0.0.1:8001" }
    #expect(proxy.configuration.user.token == nil)
    #expect(proxy.findings.isEmpty)
  }

  @Test(arguments: ["http://127.0.0.1:1", "http://localhost", "http://[::1]:2/x"])
  func loopbackOnRequest(server: String) throws {
    let files = ["/home/me/.kube/config": Sample.kubeconfig(user: "{token: t}")]
    let variables = ["HOME": "/home/me", ClientConfigurationReader.loopbackVariable: "1"]
    #expect(try read(files, variables) { $0.server = server }.configuration.user.token == Secret("t"))
    #expect(try read(files, variables) { $0.server = "http://10.0.0.1" }.configuration.user.token == nil)
    #expect(try read(files, variables) { $0.server = "http://127.evil.example" }.configuration.user.token == nil)
  }

  // MARK: In a pod

  private let pod = [
    "/var/run/secrets/kubernetes.io/serviceaccount/token": " sa-token\n",
    "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt": Sample.certificate,
    "/var/run/secrets/kubernetes.io/serviceaccount/namespace": "podns",
  ]
  private let podVariables = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"]

  @Test func insideAPod() throws {
    let configuration = try read(pod, podVariables).configuration
    #expect(configuration.server == "https://[fd00::1]:443")
    #expect(configuration.user.token == Secret("sa-token"))
    #expect(configuration.namespace == "podns")
    #expect(configuration.certificateAuthority == Array(Sample.certificate.utf8))
    let token = try read(pod, podVariables) { $0.token = Secret("mine") }.configuration
    #expect(token.user.token == Secret("mine"))
    #expect(token.user.source == nil)
    #expect(try read(pod, podVariables.merging(["POD_NAMESPACE": "env"]) { $1 }).configuration.namespace == "env")
  }

  @Test func aKubeconfigWinsInsideAPod() throws {
    let files = pod.merging(["/k": Sample.kubeconfig()]) { $1 }
    let configuration = try read(files, podVariables.merging(["KUBECONFIG": "/k"]) { $1 }).configuration
    #expect(configuration.server == "https://a:1")
    #expect(configuration.namespace == "podns")
  }
}
