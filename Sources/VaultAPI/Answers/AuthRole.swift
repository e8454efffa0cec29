internal import ManifestText

/// A role of an auth method, as operators see it.
public struct AuthRole: Equatable, Sendable {
  /// The service accounts it is for, `*` and patterns such as `team-*` among them.
  public let accounts: [String]
  /// The Kubernetes namespaces it is for.
  public let namespaces: [String]
  /// The labels by which it chooses namespaces as well; empty where it does not.
  public let namespaceSelector: String
  /// The audience a token has to have; empty where any will do.
  public let audience: String
  /// The policies of its tokens.
  public let policies: [String]

  init?(_ body: Value) {
    guard let data = body["data"] else { return nil }
    func list(_ name: String) -> [String] { data[name]?.array?.compactMap(\.string) ?? [] }
    accounts = list("bound_service_account_names")
    namespaces = list("bound_service_account_namespaces")
    namespaceSelector = data["bound_service_account_namespace_selector"]?.string ?? ""
    audience = data["audience"]?.string ?? ""
    let own = list("token_policies").isEmpty ? list("policies") : list("token_policies")
    policies = own + (data["token_no_default_policy"] == .bool(true) || own.contains("default") ? [] : ["default"])
  }
}

/// The auth methods there are, as operators see them.
public struct VaultAuthMethods: Equatable, Sendable {
  /// One of them.
  public struct Method: Equatable, Sendable {
    /// Where it is mounted, without a slash at the end.
    public let path: String
    /// Its type, such as `kubernetes`.
    public let type: String
    /// What templates of policies name it by.
    public let accessor: String
  }

  /// All of them, in Vault's order.
  public let methods: [Method]

  init?(_ body: Value) {
    guard let members = body["data"]?.members else { return nil }
    methods = members.compactMap { member in
      guard let type = member.value["type"]?.string else { return nil }
      let path = member.key.hasSuffix("/") ? String(member.key.dropLast()) : member.key
      return Method(path: path, type: type, accessor: member.value["accessor"]?.string ?? "")
    }
  }
}
