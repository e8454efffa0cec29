import KubernetesAPI
import Synchronization
import Testing

@Suite struct ExecCredentialsTests {
  private static let v1 = "client.authentication.k8s.io/v1"

  /// Programs that answer one text after the other, and remember how they were called.
  private final class Plugin: Sendable {
    let calls = Mutex<[ProgramCall]>([])
    let answers: [ProgramOutcome]
    init(_ answers: [ProgramOutcome]) { self.answers = answers }

    func run(_ call: ProgramCall) -> ProgramOutcome {
      calls.withLock {
        $0.append(call)
        return answers[min($0.count, answers.count) - 1]
      }
    }
  }

  private static func answer(_ status: String, apiVersion: String = v1, kind: String = "ExecCredential")
    -> ProgramOutcome
  {
    .output(Secret(#"{"kind": "\#(kind)", "apiVersion": "\#(apiVersion)", "status": \#(status)}"#))
  }

  private func configuration(
    _ exec: String, cluster: String = "{server: 'https://a:1'}", plugin: Plugin, files: [String: String] = [:],
    programs: [String: String] = ["login": "/bin/login"], standardInput: Host.StandardInput = .notATerminal,
    now: Int = 1_800_000_000
  ) throws -> ClientConfiguration {
    let text = Sample.kubeconfig(cluster: cluster, user: "{exec: {\(exec)}}")
    let host = Host.double(
      files: files.merging(["/home/me/.kube/config": text]) { $1 }, programs: programs, standardInput: standardInput,
      now: now, run: plugin.run)
    return try ClientConfigurationReader(overrides: ClientOverrides(), host: host).read().configuration
  }

  private func ask(_ configuration: ClientConfiguration, again: Bool = false) throws -> UserCredentials {
    try #require(configuration.user.source).credentials(for: configuration, afterRejection: again)
  }

  private static let exec = "command: login, apiVersion: \(v1), interactiveMode: IfAvailable"

  @Test func tokenIsKeptUntilTheServerRefusesIt() throws {
    let plugin = Plugin([Self.answer(#"{"token": "one"}"#), Self.answer(#"{"token": "two"}"#)])
    let configuration = try configuration(Self.exec, plugin: plugin)
    #expect(plugin.calls.withLock { $0.isEmpty })
    #expect(try ask(configuration).token == Secret("one"))
    #expect(try ask(configuration).token == Secret("one"))
    #expect(try ask(configuration, again: true).token == Secret("two"))
    #expect(try ask(configuration).token == Secret("two"))
    #expect(plugin.calls.withLock { $0.count } == 2)
  }

  @Test func expiredAnswersAreNotKept() throws {
    let plugin = Plugin([Self.answer(#"{"token": "t", "expirationTimestamp": "2027-01-15T09:00:00+01:00"}"#)])
    // 2027-01-15T08:00:00Z
    let expiry = 1_800_000_000
    let before = try configuration(Self.exec, plugin: plugin, now: expiry - 1)
    _ = (try ask(before), try ask(before))
    #expect(plugin.calls.withLock { $0.count } == 1)
    let after = try configuration(Self.exec, plugin: plugin, now: expiry)
    _ = (try ask(after), try ask(after))
    #expect(plugin.calls.withLock { $0.count } == 3)
  }

  @Test func whatThePluginIsTold() throws {
    let plugin = Plugin([Self.answer(#"{"token": "t"}"#, apiVersion: "client.authentication.k8s.io/v1beta1")])
    let cluster = """
      {server: 'https://a:1/x', tls-server-name: name, certificate-authority-data: \(Sample.certificateData),
       proxy-url: 'http://p', disable-compression: true,
       extensions: [{name: other, extension: 1}, {name: client.authentication.k8s.io/exec, extension: {a: [1, b]}}]}
      """
    let exec = """
      command: ./bin/login, args: [get, token], env: [{name: A, value: b}], provideClusterInfo: true,
        apiVersion: client.authentication.k8s.io/v1beta1
      """
    let configuration = try configuration(exec, cluster: cluster, plugin: plugin, standardInput: .terminal)
    _ = try ask(configuration)
    let info = """
      {"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","spec":{"cluster":{\
      "server":"https://a:1/x","tls-server-name":"name","certificate-authority-data":"\(Sample.certificateData)",\
      "proxy-url":"http://p","disable-compression":true,"config":{"a":[1,"b"]}},"interactive":true}}
      """
    #expect(
      plugin.calls.withLock { $0 } == [
        ProgramCall(
          program: "/home/me/.kube/./bin/login", arguments: ["get", "token"],
          environment: [.init("A", "b"), .init("KUBERNETES_EXEC_INFO", info)], isInteractive: true)
      ])
  }

  @Test func certificateAndImpersonation() throws {
    let escaped = { (text: String) in text.replacing("\n", with: "\\n") }
    let plugin = Plugin([
      Self.answer(
        #"{"clientCertificateData": "\#(escaped(Sample.certificate))", "clientKeyData": "\#(escaped(Sample.key))"}"#)
    ])
    let configuration = try configuration(Self.exec + "}, as: boss, unknown: {", plugin: plugin)
    let user = try ask(configuration)
    #expect(user.certificate == .init(certificate: Array(Sample.certificate.utf8), key: Secret(Sample.key)))
    #expect(user.impersonation?.user == "boss")
  }

  @Test(arguments: [
    ("Never", Host.StandardInput.terminal, false), ("IfAvailable", .terminal, true), ("IfAvailable", .taken, false),
    ("IfAvailable", .notATerminal, false), ("Always", .terminal, true),
  ])
  func interaction(mode: String, input: Host.StandardInput, expected: Bool) throws {
    let plugin = Plugin([Self.answer(#"{"token": "t"}"#)])
    let exec = "command: login, apiVersion: \(Self.v1), interactiveMode: \(mode)"
    _ = try ask(try configuration(exec, plugin: plugin, standardInput: input))
    #expect(plugin.calls.withLock { $0.map(\.isInteractive) } == [expected])
  }

  // MARK: Sentences

  private func failure(
    _ outcome: ProgramOutcome, exec: String = exec, programs: [String: String] = ["login": "/bin/login"],
    standardInput: Host.StandardInput = .notATerminal
  ) throws -> CredentialError? {
    let configuration = try configuration(
      exec, plugin: Plugin([outcome]), programs: programs, standardInput: standardInput)
    do {
      _ = try configuration.user.source?.credentials(for: configuration, afterRejection: false)
      return nil
    } catch {
      return error
    }
  }

  static let faults: [(ProgramOutcome, String)] = [
    (.output(Secret("token")), "wrote something that is not a JSON object"),
    (.output(Secret("")), "wrote something that is not a JSON object"),
    (answer("{}", kind: "Pod"), "answered no ExecCredential"),
    (answer(#"{"token": "x"}"#, apiVersion: "v9\\u001b[2J"), "is asked for \(v1) and answered in v9<U+001B>[2J"),
    (answer("null"), "answered no status"),
    (answer("{}"), "answered neither a token nor a certificate with its key"),
    (answer(#"{"clientKeyData": "x"}"#), "answered a certificate or a key, but not both"),
    (
      answer(#"{"clientKeyData": "x", "clientCertificateData": "y"}"#),
      "answered a certificate or a key that is not PEM text"
    ),
    (
      answer(#"{"token": "x", "expirationTimestamp": "soon"}"#),
      "answered an expirationTimestamp that is not a time such as 2026-01-31T12:00:00Z"
    ),
    (.exited(3), "failed with exit code 3"), (.killed(9), "was ended by signal 9"),
    (.notStarted("Exec format error"), "cannot be started: Exec format error"),
  ]

  @Test(arguments: faults)
  func faultsOfThePlugin(outcome: ProgramOutcome, expected: String) throws {
    #expect(try failure(outcome)?.message == "the credential plugin login \(expected)")
  }

  @Test func missingPluginWithItsHint() throws {
    let exec = Self.exec + #", installHint: "run\tthis:\e[31m \u200b!""#
    let error = try failure(.exited(0), exec: exec, programs: [:])
    #expect(error?.message == "the credential plugin login is not installed")
    #expect(error?.hint == "the kubeconfig says: run this:<U+001B>[31m <U+200B>!")
  }

  @Test func askingWhereNobodyAnswers() throws {
    let exec = "command: login, apiVersion: \(Self.v1), interactiveMode: Always"
    let message = "the credential plugin login has to ask you something, and standard input is"
    #expect(try failure(.exited(0), exec: exec)?.message == "\(message) not a terminal")
    #expect(try failure(.exited(0), exec: exec, standardInput: .taken)?.message == "\(message) read for manifests")
  }

  // MARK: The policy

  private func refusal(_ kuberc: String, command: String = "login") throws -> String? {
    do {
      let exec = "command: \(command), apiVersion: \(Self.v1), interactiveMode: Never"
      _ = try configuration(
        exec, plugin: Plugin([.exited(1)]), files: ["/home/me/.kube/kuberc": kuberc],
        programs: ["login": "/bin/login", "other": "/bin/other"])
      return nil
    } catch let error as KubeconfigError {
      return (error.place.map { "\($0): " } ?? "") + error.diagnostic.message
    }
  }

  @Test func policies() throws {
    let head = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n"
    #expect(try refusal(head) == nil)
    #expect(try refusal(head + "credentialPluginPolicy: AllowAll\n") == nil)
    let denied = "/home/me/.kube/config:12:26: the credential plugin login may not run: the policy is"
    #expect(try refusal(head + "credentialPluginPolicy: DenyAll\n") == "\(denied) DenyAll")
    let list = head + "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist:\n"
    #expect(try refusal(list + "- command: login\n") == nil)
    #expect(try refusal(list + "- name: /bin/login\n") == nil)
    #expect(try refusal(list + "- command: other\n") == "\(denied) Allowlist")
    #expect(
      try refusal(head + "credentialPluginPolicy: Allowlist\n")
        == "/home/me/.kube/kuberc:3:25: credentialPluginPolicy is Allowlist, and credentialPluginAllowlist is empty")
    #expect(
      try refusal(head + "credentialPluginPolicy: Some\n")
        == "/home/me/.kube/kuberc:3:25: `Some` is not a credentialPluginPolicy")
    #expect(
      try refusal(head + "credentialPluginAllowlist: [{command: x}]\n")
        == "/home/me/.kube/kuberc:3:28: credentialPluginAllowlist has no effect: credentialPluginPolicy is not Allowlist"
    )
    #expect(
      try refusal(list + "- {}\n")
        == "/home/me/.kube/kuberc:5:3: an entry of credentialPluginAllowlist names no command")
  }
}

@Suite struct TokenTests {
  @Test func tokenFileIsReadAgainAfterAMinute() throws {
    let text = Sample.kubeconfig(user: "{tokenFile: t, token: inline}")
    let state = Mutex((now: 1000, token: "one\n"))
    var host = Host.double()
    host.now = { state.withLock { $0.now } }
    host.contents = { (path) throws(Host.FileFailure) in
      if path == "/home/me/.kube/t" {
        let token = state.withLock { $0.token }
        if token.isEmpty { throw .missing }
        return Array(token.utf8)
      }
      guard path == "/home/me/.kube/config" else { throw .missing }
      return Array(text.utf8)
    }
    let configuration = try ClientConfigurationReader(overrides: ClientOverrides(), host: host).read().configuration
    let source = try #require(configuration.user.source)
    func token(_ now: Int, _ token: String, again: Bool = false) throws -> Secret? {
      state.withLock { $0 = (now, token) }
      return try source.credentials(for: configuration, afterRejection: again).token
    }
    #expect(configuration.user.token == Secret("one"))
    #expect(try token(1059, "two") == Secret("one"))
    #expect(try token(1060, "two") == Secret("two"))
    #expect(try token(1061, " three ", again: true) == Secret("three"))
    #expect(try token(1200, "") == Secret("three"))
  }

  @Test func idToken() throws {
    // {"exp": 1800000100.5}
    let token = "e30.eyJleHAiOiAxODAwMDAwMTAwLjV9.sig"
    let user = "{auth-provider: {name: oidc, config: {id-token: \(token), refresh-token: r}}}"
    let text = ["/home/me/.kube/config": Sample.kubeconfig(user: user)]
    func read(_ now: Int) throws -> ClientConfiguration {
      try ClientConfigurationReader(overrides: ClientOverrides(), host: .double(files: text, now: now)).read()
        .configuration
    }
    #expect(try read(1_800_000_089).user.token == Secret(token))
    #expect(throws: KubeconfigError.self) { try read(1_800_000_090) }
  }
}
