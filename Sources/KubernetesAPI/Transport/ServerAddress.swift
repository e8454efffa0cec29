internal import LibC

/// A server's URL taken apart: scheme, host, port, and the path that stands before every request's own.
package struct ServerAddress: Equatable, Sendable {
  /// True for https.
  package let isSecure: Bool
  /// The host, an IPv6 address without its brackets.
  package let host: String
  /// The port, the scheme's own where none is written.
  package let port: Int
  /// The path before every request's own; empty or beginning with a slash, without one at its end.
  package let path: String
  /// The host and, where it is written, the port, as they stand in the URL.
  package let authority: String

  /// Takes a URL apart; nil where it is none of http or https.
  package init?(_ url: String) {
    guard let mark = url.firstRange(of: "://") else { return nil }
    switch url[..<mark.lowerBound].lowercased() {
    case "https": isSecure = true
    case "http": isSecure = false
    default: return nil
    }
    let rest = url[mark.upperBound...]
    let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
    let whole = rest[..<end]
    let authority = whole.lastIndex(of: "@").map { whole[whole.index(after: $0)...] } ?? whole
    guard let (host, port) = ServerAddress.hostAndPort(authority) else { return nil }
    self.authority = String(authority)
    self.host = host
    self.port = port ?? (isSecure ? 443 : 80)
    var path = rest[end...].prefix { $0 != "?" && $0 != "#" }
    while path.hasSuffix("/") { path.removeLast() }
    self.path = String(path)
  }

  /// Splits `host`, `host:port`, `[v6]` and `[v6]:port`; nil where that cannot be read.
  package static func hostAndPort(_ text: Substring) -> (host: String, port: Int?)? {
    var host = text
    var port: Substring?
    if text.hasPrefix("["), let close = text.firstIndex(of: "]") {
      host = text[text.index(after: text.startIndex)..<close]
      let after = text[text.index(after: close)...]
      guard after.isEmpty || after.hasPrefix(":") else { return nil }
      port = after.isEmpty ? nil : after.dropFirst()
    } else if let colon = text.lastIndex(of: ":") {
      host = text[..<colon]
      port = text[text.index(after: colon)...]
    }
    guard !host.isEmpty else { return nil }
    guard let port, !port.isEmpty else { return (String(host), nil) }
    guard let number = Int(port), (1...65535).contains(number) else { return nil }
    return (String(host), number)
  }

  /// True where the host is this machine itself.
  package var isLoopback: Bool { host == "localhost" || IPAddress(host)?.isLoopback == true }

  /// The URL of a request; with a name of its own for TLS in the host's place, which `connectTo` leads back.
  func url(for request: APIRequest, as tlsName: String?) -> String {
    let scheme = isSecure ? "https" : "http"
    let query = request.query.map {
      "\(PercentEncoding.component($0.name))=\(PercentEncoding.component($0.value))"
    }.joined(separator: "&")
    let place = "\(tlsName.map(ServerAddress.bracketed) ?? ServerAddress.bracketed(host)):\(port)"
    return "\(scheme)://\(place)\(path)\(request.path)\(query.isEmpty ? "" : "?\(query)")"
  }

  /// libcurl's rule for connecting to this host while another name is asked for.
  func connectTo(from name: String) -> String {
    "\(ServerAddress.bracketed(name)):\(port):\(ServerAddress.bracketed(host)):\(port)"
  }

  private static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}

/// An IP address: 4 bytes, or 16.
struct IPAddress: Equatable {
  let bytes: [UInt8]

  /// Reads `192.0.2.1` or `2001:db8::1`; nil for everything else.
  ///
  /// IPv4 within IPv6 is taken for IPv4.
  init?(_ text: some StringProtocol) {
    guard let bytes = IPAddress.parse(String(text), AF_INET, 4) ?? IPAddress.parse(String(text), AF_INET6, 16) else {
      return nil
    }
    let isMapped = bytes.count == 16 && bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10...11] == [0xFF, 0xFF]
    self.bytes = isMapped ? Array(bytes.suffix(4)) : bytes
  }

  private static func parse(_ text: String, _ family: Int32, _ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return unsafe inet_pton(family, text, &bytes) == 1 ? bytes : nil
  }

  var isLoopback: Bool {
    bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
  }

  /// True where the address is in a network written as `10.0.0.0/8`.
  func isIn(network text: some StringProtocol) -> Bool {
    let parts = String(text).split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let network = IPAddress(parts[0]), let bits = Int(parts[1]),
      network.bytes.count == bytes.count, (0...bytes.count * 8).contains(bits)
    else { return false }
    return bytes.indices.allSatisfy { index in
      let kept = min(max(bits - index * 8, 0), 8)
      let mask = UInt8(truncatingIfNeeded: 0xFF00 >> kept)
      return bytes[index] & mask == network.bytes[index] & mask
    }
  }
}
