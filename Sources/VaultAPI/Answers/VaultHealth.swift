internal import KubernetesAPI
internal import ManifestText

/// What Vault says of itself.
public struct VaultHealth: Equatable, Sendable {
  /// `Vault` or `OpenBao`, as far as the answer tells.
  public let product: String
  /// Its version; empty where it does not tell.
  public let version: String
  /// True for a node that passes requests on.
  public let isStandby: Bool

  init(_ body: Value) {
    version = body["version"]?.string ?? ""
    isStandby = body["standby"] == .bool(true)
    // Vault tells since 1.16 whether it is the enterprise edition; OpenBao began with 2.0 and does not.
    let isVault = body["enterprise"] != nil || version.hasPrefix("1.") || version.hasPrefix("0.")
    product = isVault ? "Vault" : "OpenBao"
  }

  /// Reads the answer, whose status tells the state: 200 active, 429 standby, 472 and 473 replicas, 501 not
  /// initialised, 503 sealed.
  static func read(_ response: APIResponse) -> Result<VaultHealth, VaultRefusal> {
    guard let body = response.json, body["initialized"] != nil else { return .failure(VaultRefusal(response)) }
    if body["initialized"] == .bool(false) { return .failure(.notInitialized) }
    if body["sealed"] == .bool(true) { return .failure(.sealed) }
    return .success(VaultHealth(body))
  }
}
