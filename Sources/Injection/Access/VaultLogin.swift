internal import ManifestText
internal import Workloads

/// How the agents of a pod log in to Vault: at which address, whom they trust, and as whom.
package struct VaultLogin: Hashable, Sendable {
  /// Where Vault is, seen from the pod; empty where nothing in the input says it.
  package var address: String
  /// Vault's namespace; empty for the root.
  package var vaultNamespace = ""
  package var trust = VaultTrust()
  package var method: Method
  /// Where the method is mounted, without `auth/`; nil where nothing in the input says it.
  package var mount: String?
  /// The role; empty where the input does not say it, as with AppRole, whose role is in its role id.
  package var role = ""
  package var account: Account
  /// Where the role is said; nil where a default says it.
  package var range: Range<Int>?

  /// An auth method.
  package enum Method: Hashable, Sendable {
    case kubernetes, jwt, appRole
    /// Another that the agent knows, by its name.
    case other(String)

    init(_ name: String) {
      switch name {
      case "kubernetes": self = .kubernetes
      case "jwt": self = .jwt
      case "approle": self = .appRole
      default: self = .other(name)
      }
    }

    /// As the agent's configuration calls it.
    package var name: String {
      switch self {
      case .kubernetes: "kubernetes"
      case .jwt: "jwt"
      case .appRole: "approle"
      case .other(let name): name
      }
    }

    /// Whether a pod logs in with its service account's token.
    package var usesAccount: Bool { self == .kubernetes || self == .jwt }
  }

  /// Where the method is mounted, without `auth/`: where nothing says it, by the method's own name.
  package var mountPath: String { mount ?? method.name }

  /// The service account, and the token of it that the agent logs in with.
  package struct Account: Equatable, Hashable, Sendable {
    package var name: String
    /// The namespace of the pod.
    package var namespace: String
    /// Whom the token is for; empty for the API server's own audience.
    package var audience = ""
    /// How long the token lives; nil where the cluster decides.
    package var tokenSeconds: Int?

    package init(name: String, namespace: String, audience: String = "", tokenSeconds: Int? = nil) {
      (self.name, self.namespace, self.audience, self.tokenSeconds) = (name, namespace, audience, tokenSeconds)
    }
  }
}

/// How Vault's certificate is checked.
package struct VaultTrust: Hashable, Sendable {
  /// What the certificate authority is in.
  package enum Authority: Hashable, Sendable {
    /// The image of the agent.
    case system
    case configMap(String, key: String)
    case secret(String, key: String)
    /// A file or a folder of the agent's container.
    case file(String)
    /// The configuration itself, in PEM.
    case text(String)
  }

  package var authority = Authority.system
  /// The name the certificate is checked against; empty for the address's host.
  package var serverName = ""
  package var skipsVerification = false
  /// The agent's own certificate and key, as files of its container; empty for none.
  package var clientCertificate = ""
  package var clientKey = ""
}

extension VaultLogin.Account {
  /// The account of a pod, with a token that an injection brings.
  init(
    of template: PodTemplate, in namespace: String, audience: String, tokenSeconds: Int
  ) throws(Diagnostic) {
    self.init(
      name: try template.serviceAccount().value, namespace: namespace, audience: audience, tokenSeconds: tokenSeconds)
  }

  /// The account of a pod, with the token in one of its own volumes; nil for a volume that admission brings.
  init(of template: PodTemplate, in namespace: String, tokenIn volume: String?) throws(Diagnostic) {
    self.init(name: try template.serviceAccount().value, namespace: namespace)
    guard let volume, let token = try template.projectedToken(in: volume) else { return }
    (audience, tokenSeconds) = token
  }
}

extension PodTemplate {
  /// The first token that a projected volume holds; nil where the pod has no such volume.
  fileprivate func projectedToken(in volume: String) throws(Diagnostic) -> (audience: String, seconds: Int?)? {
    guard let found = try self.volume(volume),
      let sources = try document.node(at: Path([.key("projected"), .key("sources")]), from: found)
    else { return nil }
    for source in document.items(of: sources) {
      guard document.isMapping(source), let token = try document.value("serviceAccountToken", in: source) else {
        continue
      }
      let audience = try document.value("audience", in: token).map(document.text(of:)) ?? ""
      let seconds = try document.value("expirationSeconds", in: token).flatMap { Int(document.text(of: $0)) }
      return (audience, seconds)
    }
    return nil
  }
}

extension VaultLogin {
  /// A mount as `auth/…` names it, without that; the agent puts it in front itself.
  static func mount(_ path: String) -> String {
    let path = trimmed(path)
    return ByteText.rest(of: path, after: "auth/") ?? path
  }

  /// A path of Vault's without slashes around it, which mean nothing.
  static func trimmed(_ path: String) -> String {
    var bytes = path.utf8.drop { $0 == UInt8(ascii: "/") }
    while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension PodTemplate {
  /// The service account the pod runs as.
  func serviceAccount() throws(Diagnostic) -> Decision {
    let subject = "service account"
    if let spec = try spec() {
      for key in ["serviceAccountName", "serviceAccount"] {
        guard let value = try document.value(key, in: spec), document.isString(value),
          !document.text(of: value).isEmpty
        else { continue }
        return Decision(
          subject, document.text(of: value), by: .field("spec.\(key)", at: document.range(of: value)))
      }
    }
    return Decision(subject, "default", by: .usual("the namespace's own"))
  }
}
