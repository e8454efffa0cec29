/// What the command line says about the cluster and the user, over what kubeconfig files say.
public struct ClientOverrides: Equatable, Sendable {
  /// The one kubeconfig file to read.
  public var kubeconfig: String?
  /// The context to use.
  public var context: String?
  /// The cluster to use instead of the context's.
  public var cluster: String?
  /// The user to be instead of the context's.
  public var user: String?
  /// The namespace of objects that name none.
  public var namespace: String?
  /// The API server's URL.
  public var server: String?
  /// The name to check the server's certificate against.
  public var tlsServerName: String?
  /// The file with the certificate authorities to trust.
  public var certificateAuthority: String?
  /// True where any certificate is taken.
  public var skipsVerification = false
  /// True where no compressed answers are asked for.
  public var disablesCompression = false
  /// How long one request may take, as it is written.
  public var requestTimeout: String?
  /// The file with the certificate to show.
  public var clientCertificate: String?
  /// The file with that certificate's key.
  public var clientKey: String?
  /// The token to send.
  public var token: Secret?
  /// The name for basic authentication.
  public var username: String?
  /// The password for basic authentication.
  public var password: Secret?
  /// The user to act as.
  public var impersonatedUser: String?
  /// The id of the user to act as.
  public var impersonatedUID: String?
  /// The groups to act as a member of.
  public var impersonatedGroups: [String] = []
  /// Further facts about the user to act as, each as `key=value`.
  public var impersonatedExtra: [String] = []

  /// Overrides nothing.
  public init() {}
}
