/// URLs as the user typed them.
package enum URLText {
  /// Whether this is an address rather than a path; the scheme may be written in any case.
  package static func isURL(_ text: String) -> Bool {
    let start = text.prefix(8).lowercased()
    return start.hasPrefix("http://") || start.hasPrefix("https://")
  }

  /// The URL with the parts left out that may hold a password or a token: what stands before the host's `@`,
  /// and the query.
  package static func withoutSecrets(_ url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return url }
    var rest = url[scheme.upperBound...]
    var query = ""
    if let mark = rest.firstIndex(where: { $0 == "?" || $0 == "#" }) {
      if rest[mark] == "?" { query = "?…" }
      rest = rest[..<mark]
    }
    let host = rest.prefix { $0 != "/" }
    if let mark = host.lastIndex(of: "@") { rest = "…" + rest[mark...] }
    return url[..<scheme.upperBound] + rest + query
  }

  /// Whether these bytes begin as HTML does: what web sites send where the file itself was meant.
  package static func isWebPage(_ bytes: [UInt8]) -> Bool {
    let start = bytes.drop { $0 <= UInt8(ascii: " ") }.prefix(14)
    let text = String(decoding: start, as: UTF8.self).lowercased()
    return text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
  }
}
