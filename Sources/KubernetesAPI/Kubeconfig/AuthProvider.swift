internal import ManifestText

/// A user's `auth-provider`: the kinds of login that were once built into kubectl.
struct AuthProvider {
  private let entry: KubeconfigEntry
  private let user: String
  private let host: Host

  init(_ entry: KubeconfigEntry, user: String, on host: Host) {
    (self.entry, self.user, self.host) = (entry, user, host)
  }

  /// The token of an OpenID Connect login, as long as it is good.
  ///
  /// It is never refreshed here: that would write credentials into the kubeconfig, or, unwritten, use up a refresh
  /// token that may work only once.
  func token() throws(KubeconfigError) -> Secret {
    let name = try entry.text("name") ?? ""
    guard name == "oidc" else { throw entry.error(at: "name", .authProvider(name)) }
    guard let config = try entry.entry("config"), let token = try config.line("id-token") else {
      throw entry.error(at: "config", .noIDToken(user))
    }
    guard let expiry = IDToken.expiry(of: token) else { throw config.error(at: "id-token", .notAnIDToken) }
    // As kubectl does, takes a token for expired a little early.
    guard host.now() < expiry - 10 else {
      throw config.error(
        at: "id-token", .expiredIDToken(user, hasRefreshToken: try config.text("refresh-token") != nil))
    }
    return Secret(token)
  }
}

/// The one claim of an OpenID Connect token that matters to its bearer.
enum IDToken {
  /// When the token expires, in seconds since 1970; nil where this is no such token.
  static func expiry(of token: String) -> Int? {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let claims = Base64.decoded(parts[1].utf8, .tolerant) else { return nil }
    let source = SourceText(name: "token", bytes: claims)
    guard var stream = try? DocumentStream(source), let piece = stream.next(), piece.mayBeJSON,
      let document = try? Document(piece, of: source), let root = document.root,
      let value = try? document.value(of: root), case .number(let text)? = value["exp"]
    else { return nil }
    return Double(text).flatMap { Int(exactly: $0.rounded(.down)) }
  }
}
