/// A kind of object as the API server offers it: what its URLs are made of.
public struct APIResource: Equatable, Sendable {
  /// The API group; empty for the core group.
  public let group: String
  /// The version, such as `v1`.
  public let version: String
  /// The kind, such as `Deployment`.
  public let kind: String
  /// The name in URLs, such as `deployments`.
  public let plural: String
  /// False for what belongs to the cluster as a whole.
  public let isNamespaced: Bool

  /// Describes a kind.
  public init(group: String, version: String, kind: String, plural: String, isNamespaced: Bool) {
    self.group = group
    self.version = version
    self.kind = kind
    self.plural = plural
    self.isNamespaced = isNamespaced
  }

  /// What stands in `apiVersion`.
  public var apiVersion: String { groupVersion.apiVersion }

  /// The group with its version.
  var groupVersion: GroupVersion { GroupVersion(group: group, version: version) }

  /// The resource as permissions name it: `deployments.apps`.
  public var qualifiedPlural: String { group.isEmpty ? plural : "\(plural).\(group)" }

  /// The path of the collection; a nil namespace stands for all of them.
  public func path(namespace: String?) -> String {
    let root = groupVersion.path
    let plural = URLPath.encoded(plural)
    guard isNamespaced, let namespace else { return "\(root)/\(plural)" }
    return "\(root)/namespaces/\(URLPath.encoded(namespace))/\(plural)"
  }

  /// The path of one object.
  public func path(namespace: String?, name: String) -> String {
    "\(path(namespace: namespace))/\(URLPath.encoded(name))"
  }
}

/// A version of an API group: what stands in `apiVersion`.
public struct GroupVersion: Hashable, Sendable {
  /// The group; empty for the core group.
  public let group: String
  /// The version, such as `v1beta1`.
  public let version: String

  /// Pairs a group with one of its versions.
  public init(group: String, version: String) { (self.group, self.version) = (group, version) }

  /// Reads what stands in `apiVersion`.
  public init(apiVersion: String) {
    let parts = apiVersion.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    self.init(group: parts.count == 2 ? String(parts[0]) : "", version: parts.last.map { String($0) } ?? "")
  }

  /// What stands in `apiVersion`.
  public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

  /// The path that everything of this version stands below, and at which the server tells what that is.
  public var path: String {
    let version = URLPath.encoded(version)
    return group.isEmpty ? "/api/\(version)" : "/apis/\(URLPath.encoded(group))/\(version)"
  }
}
