internal import ManifestText

/// A URL as far as it can be told right from wrong without reaching it.
struct URLText: Sendable {
  /// In small letters; empty where there is none.
  let scheme: String
  /// The host with its port.
  private let authority: [UInt8]
  /// The host without its port, in small letters.
  let host: String
  /// True where requests stay in the cluster, on the node or in a private network, as far as the host tells.
  let isInCluster: Bool
  /// True where a user stands before the host, perhaps with a password, also where the scheme was forgotten.
  let holdsCredentials: Bool
  /// True where these are written out, and not taken from variables: `$(PASSWORD)`.
  let showsCredentials: Bool
  private let isPrintable: Bool
  /// True where something stands after the scheme.
  private let hasRest: Bool

  init(_ text: String) {
    let parts = GoText.split(text, at: "://")
    scheme = parts.count > 1 ? GoText.lowercased(parts[0]) : ""
    let rest = parts.count > 1 ? String(decoding: text.utf8.dropFirst(parts[0].utf8.count + 3), as: UTF8.self) : ""
    hasRest = !rest.isEmpty
    let ends = [UInt8(ascii: "/"), ASCII.question, ASCII.hash]
    authority = Array(rest.utf8.prefix { !ends.contains($0) })
    let start = parts.count > 1 ? authority : Array(text.utf8.prefix { !ends.contains($0) })
    holdsCredentials = start.contains(UInt8(ascii: "@"))
    showsCredentials = holdsCredentials && scheme != "unix" && URLText.isWritten(start)
    host = URLText.host(of: authority)
    isInCluster = URLText.isInCluster(host)
    isPrintable = text.utf8.allSatisfy { $0 > ASCII.space && $0 != 0x7F && $0 != ASCII.doubleQuote }
  }

  /// True where more than variables, `$(USER)`, `${USER}` and `{{USER}}`, and what stands between them is before the `@`.
  private static func isWritten(_ authority: [UInt8]) -> Bool {
    let user = authority[..<(authority.lastIndex(of: UInt8(ascii: "@")) ?? 0)]
    let written = VariableText.written(in: String(decoding: user, as: UTF8.self))
    return !written.utf8.allSatisfy { $0 == ASCII.colon }
  }

  private var isHTTP: Bool { ["http", "https"].contains(scheme) }

  /// True for a URL of http or https with a host.
  var isAddress: Bool { isHTTP && isPrintable && !host.isEmpty }

  /// True for what Vault's programs can send a request to: such a URL, or a socket.
  var isReachable: Bool { isAddress || scheme == "unix" && hasRest }

  private static func host(of authority: [UInt8]) -> String {
    let name = authority.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false).last ?? []
    if name.first == ASCII.openBracket {
      return String(decoding: name.dropFirst().prefix { $0 != ASCII.closeBracket }, as: UTF8.self)
    }
    return GoText.lowercased(String(decoding: name.prefix { $0 != ASCII.colon }, as: UTF8.self))
  }
}

extension URLText {
  /// True where requests stay in the cluster, on the node or in a private network, as far as the host tells.
  fileprivate static func isInCluster(_ host: String) -> Bool {
    let labels = GoText.split(host, at: ".").filter { !$0.isEmpty }
    if let address = IPv4Address(labels) { return address.isPrivate }
    if ByteText.holds(host, ":") { return ["::1", "fc", "fd", "fe80"].contains { host.hasPrefix($0) } }
    guard let last = labels.last else { return true }
    switch labels.count {
    case 1: return true
    // A service and its namespace; nobody can tell `vault.dev` from it.
    case 2: return !Self.publicEndings.contains(last)
    default:
      return labels.contains("svc") || labels.suffix(2) == ["cluster", "local"] || last == "localhost"
        || labels[0] == "host" && last == "internal"
    }
  }

  /// The ends of public names that no namespace is likely to have.
  private static let publicEndings = ["com", "org", "net", "io", "cloud", "info", "biz", "eu", "gov", "edu", "co"]
}

/// An address of four numbers.
private struct IPv4Address {
  private let bytes: [UInt8]

  init?(_ labels: [String]) {
    guard labels.count == 4 else { return nil }
    bytes = labels.compactMap { UInt8($0) }
    guard bytes.count == 4 else { return nil }
  }

  /// True for this machine, and for networks that are not part of the internet.
  var isPrivate: Bool {
    switch (bytes[0], bytes[1]) {
    case (10, _), (127, _), (192, 168), (169, 254), (172, 16...31): true
    default: false
    }
  }
}
