internal import ManifestText

/// The credentials in a kubeconfig's user entry and the flags over it.
struct UserSettings {
  private let name: String
  private let entry: KubeconfigEntry?
  private let reader: ClientConfigurationReader

  /// Brings an entry and the flags together; neither need be there.
  init(named name: EntryName, of kubeconfig: Kubeconfig, reader: ClientConfigurationReader) throws(KubeconfigError) {
    entry = try name.entry(.users, of: kubeconfig)
    self.name = name.text
    self.reader = reader
  }

  private var overrides: ClientOverrides { reader.overrides }

  /// Adds the credentials to a configuration whose server is known, and returns the findings.
  func complete(
    _ configuration: inout ClientConfiguration, _ cluster: ClusterSettings
  ) throws(KubeconfigError) -> [Diagnostic] {
    var user = UserCredentials()
    user.impersonation = try Impersonating(entry, overrides).value()
    var findings: [Diagnostic] = []
    if let url = try? ServerURL(configuration.server), url.isSecure || url.isLoopback && reader.trustsLoopback {
      findings = try prove(&user, configuration, cluster)
    } else if hasCredentials, (try? ServerURL(configuration.server))?.isLoopback != true {
      findings = [.credentialsWithoutTLS(configuration.server)]
    }
    configuration.user = user
    return findings
  }

  private var hasCredentials: Bool {
    let given: [Any?] = [overrides.token, overrides.username, overrides.clientCertificate]
    let keys = [
      "token", "tokenFile", "username", "client-certificate", "client-certificate-data", "exec", "auth-provider",
    ]
    return given.contains { $0 != nil } || keys.contains { key in (try? entry?.node(key)) ?? nil != nil }
  }

  private func prove(
    _ user: inout UserCredentials, _ configuration: ClientConfiguration, _ cluster: ClusterSettings
  ) throws(KubeconfigError) -> [Diagnostic] {
    var certificate = CertificateSettings(user: name, entry, reader)
    user.certificate = try certificate.value()
    user.basic = try basic()
    try takeToken(&user)
    guard user.token == nil || user.basic == nil else { throw origin("token").error(.tokenAndPassword(name)) }
    guard let entry, user.token == nil, user.basic == nil else { return certificate.findings }
    let exec = try entry.entry("exec")
    let provider = try entry.entry("auth-provider")
    if exec != nil, provider != nil { throw entry.error(at: "auth-provider", .pluginAndProvider(name)) }
    if let exec {
      let plugin = try ExecPlugin(exec, user: name, on: reader.host)
      user.source = ExecCredentials(plugin, clusterConfiguration: try cluster.pluginConfiguration(), on: reader.host)
    }
    if let provider { user.token = try AuthProvider(provider, user: name, on: reader.host).token() }
    return certificate.findings
  }

  private func origin(_ key: String) -> KubeconfigError.Origin {
    entry.map { .entry($0, key: key) } ?? .flag
  }

  private func takeToken(_ user: inout UserCredentials) throws(KubeconfigError) {
    user.token = try entry.line("token", flag: overrides.token?.exposedText).map { Secret($0) }
    guard overrides.token == nil else { return }
    guard let entry, let path = try entry.path("tokenFile") else { return }
    let file = TokenFile(path, fallback: user.token, on: reader.host)
    do throws(CredentialError) {
      user.token = try file.token(again: false)
    } catch {
      throw entry.error(at: "tokenFile", Diagnostic(rule: .credentials, message: error.message, hint: error.hint))
    }
    user.source = file
  }

  private func basic() throws(KubeconfigError) -> UserCredentials.Basic? {
    let username = try entry.line("username", flag: overrides.username)
    let password = try entry.line("password", flag: overrides.password?.exposedText).map { Secret($0) }
    guard username != nil || password != nil else { return nil }
    return UserCredentials.Basic(username: username ?? "", password: password ?? Secret(""))
  }
}

/// The certificate a user shows, and its key.
struct CertificateSettings {
  private let user: String
  private let entry: KubeconfigEntry?
  private let reader: ClientConfigurationReader
  private(set) var findings: [Diagnostic] = []

  init(user: String, _ entry: KubeconfigEntry?, _ reader: ClientConfigurationReader) {
    (self.user, self.entry, self.reader) = (user, entry, reader)
  }

