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
