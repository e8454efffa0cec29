internal import Injection
internal import KubernetesAPI
internal import ManifestText
internal import Output
internal import VaultAPI

/// Where Vault is asked: straight at an address, or through the API server.
struct VaultRoute {
  let server: VaultServer
  /// The service behind the API server, and how that is reached; nil where Vault is asked directly.
  var proxy: (service: ServiceProxy, cluster: ClientConfiguration, user: UserCredentials)?

  /// The address as people know it.
  var address: String { server.address }

  /// Opens the way.
  func connection(
    _ open: ClusterConnection.Opening, timeoutMilliseconds: Int
  ) throws(TransportError) -> VaultConnection {
    guard let proxy else {
      return VaultConnection(server, over: try open(server.configuration(timeoutMilliseconds: timeoutMilliseconds)))
    }
    var configuration = proxy.cluster
    configuration.timeoutMilliseconds = timeoutMilliseconds
    return VaultConnection(proxy.service, as: proxy.user, over: try open(configuration))
  }
}

/// Finding Vault: whom pods trust, where they look, and who answers there.
extension PreflightRun {
  /// Reaches Vault on each way that pods have to it.
  mutating func reach() {
    var ways: [VaultWay] = []
    for login in logins where !ways.contains(login.way) {
      if settings.address != nil || !login.address.isEmpty { ways.append(login.way) }
      SecretsInUse.note(url: login.address)
    }
    let authorities = authorities(of: ways)
    for way in ways {
      switch trust(of: way, authorities) {
      case .failure(let diagnostic): facts.ways[way] = .failure(diagnostic)
      case .success(let trust): facts.ways[way] = reach(way, trust)
      }
    }
  }

  private mutating func reach(_ way: VaultWay, _ trust: VaultServer.Trust) -> Result<ReachedVault, Diagnostic> {
    let address = settings.address?.url ?? way.address
    let name = way.trust.serverName.isEmpty ? nil : way.trust.serverName
    let route = VaultRoute(server: VaultServer(address, trust: trust, tlsServerName: name))
    let answer = health(route, way)
    guard case .failure(.transport(let error)) = answer, error.code == .hostNotFound, settings.address == nil,
      settings.isThroughCluster, let service = ServiceProxy(address: address, from: way.namespace)
    else { return answer.result(route) }
    do throws(Fault) {
      let cluster = try clusterConfiguration()
      let behind = VaultRoute(server: route.server, proxy: (service, cluster, try user(of: cluster)))
      return health(behind, way).result(behind)
    } catch {
      facts.isClusterMissing = true
      return .failure(error.diagnostic)
    }
  }

  /// Who asks the cluster.
  private func user(of cluster: ClientConfiguration) throws(Fault) -> UserCredentials {
    guard let source = cluster.user.source else { return cluster.user }
    do throws(CredentialError) {
      return try source.credentials(for: cluster, afterRejection: false)
    } catch {
      throw Fault(.unavailable, ClusterFailure.credentials(error).diagnostic(cluster))
    }
  }

  private mutating func health(_ route: VaultRoute, _ way: VaultWay) -> Result<VaultHealth, VaultRefusal> {
    do throws(TransportError) {
      var connection = try route.connection(opening.whileWanted, timeoutMilliseconds: settings.timeoutMilliseconds)
      let health = connection.send(.health)
      connections[way] = connection
      routes[way] = route
      return health
    } catch {
      return .failure(.transport(error))
    }
  }

  // MARK: Whom pods trust

  /// The certificates in ConfigMaps and Secrets that pods name, from the input where it brings them, else from the
  /// cluster.
  private mutating func authorities(of ways: [VaultWay]) -> [AuthorityObject: Result<[UInt8], Diagnostic>] {
    var found: [AuthorityObject: Result<[UInt8], Diagnostic>] = [:]
    guard settings.authorities == nil else { return found }
    var wanted: [AuthorityObject] = []
    for object in ways.compactMap(AuthorityObject.init) where found[object] == nil && !wanted.contains(object) {
      if let own = pods.companions.object(object.kind, object.name, in: object.namespace) {
        found[object] = object.certificates(own)
      } else {
        wanted.append(object)
      }
    }
    for (object, answer) in zip(wanted, ask(wanted.map(\.request))) {
      found[object] = answer.flatMap { response in
        if let status = APIStatus(response) { return .failure(object.missing(status)) }
        return object.certificates(response.json ?? .null)
      }
    }
    return found
  }

  private func trust(
    of way: VaultWay, _ authorities: [AuthorityObject: Result<[UInt8], Diagnostic>]
  ) -> Result<VaultServer.Trust, Diagnostic> {
    // A pod may trust whoever answers with its own token, and not with an operator's.
    if way.trust.skipsVerification {
      guard settings.operatorToken != nil else { return .success(.anybody) }
      return .success(settings.authorities.map { .authorities($0.pem) } ?? .system)
    }
    if let own = settings.authorities { return .success(.authorities(own.pem)) }
    if let object = AuthorityObject(way) {
      return (authorities[object] ?? .failure(.noAuthority(object.title, "was not asked for")))
        .map(VaultServer.Trust.authorities)
    }
    if case .text(let certificates) = way.trust.authority { return .success(.authorities(Array(certificates.utf8))) }
    return .success(.system)
  }
}

/// A ConfigMap or a Secret with the certificate authority of pods.
struct AuthorityObject: Hashable {
  /// Where every pod has the authority of its cluster.
  private static let clusterFile = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"

  let kind: String
  let namespace: String
  let name: String
  let key: String

  /// The object that pods on this way name; nil where they name none.
  init?(_ way: VaultWay) {
    guard !way.trust.skipsVerification, way.address.lowercased().hasPrefix("https://") else { return nil }
    namespace = way.namespace
    switch way.trust.authority {
    case .configMap(let name, let key): (kind, self.name, self.key) = ("ConfigMap", name, key)
    case .secret(let name, let key): (kind, self.name, self.key) = ("Secret", name, key)
    case .file(AuthorityObject.clusterFile): (kind, name, key) = ("ConfigMap", "kube-root-ca.crt", "ca.crt")
    case .system, .file, .text: return nil
    }
  }

  /// As people know it.
  var title: String { "the \(kind) `\(name)`" }

  fileprivate var request: APIRequest {
    let resource = BuiltInResources.resource(apiVersion: "v1", kind: kind)
    return APIRequest(.get, resource?.path(namespace: namespace, name: name) ?? "")
  }

  /// What the object holds.
  fileprivate func certificates(_ object: Value) -> Result<[UInt8], Diagnostic> {
    if let text = object[kind == "Secret" ? "stringData" : "data"]?[key]?.string { return .success(Array(text.utf8)) }
    let encoded = object[kind == "Secret" ? "data" : "binaryData"]?[key]?.string
    if let bytes = encoded.flatMap({ Base64.decoded(Array($0.utf8)) }) { return .success(bytes) }
    return .failure(.noAuthority(title, "has no key `\(key)`"))
  }

  fileprivate func missing(_ status: APIStatus) -> Diagnostic {
    .noAuthority(title, status.code == 404 ? "does not exist" : "cannot be read: \(status.message)")
  }
}

extension Result where Success == VaultHealth, Failure == VaultRefusal {
  fileprivate func result(_ route: VaultRoute) -> Result<ReachedVault, Diagnostic> {
    map { ReachedVault(health: $0, address: route.address, service: route.proxy?.service) }
      .mapError { .vault($0, at: route.address) }
  }
}
