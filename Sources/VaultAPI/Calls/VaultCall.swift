public import KubernetesAPI
internal import ManifestText

/// A request to Vault, and how its answer is read.
public struct VaultCall<Answer: Sendable>: Sendable {
  let method: APIRequest.Method
  /// The path below `/v1/`, as people write it.
  let path: String
  /// The Vault namespace; empty for the root.
  let namespace: String
  /// The token; nil where none is needed.
  let token: Secret?
  let body: [UInt8]
  var query: [APIRequest.Parameter] = []
  let read: @Sendable (APIResponse) -> Result<Answer, VaultRefusal>

  init(
    _ method: APIRequest.Method, _ path: String, in place: VaultPlace = VaultPlace(), body: Value? = nil,
    _ read: @escaping @Sendable (APIResponse) -> Result<Answer, VaultRefusal>
  ) {
    (self.method, self.path, self.read) = (method, path, read)
    (namespace, token) = (place.namespace, place.token)
    self.body = body.map { JSONWriter.compact($0) } ?? []
  }

  /// The request as it is sent.
  func sent(below prefix: String) -> APIRequest {
    var request = APIRequest(
      method, prefix + "/v1/" + VaultPath.encoded(path), query: query,
      contentType: body.isEmpty ? nil : "application/json",
      body: body)
    request.headers = [.init("X-Vault-Request", "true")]
    if !namespace.isEmpty { request.headers.append(.init("X-Vault-Namespace", namespace)) }
    if let token { request.headers.append(.init("X-Vault-Token", token.exposedText)) }
    return request
  }
}

/// Where something is asked, and as whom.
public struct VaultPlace: Equatable, Sendable {
  /// The Vault namespace; empty for the root.
  public var namespace: String
  /// The token; nil for nobody.
  public var token: Secret?

  /// A namespace, and a token that is good there.
  public init(namespace: String = "", token: Secret? = nil) { (self.namespace, self.token) = (namespace, token) }
}

/// Paths in Vault as they stand in addresses.
enum VaultPath {
  /// The path with each of its words encoded; slashes at its beginning and doubled ones are left out.
  static func encoded(_ path: String) -> String {
    let words = path.split(separator: "/").map { PercentEncoding.component(String($0)) }
    return words.joined(separator: "/") + (path.hasSuffix("/") ? "/" : "")
  }
}

extension VaultCall where Answer == VaultHealth {
  /// What Vault says of itself; no token is needed, and no namespace is allowed.
  public static var health: VaultCall { VaultCall(.get, "sys/health", VaultHealth.read) }
}

extension VaultCall where Answer == VaultSession {
  /// Logs in with a service account's token, by the Kubernetes or the JWT method.
  public static func login(at mount: String, role: String, jwt: Secret, namespace: String) -> VaultCall {
    login(at: mount, ["role": .string(role), "jwt": .string(jwt.exposedText)], namespace)
  }

  /// Logs in with the two ids of an AppRole; the second may be good for few logins.
  public static func login(at mount: String, roleID: Secret, secretID: Secret?, namespace: String) -> VaultCall {
    var body: Value = ["role_id": .string(roleID.exposedText)]
    if let secretID { body["secret_id"] = .string(secretID.exposedText) }
    return login(at: mount, body, namespace)
  }

  private static func login(at mount: String, _ body: Value, _ namespace: String) -> VaultCall {
    VaultCall(.post, "auth/\(mount)/login", in: VaultPlace(namespace: namespace), body: body) {
      $0.answer(VaultSession.init)
    }
  }
}

extension VaultCall where Answer == [VaultCapabilities] {
  /// What the token may do at each of these paths, in their order.
  public static func capabilities(_ paths: [String], in place: VaultPlace) -> VaultCall {
    let body: Value = ["paths": .array(paths.map(Value.string))]
    return VaultCall(.post, "sys/capabilities-self", in: place, body: body) { response in
      response.answer { body in
        guard let data = body["data"] else { return nil }
        return paths.map { VaultCapabilities(data[$0]?.array?.compactMap(\.string) ?? ["deny"]) }
      }
    }
  }
}

extension VaultCall where Answer == VaultMount {
  /// The engine that serves a path.
  public static func mount(of path: String, in place: VaultPlace) -> VaultCall {
    VaultCall(.get, "sys/internal/ui/mounts/\(path)", in: place) { $0.answer(VaultMount.init) }
  }
}

extension VaultCall where Answer == SecretNames {
  /// The names in a secret of a KV engine's second version, which Vault gives without their values; `path` begins with
  /// the mount, and has `subkeys` for `data`.
  public static func subkeys(_ path: String, in place: VaultPlace) -> VaultCall {
    names(path, in: place, below: ["data", "subkeys"])
  }

  /// The names in a secret of a KV engine, read with their values, which are not looked at.
  ///
  /// `version` is that of a secret of the second version of the engine; nil for the newest.
  public static func read(_ path: String, kvVersion: Int, version: Int? = nil, in place: VaultPlace) -> VaultCall {
    var call = names(path, in: place, below: kvVersion == 2 ? ["data", "data"] : ["data"])
    if let version, kvVersion == 2 { call.query = [.init("version", String(version))] }
    return call
  }

  private static func names(_ path: String, in place: VaultPlace, below way: [String]) -> VaultCall {
    VaultCall(.get, path, in: place) { response in
      guard response.isSuccess else { return .failure(VaultRefusal(response)) }
      let names = way.reduce(Value(namesInJSON: response.body)) { $0?[$1] }
      return names.map { .success(SecretNames($0)) } ?? .failure(.notVault(response.status, ""))
    }
  }
}

/// That something is there, or was done.
public struct VaultAssent: Equatable, Sendable {
  /// It is, or was.
  public init() {}
}

extension VaultCall where Answer == VaultAssent {
  /// Gives the token back.
  public static func revoke(in place: VaultPlace) -> VaultCall {
    VaultCall(.post, "auth/token/revoke-self", in: place, body: [:], assent)
  }

  /// Whether something exists that holds no secrets, such as a role of a database engine.
  public static func existence(of path: String, in place: VaultPlace) -> VaultCall {
    VaultCall(.get, path, in: place, assent)
  }

  @Sendable private static func assent(_ response: APIResponse) -> Result<VaultAssent, VaultRefusal> {
    response.isSuccess ? .success(VaultAssent()) : .failure(VaultRefusal(response))
  }
}

extension VaultCall where Answer == AuthRole {
  /// A role of an auth method, for operators.
  public static func role(_ name: String, of mount: String, in place: VaultPlace) -> VaultCall {
    VaultCall(.get, "auth/\(mount)/role/\(name)", in: place) { $0.answer(AuthRole.init) }
  }
}

extension VaultCall where Answer == String {
  /// The text of a policy, for operators.
  public static func policy(_ name: String, in place: VaultPlace) -> VaultCall {
    VaultCall(.get, "sys/policies/acl/\(name)", in: place) { $0.answer { $0["data"]?["policy"]?.string } }
  }
}

extension VaultCall where Answer == VaultAuthMethods {
  /// The auth methods there are, for operators.
  public static func authMethods(in place: VaultPlace) -> VaultCall {
    VaultCall(.get, "sys/auth", in: place) { $0.answer(VaultAuthMethods.init) }
  }
}

extension APIResponse {
  /// What a success comes to.
  fileprivate func answer<Answer>(_ read: (Value) -> Answer?) -> Result<Answer, VaultRefusal> {
    guard isSuccess else { return .failure(VaultRefusal(self)) }
    return json.flatMap(read).map(Result.success) ?? .failure(.notVault(status, ""))
  }
}
