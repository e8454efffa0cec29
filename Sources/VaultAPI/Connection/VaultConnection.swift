public import KubernetesAPI

/// How a Vault server is reached.
public struct VaultServer: Hashable, Sendable {
  /// Whose certificates are trusted.
  public enum Trust: Hashable, Sendable {
    /// What the system trusts.
    case system
    /// Authorities, in PEM, and nobody else.
    case authorities([UInt8])
    /// Whoever answers.
    case anybody
  }

  /// The address, such as `https://vault.example.com:8200`.
  public var address: String
  /// Whose certificates are trusted.
  public var trust: Trust
  /// The name the certificate has to be for, instead of the address's; nil for that.
  public var tlsServerName: String?

  /// A server at an address.
  public init(_ address: String, trust: Trust = .system, tlsServerName: String? = nil) {
    (self.address, self.trust, self.tlsServerName) = (address, trust, tlsServerName)
  }

  /// The configuration of the transport, with a limit for each request.
  public func configuration(timeoutMilliseconds: Int) -> ClientConfiguration {
    var configuration = ClientConfiguration(server: address)
    configuration.tlsServerName = tlsServerName
    configuration.timeoutMilliseconds = timeoutMilliseconds
    switch trust {
    case .system: break
    case .authorities(let certificates): configuration.certificateAuthority = certificates
    case .anybody: configuration.skipsVerification = true
    }
    return configuration
  }
}

/// A way to a Vault server: takes requests and gives their answers in order.
public struct VaultConnection {
  /// How often Vault may send on, which it does to itself only.
  private static let mostRedirects = 3

  private var transport: any Transport
  /// Who asks the API server, where it passes requests on; nobody where Vault is asked directly.
  private let user: UserCredentials
  /// What stands before Vault's own paths.
  private let prefix: String
  /// What redirects have to begin with; nil where none is followed.
  private let origin: String?

  /// A way straight to a server.
  public init(_ server: VaultServer, over transport: any Transport) {
    self.transport = transport
    (user, prefix) = (UserCredentials(), "")
    let address = ServerAddress(server.address)
    origin = address.map { "\($0.isSecure ? "https" : "http")://\($0.authority)\($0.path)" }
  }

  /// A way through the API server, whose credentials these are, to a service.
  public init(_ service: ServiceProxy, as user: UserCredentials, over transport: any Transport) {
    (self.transport, self.user) = (transport, user)
    (prefix, origin) = (service.path, nil)
  }

  /// Sends requests, many at once; the answers stand in the order of the requests.
  ///
  /// Where Vault sends on to another path of the same address, as it may within a cluster, that is followed; to any
  /// other address it is not, as that would get the token.
  public mutating func send<Answer>(_ requests: [VaultCall<Answer>]) -> [Result<Answer, VaultRefusal>] {
    var sent = requests.map { $0.sent(below: prefix) }
    var answers = [Result<Answer, VaultRefusal>](
      repeating: .failure(.transport(TransportError(.transferFailed))), count: requests.count)
    var indices = Array(requests.indices)
    for hop in 0...VaultConnection.mostRedirects where !indices.isEmpty {
      var results: [Result<APIResponse, TransportError>] = indices.map { _ in .failure(TransportError(.transferFailed))
      }
      transport.send(indices.map { sent[$0] }, as: user) { results[$0] = $1 }
      var again: [Int] = []
      for (index, result) in zip(indices, results) {
        if hop < VaultConnection.mostRedirects, let path = redirectedPath(result) {
          // What is asked for stays what it was.
          sent[index].path = String(path.prefix { $0 != "?" })
          again.append(index)
        } else {
          answers[index] = result.mapError(VaultRefusal.transport).flatMap(requests[index].read)
        }
      }
      indices = again
    }
    return answers
  }

  /// Sends one request.
  public mutating func send<Answer>(_ request: VaultCall<Answer>) -> Result<Answer, VaultRefusal> {
    send([request]).first ?? .failure(.transport(TransportError(.transferFailed)))
  }

  /// Where an answer leads on to; nil where it does not, or not to this address.
  private func redirectedPath(_ result: Result<APIResponse, TransportError>) -> String? {
    guard case .failure(let error) = result, case .redirected(let target) = error.code else { return nil }
    let path =
      target.hasPrefix("/") && !target.hasPrefix("//") ? target : origin.flatMap { rest(of: target, after: $0) }
    return path.flatMap { $0.hasPrefix("/v1/") ? $0 : nil }
  }

  private func rest(of url: String, after origin: String) -> String? {
    url.hasPrefix(origin + "/") ? String(url.dropFirst(origin.count)) : nil
  }
}

/// Transports belong to one thread.
@available(*, unavailable)
extension VaultConnection: Sendable {}

/// A service of a cluster, which its API server passes requests on to.
public struct ServiceProxy: Hashable, Sendable {
  /// The Kubernetes namespace.
  public let namespace: String
  /// The service's name.
  public let name: String
  /// `http` or `https`.
  public let scheme: String
  /// The port's number or name.
  public let port: String

  /// A service and its port.
  public init(namespace: String, name: String, scheme: String, port: String) {
    (self.namespace, self.name, self.scheme, self.port) = (namespace, name, scheme, port)
  }

  /// The service that an address within a cluster names; nil where it names none.
  ///
  /// `https://vault.vault.svc:8200` does, and a name of a single word is one in the namespace of whoever asks.
  public init?(address: String, from namespace: String) {
    guard let server = ServerAddress(address) else { return nil }
    var words = server.host.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if words.last == "" { words.removeLast() }
    let isService = words.count <= 2 || words[2] == "svc"
    let isAddress = words.allSatisfy { Int($0) != nil } || server.host.contains(":")
    guard isService, !isAddress, !words.contains(""), server.path.isEmpty, server.host != "localhost" else {
      return nil
    }
    self.init(
      namespace: words.count > 1 ? words[1] : namespace, name: words[0], scheme: server.isSecure ? "https" : "http",
      port: String(server.port))
  }

  /// Where the API server has it.
  public var path: String { "/api/v1/namespaces/\(namespace)/services/\(scheme):\(name):\(port)/proxy" }
}