  /// The certificate and the key, from flags or else from the entry, data before files; nil where there is neither.
  mutating func value() throws(KubeconfigError) -> UserCredentials.ClientCertificate? {
    let certificate = try part("client-certificate", flag: reader.overrides.clientCertificate, "CERTIFICATE")
    let key = try part("client-key", flag: reader.overrides.clientKey, "PRIVATE KEY")
    switch (certificate, key) {
    case (nil, nil): return nil
    case (let certificate?, let key?): return .init(certificate: certificate, key: Secret(key))
    case (nil, _): throw incomplete(missing: "client-certificate")
    case (_, nil): throw incomplete(missing: "client-key")
    }
  }

  private mutating func part(_ key: String, flag: String?, _ kind: String) throws(KubeconfigError) -> [UInt8]? {
    if let flag { return try PEM.checked(reader.contents(of: flag, at: .flag), kind, at: .flag) }
    guard let entry else { return nil }
    let data = try entry.data("\(key)-data")
    let path = try entry.path(key)
    if data != nil, path != nil { findings.append(.dataAndFile(key, of: "user", user)) }
    if let data { return try PEM.checked(data, kind, at: .entry(entry, key: "\(key)-data")) }
    guard let path else { return nil }
    let origin = KubeconfigError.Origin.entry(entry, key: key)
    return try PEM.checked(reader.contents(of: path, at: origin), kind, at: origin)
  }

  private func incomplete(missing key: String) -> KubeconfigError {
    let diagnostic = Diagnostic.halfACertificate(missing: key, user)
    let byFlag = reader.overrides.clientCertificate != nil || reader.overrides.clientKey != nil
    guard let entry, !byFlag else { return KubeconfigError(.usage, diagnostic) }
    return entry.error(at: nil, diagnostic)
  }
}

/// The impersonation that a user's entry and the flags over it ask for.
struct Impersonating {
  private let entry: KubeconfigEntry?
  private let overrides: ClientOverrides

  init(_ entry: KubeconfigEntry?, _ overrides: ClientOverrides) {
    (self.entry, self.overrides) = (entry, overrides)
  }

  /// Flags win over the entry, each part by itself; nil where nobody is impersonated.
  func value() throws(KubeconfigError) -> UserCredentials.Impersonation? {
    var result = UserCredentials.Impersonation()
    result.user = try entry.line("as", flag: overrides.impersonatedUser) ?? ""
    result.uid = try entry.line("as-uid", flag: overrides.impersonatedUID) ?? ""
    result.groups = try overrides.impersonatedGroups.map { (group) throws(KubeconfigError) in
      try FlagText.line(group, of: "--as-group")
    }
    if let entry, result.groups.isEmpty { result.groups = try entry.lines("as-groups") }
    result.extra = try extra()
    if let entry, result.extra.isEmpty { result.extra = try entry.lineLists("as-user-extra") }
    if result == UserCredentials.Impersonation() { return nil }
    guard !result.user.isEmpty else { throw nobody }
    return result
  }

  private var nobody: KubeconfigError {
    let byFlag =
      overrides.impersonatedUID != nil || !overrides.impersonatedGroups.isEmpty
      || !overrides.impersonatedExtra.isEmpty
    guard let entry, !byFlag else {
      return KubeconfigError(.usage, .impersonatingNobody("--as", "--as-uid, --as-group and --as-user-extra"))
    }
    return entry.error(at: nil, .impersonatingNobody("as", "as-uid, as-groups and as-user-extra"))
  }

  private func extra() throws(KubeconfigError) -> [(key: String, values: [String])] {
    var result: [(key: String, values: [String])] = []
    for text in overrides.impersonatedExtra {
      _ = try FlagText.line(text, of: "--as-user-extra")
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw KubeconfigError(.usage, .userExtra(text))
      }
      let key = String(text[..<equals])
      let value = String(text[text.index(after: equals)...])
      if let index = result.firstIndex(where: { $0.key == key }) {
        result[index].values.append(value)
      } else {
        result.append((key, [value]))
      }
    }
    return result
  }
}

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
  /// It is never refreshed here: the new credentials would have to be written into the kubeconfig, and if they were
  /// not, a refresh token that may work only once would be used up.
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
