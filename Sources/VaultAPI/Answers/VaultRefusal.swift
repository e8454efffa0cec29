public import KubernetesAPI
internal import ManifestText

/// Why Vault did not give what it was asked for.
///
/// It contains facts only; the sentence is written where it is shown.
public enum VaultRefusal: Error, Equatable, Sendable {
  /// No answer came.
  case transport(TransportError)
  /// The API server, through which Vault was asked, answered in its place.
  case cluster(APIStatus)
  /// What answered is not Vault: the status, and how its answer begins.
  case notVault(Int, String)

  /// Vault is sealed.
  case sealed
  /// Vault is not initialised.
  case notInitialized
  /// The Vault namespace does not exist.
  case noNamespace
  /// Vault asks for fewer requests.
  case tooManyRequests
  /// Vault failed, or what it needs: the status, and its words.
  case failed(Int, String)

  /// The auth method has no role of this name.
  case unknownRole
  /// No role was named.
  case missingRole
  /// The role is not for this service account.
  case accountNotAuthorized
  /// The role is not for this Kubernetes namespace.
  case namespaceNotAuthorized
  /// The role is for tokens of another audience; Vault's words.
  case otherAudience(String)
  /// The AppRole's role id or secret id is wrong, or used up.
  case wrongRoleOrSecretID
  /// The auth method was never configured.
  case notConfigured

  /// Batch tokens end by themselves only.
  case batchToken
  /// The token may not do this, or there is nothing that could be done: Vault says the same of both.
  case permissionDenied
  /// No right is had below a mount, or there is none: Vault says the same of both.
  case mountHidden
  /// No engine is mounted there.
  case noEngine
  /// The engine has no such path, as it is too old for it perhaps.
  case unsupportedPath
  /// There is nothing of this name.
  case notFound
  /// The path is none that the second version of the KV engine has, such as one without `data/`.
  case notOfVersionedKV
  /// The newest version of a secret was deleted, at this time.
  case deleted(String)
  /// The newest version of a secret was destroyed.
  case destroyed

  /// Any other answer: the status, and Vault's words.
  case other(Int, String)
}

extension VaultRefusal {
  /// True where another request might be answered no better: Vault, or the way to it, is at fault.
  public var isOutage: Bool {
    switch self {
    // What cannot be sent says nothing of who would have got it.
    case .transport(let error): error.code != .unsendable
    case .cluster, .notVault, .sealed, .notInitialized, .tooManyRequests: true
    case .failed(let status, _): status != 500
    default: false
    }
  }

  /// What an answer means that is no success.
  init(_ response: APIResponse) {
    let body = response.json
    if body?["kind"]?.string == "Status", let status = APIStatus(response) {
      self = .cluster(status)
      return
    }
    guard let body, let errors = body["errors"]?.array ?? (body["warnings"] == nil ? nil : []) else {
      self = .notVault(response.status, VaultRefusal.beginning(of: response.body))
      return
    }
    let words = errors.compactMap(\.string).map(VaultRefusal.withoutFrame).joined(separator: "; ")
    if let secret = VaultRefusal(ofSecret: body) {
      self = secret
    } else {
      self =
        VaultRefusal.rows.first { $0.applies(response.status, words) }?.refusal(response.status, words)
        ?? .other(response.status, words)
    }
  }

  /// What an answer says of a secret's newest version; nil where it says nothing.
  private init?(ofSecret body: Value) {
    let metadata = body["data"]?["metadata"]
    if metadata?["destroyed"] == .bool(true) {
      self = .destroyed
    } else if let time = metadata?["deletion_time"]?.string, !time.isEmpty {
      self = .deleted(time)
    } else if let warnings = body["warnings"]?.array,
      warnings.contains(where: { ByteText.holds($0.string ?? "", "versioned K/V") })
    {
      self = .notOfVersionedKV
    } else {
      return nil
    }
  }

  /// What Vault's words mean with a status.
  private struct Row: Sendable {
    let statuses: ClosedRange<Int>
    let words: String
    let refusal: @Sendable (Int, String) -> VaultRefusal

    init(_ status: Int, _ words: String, _ refusal: VaultRefusal) {
      self.init(status...status, words) { _, _ in refusal }
    }

    init(
      _ statuses: ClosedRange<Int>, _ words: String = "", _ refusal: @escaping @Sendable (Int, String) -> VaultRefusal
    ) {
      (self.statuses, self.words, self.refusal) = (statuses, words, refusal)
    }

    func applies(_ status: Int, _ text: String) -> Bool {
      statuses.contains(status) && (words.isEmpty || ByteText.holds(text, words))
    }
  }

  /// The first that applies counts.
  private static let rows = [
    Row(503, "Vault is sealed", .sealed),
    Row(503, "is sealed", .sealed),
    Row(501, "", .notInitialized),
    Row(429, "", .tooManyRequests),
    Row(404, "namespace not found", .noNamespace),
    Row(400, "invalid role name", .unknownRole),
    Row(400, "could not be found", .unknownRole),
    Row(400, "missing role", .missingRole),
    Row(400, "invalid role or secret ID", .wrongRoleOrSecretID),
    Row(400, "invalid role ID", .wrongRoleOrSecretID),
    Row(400, "invalid secret id", .wrongRoleOrSecretID),
    Row(400, "could not load configuration", .notConfigured),
    Row(400, "batch tokens cannot be revoked", .batchToken),
    // Older versions say these with 500.
    Row(400...500, "service account name not authorized") { _, _ in .accountNotAuthorized },
    Row(400...500, "namespace not authorized") { _, _ in .namespaceNotAuthorized },
    Row(400...500, "invalid audience (aud) claim") { _, words in .otherAudience(words) },
    Row(403, "preflight capability check returned 403", .mountHidden),
    Row(403, "permission denied", .permissionDenied),
    Row(404, "no handler for route", .noEngine),
    Row(400...405, "unsupported path") { _, _ in .unsupportedPath },
    Row(400...405, "unsupported operation") { _, _ in .unsupportedPath },
    Row(404, "", .notFound),
    Row(500...599) { status, words in .failed(status, words) },
  ]

  /// The words without what Go puts around a list of errors: `1 error occurred:\n\t* permission denied\n\n`.
  private static func withoutFrame(_ words: String) -> String {
    let lines = words.split(whereSeparator: \.isNewline)
    guard let first = lines.first, first.hasSuffix("occurred:") else { return words }
    return lines.dropFirst().map { $0.drop { $0 == "\t" || $0 == "*" || $0 == " " } }.joined(separator: "; ")
  }

  private static func beginning(of body: [UInt8]) -> String {
    String(decoding: body.prefix(80).prefix { $0 >= UInt8(ascii: " ") }, as: UTF8.self)
  }
}
