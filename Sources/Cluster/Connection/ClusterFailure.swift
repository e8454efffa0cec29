internal import Output
package import KubernetesAPI
package import ManifestText

/// Why no request to the API server was possible, for a reason that concerns every object.
package enum ClusterFailure: Error, Equatable {
  /// No answer came.
  case transport(TransportError)
  /// There are no credentials.
  case credentials(CredentialError)
  /// The server does not take the credentials.
  case unauthorized(String)
  /// The port expects TLS, and was sent a request without it.
  case speaksTLS

  /// The finding to report.
  package func diagnostic(_ configuration: ClientConfiguration) -> Diagnostic {
    switch self {
    case .transport(let error): .clusterUnreachable(error, configuration)
    case .credentials(let error): Diagnostic(rule: .credentials, message: error.message, hint: error.hint)
    case .unauthorized(let message):
      Diagnostic(
        rule: .unauthorized,
        message:
          "the API server at \(URLText.withoutSecrets(configuration.server)) does not take these credentials (\(message))",
        hint: "log in again, or choose another user or context; kubectl auth whoami tells who you are to it")
    case .speaksTLS: .speaksTLS(configuration)
    }
  }
}

extension Diagnostic {
  fileprivate static func speaksTLS(_ configuration: ClientConfiguration) -> Diagnostic {
    let server = URLText.withoutSecrets(configuration.server)
    return Diagnostic(
      rule: .speaksTls, message: "the API server at \(server) speaks TLS, and was asked without it",
      hint: "write its address with https:// in \(place(configuration)); credentials are sent over TLS only")
  }

  /// Where the server's address comes from.
  private static func place(_ configuration: ClientConfiguration) -> String {
    configuration.context.map { "the context `\($0)`" } ?? "--server"
  }

  /// The API server could not be reached, or is not trusted.
  static func clusterUnreachable(_ error: TransportError, _ configuration: ClientConfiguration) -> Diagnostic {
    let (rule, message, hint) = sentence(error.code, configuration)
    // Of these libcurl says the same in other words.
    let isClear = [.connectionFailed, .hostNotFound, .timedOut].contains(error.code)
    let detail = error.detail.isEmpty || isClear ? "" : " (\(error.detail))"
    return Diagnostic(rule: rule, message: message + detail, hint: hint)
  }

  private static func sentence(
    _ code: TransportError.Code, _ configuration: ClientConfiguration
  ) -> (rule: Rule, message: String, hint: String?) {
    let server = URLText.withoutSecrets(configuration.server)
    let route = configuration.proxy.map { " through the proxy \(URLText.withoutSecrets($0))" } ?? ""
    let context = place(configuration)
    switch code {
    case .libraryMissing:
      return (
        .libcurlMissing, "talking to a cluster needs libcurl, which cannot be opened",
        "install it (Debian, Ubuntu: apt-get install libcurl4; macOS: brew install curl)"
      )
    case .hostNotFound:
      return (
        .hostNotFound, "the name of the API server \(server)\(route) is unknown",
        "check the address in \(context), and the network or VPN it is reached by"
      )
    case .connectionFailed:
      return (
        .notConnected, "nothing answers at the API server's address \(server)\(route)",
        "check that the cluster runs, and the address and port in \(context)"
      )
    case .timedOut:
      return (
        .timedOut, "the API server \(server)\(route) took too long to answer",
        "check the network or VPN, or give it more time with --request-timeout"
      )
    case .certificateNotTrusted:
      return (.certificateNotTrusted, "the certificate of \(server) is not to be trusted", trustHint(configuration))
    case .certificateExpired:
      return (
        .certificateExpired, "the certificate of \(server) has expired, or is not valid yet",
        "whoever runs the cluster has to renew it; check the clock of this machine too"
      )
    case .certificateForOtherName:
      return (
        .certificateName, "the certificate of \(server) is not for \(name(configuration))",
        "use a name it is for as the server's address, or name it with --tls-server-name"
      )
    case .clientCertificateRefused:
      return (
        .clientCertificate, "\(server) does not take the client certificate of \(context), or wants one",
        "check that it comes from the cluster's authority and has not expired"
      )
    case .clientCertificateUnusable:
      return (
        .clientCertificate, "the client certificate of \(context), or its key, cannot be used",
        "the key has to belong to the certificate, and not be protected by a password"
      )
    case .proxyFailed:
      return (
        .proxyFailed, "the proxy\(proxyName(configuration)) refuses, or cannot be reached",
        "check proxy-url in the kubeconfig, HTTPS_PROXY and NO_PROXY"
      )
    case .redirected(let address):
      return (
        .redirect, "\(server) sends on to \(URLText.withoutSecrets(address))",
        "use that address: credentials do not follow"
      )
    case .cancelled:
      return (.interrupted, "interrupted before \(server) answered", "apply again to be sure of what is there")
    case .tlsFailed:
      return (
        .tlsFailed, "no secure connection to \(server)\(route) can be made",
        "the client certificate of \(context) may be refused, or something other than TLS answers there"
      )
    case .invalidURL, .unsupportedScheme:
      return (.invalidURL, "\(server) is not an address an API server can have", "one looks like https://HOST:6443")
    case .unsendable:
      return (
        .unsendable, "the request to \(server)\(route) cannot be sent", "check the settings of \(context), and names"
      )
    case .tooLarge:
      return (.tooLarge, "the answer of \(server) is longer than is accepted", "choose fewer objects")
    case .status(let status):
      return (
        .httpStatus, "\(server)\(route) answered \(status)", "a proxy in between may answer instead of the server"
      )
    case .tooManyRedirects:
      return (.redirect, "\(server) redirects too often", "use the address it leads to")
    case .transferFailed:
      return (.transferFailed, "the connection to \(server)\(route) broke off", brokenHint(configuration))
    }
  }

  /// A port for TLS ends a request without it before all of it is read, and what it says of that is lost then.
  private static func brokenHint(_ configuration: ClientConfiguration) -> String {
    guard configuration.server.lowercased().hasPrefix("http://") else { return "run the command again" }
    return "where the API server speaks TLS, write its address with https://; otherwise run the command again"
  }

  private static func name(_ configuration: ClientConfiguration) -> String {
    configuration.tlsServerName.map { "the name `\($0)`" } ?? "that name"
  }

  private static func proxyName(_ configuration: ClientConfiguration) -> String {
    configuration.proxy.map { " \(URLText.withoutSecrets($0))" } ?? ""
  }

  private static func trustHint(_ configuration: ClientConfiguration) -> String {
    let authority =
      configuration.certificateAuthority == nil
      ? "a certificate authority of this system" : "the certificate authority of the kubeconfig"
    return "it has to be issued by \(authority); --certificate-authority names another"
  }
}

extension ClusterFailure {
  /// True where the request may have reached the server all the same.
  var leavesDoubt: Bool {
    guard case .transport(let error) = self else { return false }
    switch error.code {
    case .timedOut, .cancelled, .transferFailed, .tooLarge, .status: return true
    default: return false
    }
  }

  /// True where the same request may be answered a moment later.
  var isPassing: Bool {
    guard case .transport(let error) = self else { return false }
    switch error.code {
    case .connectionFailed, .hostNotFound, .timedOut, .tlsFailed, .transferFailed: return true
    default: return false
    }
  }

  /// True where the user ended the run before the answer came.
  var isCancellation: Bool { self == .transport(TransportError(.cancelled)) }
}
