internal import ManifestText

/// The engine that serves a path.
public struct VaultMount: Equatable, Sendable {
  /// Its type, such as `kv`, `database` or `pki`.
  public let type: String
  /// Where it is mounted, with a slash at the end.
  public let path: String
  /// The version of a KV engine; nil for any other.
  public let kvVersion: Int?

  /// An engine at a path.
  public init(type: String, path: String, kvVersion: Int? = nil) {
    (self.type, self.path, self.kvVersion) = (type, path, kvVersion)
  }

  init?(_ body: Value) {
    guard let data = body["data"], let type = data["type"]?.string, let path = data["path"]?.string else { return nil }
    let isKV = type == "kv" || type == "generic"
    let version = data["options"]?["version"]?.string.flatMap { Int($0) } ?? 1
    self.init(type: type, path: path, kvVersion: isKV ? version : nil)
  }

  /// What a path has below the mount; nil where it is not below it.
  public func rest(of path: String) -> String? {
    path.hasPrefix(self.path) ? String(path.dropFirst(self.path.count)) : nil
  }
}

/// The names in a secret, without anything they stand for.
public struct SecretNames: Equatable, Sendable {
  /// Objects whose ends are null.
  private let tree: Value

  init(_ tree: Value) { self.tree = tree }

  /// Those at the top, in Vault's order.
  public var names: [String] { (tree.members ?? []).map(\.key) }

  /// Whether there is something at the end of this way.
  public func has(_ way: some Sequence<String>) -> Bool {
    var value: Value? = tree
    for name in way { value = value?[name] }
    return value != nil
  }
}
