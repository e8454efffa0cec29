internal import KubernetesAPI
internal import ManifestText

/// URLs as the user typed them.
package enum URLText {
  /// Whether this is an address rather than a path; the scheme may be written in any case.
  package static func isURL(_ text: String) -> Bool {
    let text = text.utf8.lazy.map(ASCII.lowercased)
    return text.starts(with: "http://".utf8) || text.starts(with: "https://".utf8)
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
    if let user = URLUser.user(of: rest) { rest = "…" + rest[user.endIndex...] }
    return url[..<scheme.upperBound] + rest + query
  }

  /// Whether these bytes begin as HTML does: what web sites send where the file itself was meant.
  package static func isWebPage(_ bytes: [UInt8]) -> Bool {
    let start = bytes.drop { $0 <= UInt8(ascii: " ") }.prefix(14)
    let text = String(decoding: start, as: UTF8.self).lowercased()
    return text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
  }
}

// MARK: - In other text

extension URLText {
  /// The text with what stands before a host's `@` left out, where that may be a secret: a user with a password, also of
  /// a proxy whose scheme is left out, and a user of HTTP, who may be a token.
  static func withoutPasswords(_ text: String) -> String {
    ByteText.holds(text, "@") ? withoutUsersOfProxies(withoutUsersOfURLs(text)) : text
  }

  private static func withoutUsersOfURLs(_ text: String) -> String {
    let pieces = ByteText.pieces(of: text, around: "://")
    return zip(pieces, pieces.dropFirst()).reduce(into: pieces[0]) { shown, pair in
      let (before, rest) = pair
      let user = URLUser.user(of: rest.prefix { !$0.isWhitespace })
      shown += "://"
      guard let user, holdsPassword(user, ofHTTP: isHTTP(before)) else { return shown += rest }
      shown += "…"
      shown += rest[user.endIndex...]
    }
  }

  /// `user:password@proxy:3128`; without a port it could be many other things, such as the name of an object.
  private static func withoutUsersOfProxies(_ text: String) -> String {
    let pieces = ByteText.pieces(of: text, around: "@")
    return pieces.dropFirst().reduce(into: pieces[0]) { shown, rest in
      if isHostWithPort(rest), let user = userAtEnd(of: shown), holdsPassword(user, ofHTTP: false) {
        shown.replaceSubrange(user.startIndex..., with: "…")
      }
      shown += "@"
      shown += rest
    }
  }

  /// The user with a password at the end of a text, if it may be one; no longer than any token is.
  private static func userAtEnd(of text: String) -> Substring? {
    var word = text.suffix(4096)
    if let gap = word.lastIndex(where: { $0.isWhitespace || "\"'`".contains($0) }) { word = word[gap...].dropFirst() }
    guard !ByteText.holds(String(word), "://"), let colon = word.firstIndex(of: ":") else { return nil }
    let mark = word[..<colon].lastIndex { "=,;([{<".contains($0) }
    return mark.map { word[$0...].dropFirst() } ?? word
  }

  /// True for text that begins with `proxy.example.com:3128`; the digest of an image is none.
  private static func isHostWithPort(_ text: String) -> Bool {
    let host = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) }
    guard !host.isEmpty, !["sha256", "sha512"].contains(host), text[host.endIndex...].first == ":" else { return false }
    return text[host.endIndex...].dropFirst().first.map { $0.isASCII && $0.isNumber } ?? false
  }

  /// True where a user may be a secret, or has a password that is more than the names of variables.
  private static func holdsPassword(_ user: Substring, ofHTTP isHTTP: Bool) -> Bool {
    let written = VariableText.written(in: String(user))
    let colon = written.firstIndex(of: ":")
    let secret = colon.map { written[$0...].dropFirst() } ?? written[...]
    return !secret.isEmpty && (colon != nil || isHTTP)
  }

  private static func isHTTP(_ text: String) -> Bool {
    let end = text.suffix(5).lowercased()
    return end.hasSuffix("http") || end == "https"
  }
}
