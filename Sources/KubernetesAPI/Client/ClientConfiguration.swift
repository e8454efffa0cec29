/// The API server's address, how to reach it, and the user's credentials: the result of a kubeconfig and the flags over
/// it.
public struct ClientConfiguration: Equatable, Sendable {
  /// The server's URL; a path in it stands before every request's own.
  public var server: String
  /// The name to send and to check the certificate against, instead of the URL's host.
  public var tlsServerName: String?
  /// The certificate authorities to trust, in PEM; nil for the system's.
  public var certificateAuthority: [UInt8]?
  /// True where the server's certificate is not checked.
  public var skipsVerification = false
  /// The proxy of the cluster's entry; nil where the environment decides.
  public var proxy: String?
  /// True where no compressed answers are asked for.
  public var disablesCompression = false
  /// How long one request may take; 0 for no limit.
  public var timeoutMilliseconds = 0
  /// The namespace of objects that name none.
  public var namespace = "default"
  /// True where the namespace was given by a flag, so that objects of another are a mistake.
  public var namespaceIsForced = false
  /// The name of the kubeconfig's context; nil where none was used, or another server.
  public var context: String?
  /// Who asks.
  public var user = UserCredentials()

  /// A configuration for a server, anonymous so far.
  public init(server: String) { self.server = server }
}

/// How a user proves who they are, as far as that is known without running anything.
public struct UserCredentials: Equatable, Sendable {
  /// A certificate and its key, both in PEM.
  public struct ClientCertificate: Equatable, Sendable {
    /// The certificate chain.
    public let certificate: [UInt8]
    /// The key.
    public let key: Secret

    /// Pairs a certificate with its key.
    public init(certificate: [UInt8], key: Secret) {
      self.certificate = certificate
      self.key = key
    }
  }

  /// A name and a password.
  public struct Basic: Equatable, Sendable {
    /// The name.
    public let username: String
    /// The password.
    public let password: Secret

    /// The credentials as they are sent, in base64.
    let pair: Secret

    /// Pairs a name with a password.
    public init(username: String, password: Secret) {
      self.username = username
      self.password = password
      pair = Secret(Array("\(username):".utf8) + password.exposed)
    }
  }

  /// A user to impersonate.
  public struct Impersonation: Equatable, Sendable {
    /// The user's name.
    public var user = ""
    /// The user's id; empty where none is given.
    public var uid = ""
    /// The groups.
    public var groups: [String] = []
    /// Further facts about the user, in order, several values a key.
    public var extra: [(key: String, values: [String])] = []

    /// Nobody yet.
    public init() {}

    /// True where all parts are equal.
    public static func == (a: Impersonation, b: Impersonation) -> Bool {
      a.user == b.user && a.uid == b.uid && a.groups == b.groups
        && a.extra.elementsEqual(b.extra) { $0.key == $1.key && $0.values == $1.values }
    }
  }

  /// The certificate to show; nil for none.
  public var certificate: ClientCertificate?
  /// The token to send; nil for none.
  public var token: Secret?
  /// The name and password to send; nil for none.
  public var basic: Basic?
  /// The user to impersonate; nil for none.
  public var impersonation: Impersonation?
  /// The program or file that provides the credentials, where there is one; asked again after a 401.
  public var source: (any CredentialSource)?

  /// Nobody: the server decides what anonymous users may do.
  public init() {}

  /// True where all parts are equal, the source aside.
  public static func == (a: UserCredentials, b: UserCredentials) -> Bool {
    a.certificate == b.certificate && a.token == b.token && a.basic == b.basic && a.impersonation == b.impersonation
  }
}

/// Something that gives credentials when asked: an exec plugin, a file with a token that changes.
public protocol CredentialSource: Sendable {
  /// The given credentials, updated with the current ones; `afterRejection` where the server has just refused the last
  /// ones.
  /// - Throws: A `CredentialError` that says why there are none.
  func credentials(for configuration: ClientConfiguration, afterRejection: Bool) throws(CredentialError)
    -> UserCredentials
}

/// Why no credentials could be had; a sentence for people, without anything secret in it.
public struct CredentialError: Error, Equatable, Sendable {
  /// What went wrong.
  public let message: String
  /// How to fix it.
  public let hint: String?

  /// Puts the two together.
  public init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}
