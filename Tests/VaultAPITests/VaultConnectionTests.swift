import KubernetesAPI
import ManifestText
import Synchronization
import Testing

import ClusterTestSupport
import VaultAPI

/// How requests are sent, and what counts for an answer.
@Suite struct VaultConnectionTests {
  private let token = Secret("s.the-token-of-a-pod")

  private func refusal(_ status: Int, _ body: String) -> VaultRefusal? {
    let transport = TransportDouble { _ in APIResponse(status: status, body: Array(body.utf8)) }
    var connection = VaultConnection(VaultServer("http://127.0.0.1:8200"), over: transport)
    guard case .failure(let refusal) = connection.send(.read("kv/data/a", kvVersion: 2, in: VaultPlace())) else {
      return nil
    }
    return refusal
  }

  @Test func refusals() {
    let table: [(Int, String, VaultRefusal)] = [
      (404, #"{"errors":["namespace not found"]}"#, .noNamespace),
      (400, #"{"errors":["invalid role or secret ID"]}"#, .wrongRoleOrSecretID),
      (400, #"{"errors":["role \"x\" could not be found"]}"#, .unknownRole),
      (400, #"{"errors":["could not load configuration"]}"#, .notConfigured),
      (500, #"{"errors":["1 error occurred:\n\t* namespace not authorized\n\n"]}"#, .namespaceNotAuthorized),
      (404, #"{"errors":["1 error occurred:\n\t* unsupported path\n\n"]}"#, .unsupportedPath),
      (405, #"{"errors":["1 error occurred:\n\t* unsupported operation\n\n"]}"#, .unsupportedPath),
      (501, #"{"errors":["Vault is not initialized"]}"#, .notInitialized),
      (429, #"{"errors":["request path \"x\": rate limit quota exceeded"]}"#, .tooManyRequests),
      (500, #"{"errors":["1 error occurred:\n\t* lookup failed: x\n\n"]}"#, .failed(500, "lookup failed: x")),
      (502, #"{"errors":["no upstream"]}"#, .failed(502, "no upstream")),
      (502, "<html>Bad Gateway</html>", .notVault(502, "<html>Bad Gateway</html>")),
      (200, "<html>Welcome</html>", .notVault(200, "")),
      (400, #"{"errors":["a","b"]}"#, .other(400, "a; b")),
      (403, #"{"errors":["1 error occurred:\n\t* permission denied\n\n"]}"#, .permissionDenied),
      (404, #"{"data":null,"warnings":["Invalid path for a versioned K/V secrets engine."]}"#, .notOfVersionedKV),
      (404, #"{"data":{"data":null,"metadata":{"deletion_time":"","destroyed":true}}}"#, .notVault(404, "")),
      (404, #"{"data":{"metadata":{"deletion_time":"","destroyed":true}},"warnings":null}"#, .destroyed),
    ]
    for (status, body, expected) in table {
      let found = refusal(status, body)
      if case .notVault(let code, _) = expected, case .notVault(let other, _)? = found {
        #expect(code == other)
      } else {
        #expect(found == expected, "\(body)")
      }
    }
  }

  @Test func refusalsOfTheAPIServerAreItsOwn() throws {
    for name in ["service-proxy-forbidden", "service-proxy-missing"] {
      let recorded = try RecordedAnswer(name, of: "kube-apiserver")
      let service = try #require(ServiceProxy(address: "http://nothere:8200", from: "rec2"))
      var connection = VaultConnection(service, as: UserCredentials(), over: TransportDouble { _ in recorded.response })
      #expect(connection.send(.health) == .failure(.cluster(try #require(APIStatus(recorded.response)))))
    }
  }

  @Test func servicesOfAddresses() {
    func path(_ address: String) -> String? { ServiceProxy(address: address, from: "shop")?.path }
    #expect(path("http://vault:8200") == "/api/v1/namespaces/shop/services/http:vault:8200/proxy")
    #expect(path("https://vault.vault.svc") == "/api/v1/namespaces/vault/services/https:vault:443/proxy")
    #expect(path("http://vault.vault.svc.cluster.local.:8200") != nil)
    for address in [
      "https://vault.example.com:8200", "http://127.0.0.1:8200", "http://[::1]:8200", "http://localhost:8200",
      "http://vault.vault.svc:8200/prefix", "vault:8200",
    ] {
      #expect(path(address) == nil, "\(address)")
    }
  }

  @Test func headersAndPaths() throws {
    let seen = Mutex<[APIRequest]>([])
    let transport = TransportDouble { request in
      seen.withLock { $0.append(request) }
      return APIResponse(status: 403, body: Array(#"{"errors":["permission denied"]}"#.utf8))
    }
    var connection = VaultConnection(VaultServer("http://127.0.0.1:8200"), over: transport)
    _ = connection.send(.subkeys("/kv//subkeys/a b/c%", in: VaultPlace(namespace: "team", token: token)))
    _ = connection.send(.health)
    let requests = seen.withLock { $0 }
    #expect(requests.map(\.path) == ["/v1/kv/subkeys/a%20b/c%25", "/v1/sys/health"])
    #expect(requests[0].headers.map(\.name) == ["X-Vault-Request", "X-Vault-Namespace", "X-Vault-Token"])
    #expect(requests[1].headers.map(\.name) == ["X-Vault-Request"])
    var dumped = "\(requests)"
    dump(requests, to: &dumped)
    #expect(dumped.firstRange(of: "s.the-token-of-a-pod") == nil)
  }

  /// Follows to the same address alone: the token goes nowhere else.
  @Test(arguments: [
    ("http://127.0.0.1:8200/v1/kv/data/b", true), ("/v1/kv/data/b", true),
    ("http://127.0.0.1:8201/v1/kv/data/b", false),
    ("https://127.0.0.1:8200/v1/kv/data/b", false), ("http://127.0.0.1:8200.evil/v1/kv/data/b", false),
    ("//evil/v1/kv/data/b", false), ("http://evil@127.0.0.1:8200/v1/kv/data/b", false), ("/ui/login", false),
  ])
  func redirects(_ target: String, isFollowed: Bool) {
    let transport = TransportDouble { request, _ in
      request.path == "/v1/kv/data/b"
        ? .success(APIResponse(status: 200, body: Array(#"{"data":{"data":{"user":"u"}}}"#.utf8)))
        : .failure(TransportError(.redirected(to: target)))
    }
    var connection = VaultConnection(VaultServer("http://127.0.0.1:8200"), over: transport)
    let answer = connection.send(.read("kv/data/a", kvVersion: 2, in: VaultPlace(token: token)))
    #expect((try? answer.get().names) == (isFollowed ? ["user"] : nil))
    if !isFollowed { #expect(answer == .failure(.transport(TransportError(.redirected(to: target))))) }
  }

  @Test func redirectsEnd() {
    let transport = TransportDouble { _, _ in .failure(TransportError(.redirected(to: "/v1/again"))) }
    var connection = VaultConnection(VaultServer("http://127.0.0.1:8200"), over: transport)
    #expect(connection.send(.health) == .failure(.transport(TransportError(.redirected(to: "/v1/again")))))
    #expect(transport.asked.withLock { $0.count } == 4)
  }
}
