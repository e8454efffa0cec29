internal import ManifestText

/// The path that a request needs in a policy, and what has to be allowed there.
struct PolicyPath {
  let path: String
  let capabilities: [PolicyRule.Capability]
  /// True where `data/` or `metadata/` was put in.
  let isCompleted: Bool
  /// False where a KV engine may answer whose version nothing tells.
  let isTold: Bool

  /// What tells of a path whether it is on a KV engine, and on which.
  private enum Engine {
    case kv1
    /// The second version, mounted here; nil where its path says so itself.
    case kv2(at: String?)
    case other, untold
  }

  init(_ request: VaultRequest, at requested: RequestedPath, _ versions: KVVersions) {
    let engine = PolicyPath.engine(of: request, at: requested, versions)
    if case .kv2(let mount?) = engine {
      path = requested.onKV2(at: mount, for: request.operation).text
    } else {
      path = requested.text
    }
    isCompleted = path != requested.text
    capabilities = PolicyPath.capabilities(for: request.operation, on: engine)
    if case .untold = engine { isTold = false } else { isTold = true }
  }

  private static func engine(of request: VaultRequest, at path: RequestedPath, _ versions: KVVersions) -> Engine {
    if let named = versions.engine(of: path) { return named.version == .one ? .kv1 : .kv2(at: named.mount) }
    let words = VaultPath(path.text)
    if words.isDataOfKV2 || request.operation == .list && words.words.dropFirst().first == "metadata" {
      return .kv2(at: nil)
    }
    guard request.operation != .pkiCert, !words.isOfOtherEngine, let mount = words.words.first else { return .other }
    switch versions.usual {
    case .one: return .kv1
    case .two: return .kv2(at: mount)
    case nil where request.takesFieldsOfKV2: return .kv2(at: mount)
    case nil: return request.operation == .write ? .other : .untold
    }
  }

  /// A secret that does not exist yet takes another capability than one that does; other engines know no such thing.
  private static func capabilities(
    for operation: VaultRequest.Operation, on engine: Engine
  ) -> [PolicyRule.Capability] {
    switch (operation, engine) {
    case (.read, _): [.read]
    case (.list, _): [.list]
    case (.write, .kv1), (.write, .kv2): [.create, .update]
    case (.write, _), (.pkiCert, _): [.update]
    }
  }
}

extension VaultRequest {
  /// True where a template takes values as only the second KV engine has them.
  fileprivate var takesFieldsOfKV2: Bool {
    fields.contains { $0.count > 2 && $0[0] == "Data" && $0[1] == "data" }
  }
}
