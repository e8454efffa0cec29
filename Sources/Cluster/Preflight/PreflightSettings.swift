package import KubernetesAPI

/// How a preflight asks.
package struct PreflightSettings: Sendable {
  /// What is used in place of a pod's token of its service account.
  package struct Identities: Sendable {
    /// A token for every service account; nil where the cluster is asked for each.
    package var jwt: Secret?
    /// An AppRole's role id.
    package var roleID: Secret?
    /// An AppRole's secret id.
    package var secretID: Secret?

    /// Nothing.
    package init() {}
  }

  /// Vault's address, and what says it, in place of the pods' own; nil for that.
  package var address: (url: String, origin: String)?
  /// Authorities to trust in place of the pods' own, in PEM, and what says so; nil for the pods' own.
  package var authorities: (pem: [UInt8], origin: String)?
  /// True where Vault is asked through the API server if the pods' address is not known here.
  package var isThroughCluster = false
  /// What is used in place of what only a pod has.
  package var identities = Identities()
  /// An operator's token, with which roles and policies are read, and nobody logs in; nil where pods' logins are tried.
  package var operatorToken: Secret?
  /// Where what was found is printed.
  package enum Stream: Sendable {
    case output, errors
  }

  /// Where what was found is printed.
  package var stream = Stream.output
  /// True where pods that would get their secrets are shown as well.
  package var showsAll = true
  /// How long Vault may take to answer one request.
  package var timeoutMilliseconds = 30_000

  /// As pods do it.
  package init() {}
}
