internal import ArgumentParser
package import Cluster
internal import KubernetesAPI
internal import Output

/// Which cluster and which user: kubectl's flags, with kubectl's meaning.
package struct ClusterOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The kubeconfig file, instead of $KUBECONFIG or ~/.kube/config.", valueName: "file"))
  var kubeconfig: String?

  @Option(help: "The kubeconfig's context to use.")
  var context: String?

  @Option(help: "The kubeconfig's cluster to use.")
  var cluster: String?

  @Option(help: "The kubeconfig's user to be.")
  var user: String?

  @Option(name: [.short, .long], help: ArgumentHelp("The API server's address.", valueName: "url"))
  var server: String?

  @Option(help: "A bearer token to send.")
  var token: String?

  @Option(help: ArgumentHelp("A file with the client's certificate.", valueName: "file"))
  var clientCertificate: String?

  @Option(help: ArgumentHelp("A file with the key of the client's certificate.", valueName: "file"))
  var clientKey: String?

  @Option(help: ArgumentHelp("A file with the authorities the server's certificate may come from.", valueName: "file"))
  var certificateAuthority: String?

  @Flag(help: "Take any certificate of the server: whoever is in between can read and change everything.")
  var insecureSkipTlsVerify = false

  @Option(help: ArgumentHelp("The name the server's certificate has to bear.", valueName: "name"))
  var tlsServerName: String?

  @Option(help: "The name for basic authentication.")
  var username: String?

  @Option(help: "The password for basic authentication.")
  var password: String?

  @Option(help: ArgumentHelp("The user to act as.", valueName: "user"))
  var `as`: String?

  @Option(parsing: .singleValue, help: ArgumentHelp("A group to act as a member of; repeatable.", valueName: "group"))
  var asGroup: [String] = []

  @Option(help: ArgumentHelp("The id of the user to act as.", valueName: "uid"))
  var asUid: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("More about the user to act as; repeatable.", valueName: "key=value"))
  var asUserExtra: [String] = []

  @Option(
    help: ArgumentHelp("How long one request may take, such as 30 or 1m30s; 0 means no limit.", valueName: "time"))
  var requestTimeout: String?

  @Flag(help: "Ask for answers that are not compressed.")
  var disableCompression = false

  /// Made by the parser.
  package init() {}

  /// The cluster the flags choose, with the namespace of the command they belong to.
  package func access(
    namespace: String? = nil, readsManifests: Bool = false,
    _ connect: @escaping ClusterConnection.Opening = ClusterConnection.transport
  ) -> ClusterAccess {
    ClusterAccess(overrides(namespace: namespace), readsManifests: readsManifests, connect)
  }

  /// Whom the flags say to act as; nil where they do not.
  var impersonation: UserCredentials.Impersonation? {
    nonEmpty(`as`).map { name in
      var user = UserCredentials.Impersonation()
      (user.user, user.groups) = (name, asGroup)
      return user
    }
  }

  /// What the flags say, with the namespace of the command they belong to.
  private func overrides(namespace: String?) -> ClientOverrides {
    var overrides = ClientOverrides()
    overrides.kubeconfig = nonEmpty(kubeconfig)
    overrides.context = nonEmpty(context)
    overrides.cluster = nonEmpty(cluster)
    overrides.user = nonEmpty(user)
    overrides.namespace = nonEmpty(namespace)
    overrides.server = nonEmpty(server)
    overrides.tlsServerName = nonEmpty(tlsServerName)
    overrides.certificateAuthority = nonEmpty(certificateAuthority)
    overrides.skipsVerification = insecureSkipTlsVerify
    overrides.disablesCompression = disableCompression
    overrides.requestTimeout = nonEmpty(requestTimeout)
    overrides.clientCertificate = nonEmpty(clientCertificate)
    overrides.clientKey = nonEmpty(clientKey)
    overrides.token = nonEmpty(token).map { Secret($0) }
    overrides.username = nonEmpty(username)
    overrides.password = nonEmpty(password).map { Secret($0) }
    overrides.impersonatedUser = nonEmpty(`as`)
    overrides.impersonatedUID = nonEmpty(asUid)
    overrides.impersonatedGroups = asGroup
    overrides.impersonatedExtra = asUserExtra
    return overrides
  }

  /// As in kubectl, a flag with nothing in it is one that was not given.
  private func nonEmpty(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
}

extension ConfigurationLoader {
  /// A loader that asks this cluster, where the webhook's configuration is to come from one; without a folder, the working
  /// directory is the place of streams.
  package convenience init(
    _ request: ConfigurationRequest, cluster: ClusterAccess = ClusterAccess(), workingFolder: String? = nil
  ) {
    self.init(request, workingFolder: workingFolder, asking: { name throws(Fault) in try cluster.manifest(of: name) })
  }
}
