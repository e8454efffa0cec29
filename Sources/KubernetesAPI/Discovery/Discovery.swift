internal import ManifestText

/// The resources that an API server offers: groups, their versions, and the kinds in them.
///
/// Servers from 1.26 on list everything in one answer (aggregated discovery, `apidiscovery.k8s.io`); older ones list
/// the groups and answer for each version by itself.
public struct Discovery: Sendable {
  /// A group and version, or a group in whatever version the server prefers.
  public struct Wanted: Hashable, Sendable {
    /// The group; empty for the core group.
    public let group: String
    /// The version; nil for any.
    public let version: String?

    /// Names a group and version.
    public init(group: String, version: String?) { (self.group, self.version) = (group, version) }

    /// Reads what stands in `apiVersion`.
    public init(apiVersion: String) {
      let version = GroupVersion(apiVersion: apiVersion)
      self.init(group: version.group, version: version.version)
    }
  }

  /// One version of a group.
  public struct Version: Equatable, Sendable {
    /// The version and its group.
    public let groupVersion: GroupVersion
    /// What the version has; its subresources are left out.
    public let resources: [APIResource]
  }

  /// The known versions, in the server's order of preference.
  public private(set) var versions: [Version] = []
  /// Why the server did not describe a version, by its `apiVersion`.
  public private(set) var refusals: [String: APIStatus] = [:]
  /// The versions of each group that are listed without what they have, the preferred one first: all of them by older
  /// servers, and those whose own source a server could not ask (`Stale`).
  private var listed: [String: [String]] = [:]
  private var knowsGroups = false
  private var knowsCore = false

  /// Nothing is known yet.
  public init() {}

  /// The resource of a kind in this version; nil where it is not known.
  public func resource(apiVersion: String, kind: String) -> APIResource? {
    resources(of: apiVersion).first { $0.kind == kind }
  }

  /// The resource of a kind in the version the server prefers among those that have it; nil where none has.
  public func resource(group: String, kind: String) -> APIResource? {
    versions.lazy.filter { $0.groupVersion.group == group }.compactMap { $0.resources.first { $0.kind == kind } }.first
  }

  /// Every version of every group that has a kind of this name.
  public func apiVersions(of kind: String) -> [String] {
    versions.filter { $0.resources.contains { $0.kind == kind } }.map(\.groupVersion.apiVersion)
  }

  /// The kinds of a version.
  public func kinds(of apiVersion: String) -> [String] {
    resources(of: apiVersion).map(\.kind)
  }

  private func resources(of apiVersion: String) -> [APIResource] {
    let wanted = GroupVersion(apiVersion: apiVersion)
    return versions.first { $0.groupVersion == wanted }?.resources ?? []
  }
}

// MARK: Asking

extension Discovery {
  private static let aggregated = "as=APIGroupDiscoveryList"

  /// The media types to ask the roots with; servers insist on this order of the parameters.
  private static let accept =
    "application/json;g=apidiscovery.k8s.io;v=v2;\(aggregated),"
    + "application/json;g=apidiscovery.k8s.io;v=v2beta1;\(aggregated),application/json"

  /// The first requests about some groups: one for the core group, one for all others.
  public static func roots(_ wanted: [Wanted]) -> [APIRequest] {
    var paths: [String] = []
    if wanted.contains(where: \.group.isEmpty) { paths.append("/api") }
    if wanted.contains(where: { !$0.group.isEmpty }) { paths.append("/apis") }
    return paths.map { APIRequest(.get, $0, accept: accept) }
  }

  /// Takes the answer to one of the first requests; an unsuccessful one is ignored.
  public mutating func take(root response: APIResponse) {
    guard response.isSuccess, let body = response.json else { return }
    let items = body["items"]?.array ?? []
    if response.contentType.contains(Self.aggregated) {
      for item in items { take(group: item) }
    } else {
      for group in body["groups"]?.array ?? [] { take(listing: group) }
    }
  }

  /// The versions that have to be asked for one by one because the first answers did not describe them.
  public func unanswered(_ wanted: [Wanted]) -> [GroupVersion] {
    var missing: [GroupVersion] = []
    for wanted in wanted where !(wanted.group.isEmpty ? knowsCore : knowsGroups) || isStale(wanted) {
      let names = wanted.version.map { [$0] } ?? listed[wanted.group] ?? []
      for name in names {
        let version = GroupVersion(group: wanted.group, version: name)
        if !missing.contains(version) { missing.append(version) }
      }
    }
    return missing
  }

  /// Takes the answer about one version; that it does not exist is an answer too.
  public mutating func take(_ version: GroupVersion, _ response: APIResponse) {
    if let status = APIStatus(response) {
      if status.code != 404 { refusals[version.apiVersion] = status }
      return
    }
    let rows = response.json?["resources"]?.array ?? []
    let resources = rows.compactMap { row in
      row["kind"]?.string.flatMap { kind in
        Self.resource(version, kind, row["name"], isNamespaced: row["namespaced"] == true)
      }
    }
    versions.append(Version(groupVersion: version, resources: resources))
  }
}

// MARK: Reading

extension Discovery {
  /// True for a version that is listed with nothing in it.
  private func isStale(_ wanted: Wanted) -> Bool {
    listed[wanted.group]?.contains { wanted.version == nil || $0 == wanted.version } == true
  }

  private mutating func take(group: Value) {
    let name = group["metadata"]?["name"]?.string ?? ""
    if name.isEmpty { knowsCore = true } else { knowsGroups = true }
    for entry in group["versions"]?.array ?? [] {
      guard let version = entry["version"]?.string else { continue }
      if entry["freshness"]?.string == "Stale" {
        listed[name, default: []].append(version)
        continue
      }
      let groupVersion = GroupVersion(group: name, version: version)
      let resources = (entry["resources"]?.array ?? []).compactMap { row in
        row["responseKind"]?["kind"]?.string.flatMap { kind in
          Self.resource(groupVersion, kind, row["resource"], isNamespaced: row["scope"]?.string == "Namespaced")
        }
      }
      versions.append(Version(groupVersion: groupVersion, resources: resources))
    }
  }

  private mutating func take(listing group: Value) {
    guard let name = group["name"]?.string else { return }
    let preferred = group["preferredVersion"]?["version"]?.string
    let versions = (group["versions"]?.array ?? []).compactMap { $0["version"]?.string }
    listed[name] = (preferred.map { [$0] } ?? []) + versions.filter { $0 != preferred }
  }

  /// Older lists name subresources as `deployments/scale`.
  private static func resource(
    _ version: GroupVersion, _ kind: String, _ plural: Value?, isNamespaced: Bool
  ) -> APIResource? {
    guard let plural = plural?.string, !plural.contains("/") else { return nil }
    return APIResource(
      group: version.group, version: version.version, kind: kind, plural: plural, isNamespaced: isNamespaced)
  }
}
