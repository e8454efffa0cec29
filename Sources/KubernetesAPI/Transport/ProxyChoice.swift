/// The proxies an environment names, read as Go programs read them.
public struct ProxyEnvironment: Equatable, Sendable {
  /// For http URLs.
  public var http = ""
  /// For https URLs.
  public var https = ""
  /// Hosts that are asked without one.
  public var exceptions = ""

  /// Names no proxy.
  public init() {}

  /// Reads `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, in capitals or, where those are not set, in small letters.
  ///
  /// `ALL_PROXY` means nothing to Go.
  public init(_ variable: (String) -> String?) {
    func value(_ name: String) -> String {
      variable(name).flatMap { $0.isEmpty ? nil : $0 } ?? variable(name.lowercased()) ?? ""
    }
    http = value("HTTP_PROXY")
    https = value("HTTPS_PROXY")
    exceptions = value("NO_PROXY")
    for proxy in [http, https] { SecretsInUse.note(url: proxy) }
  }

  /// The proxy for a server as it is named; empty where it is asked directly.
  func proxy(for server: ServerAddress) -> String {
    let proxy = server.isSecure ? https : http
    guard !proxy.isEmpty, !server.isLoopback else { return "" }
    return isExcepted(server) ? "" : proxy
  }

  private func isExcepted(_ server: ServerAddress) -> Bool {
    let host = server.host.lowercased()
    let address = IPAddress(host)
    for entry in exceptions.split(separator: ",") {
      let rule = String(entry.filter { !$0.isWhitespace }).lowercased()
      if rule.isEmpty { continue }
      if rule == "*" { return true }
      if rule.contains("/") {
        if address?.isIn(network: rule) == true { return true }
      } else if ProxyEnvironment.matches(rule, host, address, server.port) {
        return true
      }
    }
    return false
  }

  /// A host, a domain with all below it, or only what is below it (`.example.com`, `*.example.com`), with a port or not.
  private static func matches(_ rule: String, _ host: String, _ address: IPAddress?, _ port: Int) -> Bool {
    if let address, let excepted = IPAddress(rule) { return address == excepted }
    guard let (name, rulePort) = ServerAddress.hostAndPort(rule[...]) else { return false }
    if let rulePort, rulePort != port { return false }
    if let excepted = IPAddress(name) { return address == excepted }
    let domain = name.hasPrefix("*.") ? String(name.dropFirst()) : name
    if domain.hasPrefix(".") { return host.hasSuffix(domain) }
    return host == domain || host.hasSuffix(".\(domain)")
  }
}

/// The proxy a server is asked through, in libcurl's spelling.
struct ProxyChoice: Equatable {
  /// The proxy's URL; empty for none.
  let url: String

  /// Chooses the proxy: one in the cluster's entry wins over the environment.
  /// - Throws: `unsupportedScheme` for a proxy that is neither http, https nor socks5.
  init(for server: ServerAddress, named proxy: String?, _ environment: ProxyEnvironment) throws(TransportError) {
    let chosen = proxy.flatMap { $0.isEmpty ? nil : $0 } ?? environment.proxy(for: server)
    guard let (scheme, rest) = URLUser.parts(of: chosen) else {
      url = chosen.isEmpty ? "" : "http://\(chosen)"
      return
    }
    switch scheme.lowercased() {
    case "http", "https": url = chosen
    // Go lets the proxy look the host's name up, in both spellings.
    case "socks5", "socks5h": url = "socks5h://\(rest)"
    default:
      throw TransportError(
        .unsupportedScheme, detail: "unsupported proxy scheme \(scheme), must be http, https or socks5")
    }
  }
}
