/// What a pod is given to reach the API server of its own cluster.
struct InClusterConfiguration {
  private static let folder = "/var/run/secrets/kubernetes.io/serviceaccount"

  private let host: Host
  private let server: String
  private let token: Secret

  /// Looks for it; nil where this runs in no pod, or in one without a service account's token.
  init?(_ host: Host) throws(KubeconfigError) {
    guard let address = host.nonEmptyVariable("KUBERNETES_SERVICE_HOST"),
      let port = host.nonEmptyVariable("KUBERNETES_SERVICE_PORT"),
      let token = try? host.contents("\(Self.folder)/token")
    else { return nil }
    self.host = host
    server = address.contains(":") ? "https://[\(address)]:\(port)" : "https://\(address):\(port)"
    self.token = Secret(TokenText.trimmed(token))
    if let name = RequestText.controlCharacter(in: self.token.exposedText) {
      throw KubeconfigError(at: "\(Self.folder)/token", .controlCharacter("the token", name))
    }
  }

  /// The way to the pod's own cluster; a token or authorities given by flags win.
  func configuration(_ overrides: ClientOverrides) throws(KubeconfigError) -> ClientConfiguration {
    var configuration = ClientConfiguration(server: server)
    configuration.certificateAuthority = try? host.contents("\(Self.folder)/ca.crt")
    if let path = overrides.certificateAuthority {
      do throws(Host.FileFailure) {
        configuration.certificateAuthority = try host.contents(path)
      } catch {
        throw KubeconfigError(.usage, .namedFile(path, error))
      }
    }
    configuration.user.impersonation = try Impersonating(nil, overrides).value()
    if let token = overrides.token {
      configuration.user.token = Secret(try FlagText.line(token.exposedText, of: "--token"))
    } else {
      configuration.user.token = token
      configuration.user.source = TokenFile("\(Self.folder)/token", fallback: token, on: host)
    }
    return configuration
  }

  /// The namespace of the pod this runs in; nil where this runs in none.
  static func namespace(_ host: Host) -> String? {
    guard host.nonEmptyVariable("KUBERNETES_SERVICE_HOST") != nil,
      host.nonEmptyVariable("KUBERNETES_SERVICE_PORT") != nil,
      (try? host.contents("\(folder)/token")) != nil
    else { return nil }
    if let name = host.nonEmptyVariable("POD_NAMESPACE") { return name }
    guard let bytes = try? host.contents("\(folder)/namespace") else { return nil }
    let name = String(decoding: TokenText.trimmed(bytes), as: UTF8.self)
    return name.isEmpty ? nil : name
  }
}
