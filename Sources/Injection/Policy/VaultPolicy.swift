internal import ManifestText

/// The policy and the role that pods need which log in alike.
package struct VaultPolicy: Equatable, Sendable {
  /// What the policy is called.
  package internal(set) var name: String
  package let role: VaultRole
  /// The objects whose pods log in with the role, in the order of their namespaces and names.
  package let workloads: [PolicyWorkload]
  /// In the order of their paths.
  package let rules: [PolicyRule]
  /// What else may be needed, and cannot be told.
  package let gaps: [PolicyGap]
}

/// A role of an auth method, as the pods that log in with it need it.
package struct VaultRole: Equatable, Sendable {
  /// Vault's namespace; empty for the root.
  package let vaultNamespace: String
  package let method: VaultLogin.Method
  /// Where the method is mounted, without `auth/`; nil where that cannot be told.
  package let mount: String?
  /// Empty where the pods do not say it.
  package let name: String
  /// The service accounts of the pods, each once.
  package let accounts: [VaultLogin.Account]

  /// The names of the service accounts, in order.
  package var accountNames: [String] { accounts.map(\.name).distinct }
  /// The namespaces of the pods, in order.
  package var namespaces: [String] { accounts.map(\.namespace).distinct }
  /// Whom the pods' tokens are for; empty stands for the API server.
  package var audiences: [String] { accounts.map(\.audience).distinct }
  /// The one audience the role can ask for; nil where the tokens are for the API server, or not all for one.
  package var audience: String? { audiences.count == 1 ? audiences.first.flatMap { $0.isEmpty ? nil : $0 } : nil }

  /// Who may log in beside those who have to, as a role takes each name in each namespace.
  package var strangers: [String] {
    let own = Set(accounts.map { "\($0.namespace)/\($0.name)" })
    return namespaces.flatMap { namespace in accountNames.map { "\(namespace)/\($0)" } }.filter { !own.contains($0) }
  }

  /// True where the input tells what the role is, so that it can be written.
  package var isTold: Bool {
    guard !name.isEmpty, mount != nil else { return false }
    switch method {
    case .kubernetes, .jwt: return true
    case .appRole, .other: return false
    }
  }
}

extension [String] {
  /// Each text once, in byte order.
  var distinct: [String] {
    var names = NameIndex()
    return filter { names.add($0) }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
