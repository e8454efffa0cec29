public import KubernetesAPI
internal import ManifestText

/// A token that was got by logging in.
public struct VaultSession: Equatable, Sendable {
  /// The token.
  public let token: Secret
  /// The policies it has, in Vault's order.
  public let policies: [String]
  /// How long it lives, in seconds; 0 where it has no end.
  public let seconds: Int
  /// How many requests it is good for; 0 where that is not limited.
  public let uses: Int

  init?(_ body: Value) {
    guard let auth = body["auth"], let token = auth["client_token"]?.string, !token.isEmpty else { return nil }
    self.token = Secret(token)
    // What an operator finds the token by is nobody else's business either.
    if let accessor = auth["accessor"]?.string { _ = Secret(accessor) }
    policies = auth["policies"]?.array?.compactMap(\.string) ?? []
    seconds = auth["lease_duration"].flatMap(Int.init) ?? 0
    uses = auth["num_uses"].flatMap(Int.init) ?? 0
  }
}

/// What a token may do at a path.
public struct VaultCapabilities: Equatable, Sendable {
  /// The names, such as `read`, as Vault has them.
  public let names: [String]

  /// Capabilities of these names.
  public init(_ names: [String]) { self.names = names }

  /// Whether one of them allows this.
  public func allow(_ name: String) -> Bool {
    !names.contains("deny") && (names.contains(name) || names.contains("root"))
  }
}

extension Int {
  /// A number of a JSON value; nil where it is none.
  init?(_ value: Value) {
    guard case .number(let text) = value, let number = Int(text) else { return nil }
    self = number
  }
}
