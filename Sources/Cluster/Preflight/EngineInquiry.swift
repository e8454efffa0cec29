internal import KubernetesAPI
internal import ManifestText
package import Output
internal import VaultAPI

/// Asks Vault with an operator's token which engines serve paths, each engine once.
package struct EngineInquiry {
  private let settings: PreflightSettings
  private let opening: ClusterConnection.Opening
  private var connection: VaultConnection?
  private var known: [(namespace: String, engine: VaultMount)] = []

  /// Will ask at the address of the settings, and nowhere else: the token is the operator's.
  package init(_ settings: PreflightSettings, _ opening: @escaping ClusterConnection.Opening) {
    (self.settings, self.opening) = (settings, opening)
  }

  /// The KV engine that serves a path, and its version; nil where none does, or the token has no right there.
  /// - Throws: A `Fault` where Vault cannot be asked.
  package mutating func kvEngine(
    of path: String, inVaultNamespace namespace: String
  ) throws(Fault) -> (mount: String, version: Int)? {
    guard let engine = try engine(of: path, namespace), let version = engine.kvVersion else { return nil }
    return (engine.path, version)
  }

  private mutating func engine(of path: String, _ namespace: String) throws(Fault) -> VaultMount? {
    if let (_, engine) = known.first(where: { $0.namespace == namespace && $0.engine.rest(of: path) != nil }) {
      return engine
    }
    let address = settings.address?.url ?? ""
    let place = VaultPlace(namespace: namespace, token: settings.operatorToken)
    switch try ask(.mount(of: path, in: place), at: address) {
    case .success(let engine):
      known.append((namespace, engine))
      return engine
    case .failure(.mountHidden), .failure(.noEngine), .failure(.notFound), .failure(.permissionDenied): return nil
    case .failure(let refusal): throw fault(.vault(refusal, at: address, namespace))
    }
  }

  private mutating func ask(
    _ call: VaultCall<VaultMount>, at address: String
  ) throws(Fault) -> Result<VaultMount, VaultRefusal> {
    do throws(TransportError) {
      var connection: VaultConnection
      if let open = self.connection {
        connection = open
      } else {
        connection = try route(to: address).connection(opening, timeoutMilliseconds: settings.timeoutMilliseconds)
      }
      defer { self.connection = connection }
      return connection.send(call)
    } catch {
      throw fault(.vault(.transport(error), at: address))
    }
  }

  private func fault(_ diagnostic: Diagnostic) -> Fault {
    var diagnostic = diagnostic
    diagnostic.message = "\(URLText.withoutSecrets(settings.address?.url ?? "")): \(diagnostic.message)"
    return Fault(.unavailable, diagnostic)
  }

  private func route(to address: String) -> VaultRoute {
    let trust = settings.authorities.map { VaultServer.Trust.authorities($0.pem) } ?? .system
    return VaultRoute(server: VaultServer(address, trust: trust))
  }
}
