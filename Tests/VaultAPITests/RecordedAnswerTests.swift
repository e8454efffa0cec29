import KubernetesAPI
import ManifestText
import Testing

import ClusterTestSupport
import VaultAPI

/// What the recorded answers of a real server are read as.
@Suite struct RecordedAnswerTests {
  private let place = VaultPlace(token: Secret("s.a-token-of-these-tests"))

  /// Sends a request, compares it with the recorded one, and gives what the recorded answer is read as.
  private func answer<Answer>(_ name: String, _ request: VaultCall<Answer>) throws -> Result<Answer, VaultRefusal> {
    let recorded = try RecordedAnswer(name)
    let transport = TransportDouble { sent in
      #expect(sent.method.rawValue == recorded.method)
      #expect(sent.path == recorded.path)
      return recorded.response
    }
    var connection = VaultConnection(VaultServer("http://127.0.0.1:8200"), over: transport)
    return connection.send(request)
  }

  private func refusal<Answer>(_ name: String, _ request: VaultCall<Answer>) throws -> VaultRefusal? {
    guard case .failure(let refusal) = try answer(name, request) else { return nil }
    return refusal
  }

  private func login(at mount: String = "kubernetes") -> VaultCall<VaultSession> {
    .login(at: mount, role: "shop", jwt: Secret("JWT"), namespace: "")
  }

  @Test func health() throws {
    let health = try answer("health", .health).get()
    #expect(health.product == "OpenBao")
    #expect(health.version == "2.7.2")
    #expect(!health.isStandby)
    #expect(try refusal("sealed-health", .health) == .sealed)
  }

  @Test func loggingIn() throws {
    for name in ["login", "login-foreign-audience-without-role-audience", "login-right-audience"] {
      let login = try answer(name, login()).get()
      #expect(login.policies == ["default", "shop"])
      #expect("\(login.token)" == "<redacted>")
    }
    #expect(try answer("login", login()).get().seconds == 600)
    #expect(try answer("login", login()).get().uses == 0)
  }

  @Test func refusedLogins() throws {
    #expect(try refusal("login-role-unknown", login()) == .unknownRole)
    #expect(try refusal("login-role-missing", login()) == .missingRole)
    #expect(try refusal("login-wrong-service-account", login()) == .accountNotAuthorized)
    #expect(try refusal("login-wrong-namespace", login()) == .namespaceNotAuthorized)
    #expect(
      try refusal("login-wrong-audience", login())
        == .otherAudience("invalid audience (aud) claim: audience claim does not match any expected audience"))
    #expect(try refusal("login-broken-jwt", login()) == .permissionDenied)
    #expect(try refusal("login-no-such-mount", login(at: "k8s-prod")) == .permissionDenied)
    #expect(try refusal("sealed-login", login()) == .sealed)
  }

  @Test func capabilities() throws {
    let paths = [
      "secret/data/shop/checkout", "secret/data/other", "kv/shop/checkout", "database/creds/x",
      "secret/subkeys/shop/checkout",
    ]
    let answers = try answer("capabilities-self", .capabilities(paths, in: place)).get()
    #expect(answers.map { $0.allow("read") } == [true, false, true, false, true])
    #expect(!answers[0].allow("update"))
    #expect(VaultCapabilities(["root"]).allow("update"))
    #expect(!VaultCapabilities(["read", "deny"]).allow("read"))
  }

  @Test func mounts() throws {
    let first = try answer("mount-kv1", .mount(of: "kv/shop/checkout", in: place)).get()
    #expect(first == VaultMount(type: "kv", path: "kv/", kvVersion: 1))
    let second = try answer("mount-kv2", .mount(of: "secret/shop/checkout", in: place)).get()
    #expect(second == VaultMount(type: "kv", path: "secret/", kvVersion: 2))
    #expect(second.rest(of: "secret/data/a") == "data/a")
    #expect(try refusal("mount-missing", .mount(of: "nothere/x", in: place)) == .mountHidden)
    #expect(try refusal("mount-without-any-right", .mount(of: "pki/issue/x", in: place)) == .mountHidden)
  }

  @Test func names() throws {
    let subkeys = try answer("subkeys-kv2", .subkeys("secret/subkeys/shop/checkout", in: place)).get()
    #expect(subkeys.names == ["password", "username"])
    let second = try answer("read-kv2", .read("secret/data/shop/checkout", kvVersion: 2, in: place)).get()
    #expect(second.names == ["password", "username"])
    let first = try answer("read-kv1", .read("kv/shop/checkout", kvVersion: 1, in: place)).get()
    #expect(first.names == ["password", "ttl", "username"])
    #expect(first.has(["ttl"]))
    #expect(!first.has(["ttl", "deeper"]))
    // What a name stands for is nowhere in what is kept.
    var dumped = ""
    for names in [second, first] { dump(names, to: &dumped) }
    #expect(dumped.firstRange(of: "password") != nil)
    #expect(dumped.firstRange(of: "not-a-secret") == nil)
  }

  @Test func refusedReads() throws {
    func read(_ path: String, _ version: Int = 2) -> VaultCall<SecretNames> {
      .read(path, kvVersion: version, in: place)
    }
    #expect(try refusal("read-forbidden", read("secret/data/other")) == .permissionDenied)
    #expect(try refusal("read-kv1-as-kv2", read("kv/data/shop/checkout")) == .permissionDenied)
    #expect(try refusal("read-kv1-missing", read("kv/shop/nothere", 1)) == .notFound)
    #expect(try refusal("read-kv2-missing", read("secret/data/shop/nothere")) == .notFound)
    #expect(
      try refusal("read-kv2-deleted", read("secret/data/shop/checkout")) == .deleted("2026-11-28T17:25:00.211806985Z"))
    #expect(try refusal("read-kv2-without-data", read("secret/shop/checkout")) == .permissionDenied)
    #expect(try refusal("read-no-engine", read("nothere/x")) == .noEngine)
    #expect(try refusal("subkeys-forbidden", .subkeys("secret/subkeys/shop/checkout", in: place)) == .permissionDenied)
    #expect(try refusal("after-revoke", read("secret/data/shop/checkout")) == .permissionDenied)
  }

  @Test func revoking() throws {
    #expect(try answer("revoke-self", .revoke(in: place)) == .success(VaultAssent()))
  }

  @Test func operators() throws {
    let role = try answer("operator-role-read", .role("shop", of: "kubernetes", in: place)).get()
    #expect(role.accounts == ["checkout"])
    #expect(role.namespaces == ["shop"])
    #expect(role.audience == "")
    #expect(role.policies == ["shop", "default"])
    #expect(try refusal("operator-role-missing", .role("nope", of: "kubernetes", in: place)) == .notFound)
    let policy = try answer("operator-policy-read", .policy("shop", in: place)).get()
    #expect(policy.hasPrefix("path \"secret/data/shop/*\""))
    let methods = try answer("operator-auth-list", .authMethods(in: place)).get().methods
    #expect(methods.map(\.path) == ["approle", "kubernetes", "token"])
    #expect(methods.map(\.type) == ["approle", "kubernetes", "token"])
  }
}
