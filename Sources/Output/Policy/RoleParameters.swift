internal import Injection
internal import ManifestText

/// What a role is written with, as Vault's API and Terraform's provider call it alike.
struct RoleParameters {
  /// In the order they are written.
  let members: [Value.Member]
  /// What a person has to see to, in sentences; empty for most.
  let remarks: [String]

  init(of policy: VaultPolicy, _ lifetime: TokenLifetime) {
    let role = policy.role
    let own: [(String, Value)]
    switch role.method {
    case .jwt:
      own = RoleParameters.jwt(role)
      remarks =
        role.audience == nil
        ? [
          "bound_audiences is missing: the issuer at /.well-known/openid-configuration of the API server tells its own."
        ]
        : []
    case .kubernetes, .appRole, .other:
      own = RoleParameters.kubernetes(role)
      remarks = []
    }
    let token: [(String, Value)] = [
      ("token_policies", [.string(policy.name)]), ("token_ttl", .string(lifetime.text)),
    ]
    members = (own + token).map { Value.Member(key: $0, value: $1) }
  }

  private static func kubernetes(_ role: VaultRole) -> [(String, Value)] {
    let audience = role.audience.map { [("audience", Value.string($0))] } ?? []
    return [
      ("bound_service_account_names", texts(role.accountNames)),
      ("bound_service_account_namespaces", texts(role.namespaces)),
    ] + audience
  }

  private static func jwt(_ role: VaultRole) -> [(String, Value)] {
    let subjects = role.accounts.map { "system:serviceaccount:\($0.namespace):\($0.name)" }
    let audience = role.audience.map { [("bound_audiences", texts([$0]))] } ?? []
    return [("role_type", "jwt"), ("user_claim", "sub")] + audience + [("bound_claims", ["sub": texts(subjects)])]
  }

  private static func texts(_ texts: [String]) -> Value { .array(texts.map(Value.string)) }
}
