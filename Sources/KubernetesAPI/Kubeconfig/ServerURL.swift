internal import ManifestText

/// The API server's address in one form: a scheme, a host, perhaps a port, perhaps a path, no slash at its end.
struct ServerURL: Equatable {
  /// The URL.
  let text: String
  /// True for https.
  let isSecure: Bool

  /// Reads what a kubeconfig or `--server` says; without a scheme it is http, as kubectl has it.
  init(_ server: String) throws(Diagnostic) {
    var rest = server[...]
    if let mark = rest.firstIndex(where: { $0 == "?" || $0 == "#" }) { rest = rest[..<mark] }
    while rest.hasSuffix("/") { rest = rest.dropLast() }
    guard let scheme = rest.firstRange(of: "://") else {
      guard !rest.isEmpty, !rest.contains("/") else { throw .serverURL(server) }
      (text, isSecure) = ("http://\(rest)", false)
      return
    }
    let name = rest[..<scheme.lowerBound].lowercased()
    let host = rest[scheme.upperBound...].prefix { $0 != "/" }
    guard name == "https" || name == "http", !host.isEmpty, !host.contains(where: \.isWhitespace) else {
      throw .serverURL(server)
    }
    (text, isSecure) = ("\(name)\(rest[scheme.lowerBound...])", name == "https")
  }

  /// True where the host is this machine itself.
  var isLoopback: Bool {
    guard let start = text.firstRange(of: "://")?.upperBound else { return false }
    let authority = text[start...].prefix { $0 != "/" }
    let host = authority.hasPrefix("[") ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
    return host == "localhost" || host == "::1" || ServerURL.isLoopbackNumber(host)
  }

  /// True for 127.0.0.0/8 written as four numbers; a name may begin like one.
  private static func isLoopbackNumber(_ host: Substring) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
