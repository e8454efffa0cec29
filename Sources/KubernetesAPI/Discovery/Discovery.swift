internal import ManifestText

/// What an API server says it offers: groups, their versions, and the kinds in them.
///
/// Servers from 1.26 on tell everything in one answer (aggregated discovery, `apidiscovery.k8s.io`); older ones list
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
      let parts = apiVersion.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      self.init(group: parts.count == 2 ? String(parts[0]) : "", version: parts.last.map { String($0) })
    }
  }

  /// One version of a group.
  public struct Version: Equatable, Sendable {
    /// The group; empty for the core group.
    public let group: String
    /// The version, such as `v1beta1`.
    public let version: String
    /// What the version has; its subresources are left out.
    public let resources: [APIResource]

    /// What stands in `apiVersion`.
    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The path at which an older server tells of this version alone.
    public var path: String { group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)" }
  }

  /// What has been learnt, in the server's order of preference.
  public private(set) var versions: [Version] = []
  /// Why the server did not tell of a version, by what stands in `apiVersion`.
  public private(set) var refusals: [String: APIStatus] = [:]
  /// The versions of each group as an older server lists them, the preferred one first.
  private var listed: [String: [String]] = [:]
  private var knowsGroups = false
  private var knowsCore = false

  /// Nothing learnt yet.
  public init() {}

  /// The resource of a kind in this version; nil where it is not known.
  public func resource(apiVersion: String, kind: String) -> APIResource? {
    versions.first { $0.apiVersion == apiVersion }?.resources.first { $0.kind == kind }
  }

  /// The resource of a kind in the version the server prefers among those that have it; nil where none has.
  public func resource(group: String, kind: String) -> APIResource? {
    versions.lazy.filter { $0.group == group }.compactMap { $0.resources.first { $0.kind == kind } }.first
  }

  /// Every version of every group that has a kind of this name.
  public func apiVersions(of kind: String) -> [String] {
    versions.filter { $0.resources.contains { $0.kind == kind } }.map(\.apiVersion)
  }

  /// The kinds of a version.
  public func kinds(of apiVersion: String) -> [String] {
    versions.first { $0.apiVersion == apiVersion }?.resources.map(\.kind) ?? []
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

  /// Takes the answer to one of the first requests; one that is no success says nothing.
  public mutating func take(root response: APIResponse) {
    guard response.isSuccess, let body = response.json else { return }
    let items = body["items"]?.array ?? []
    if response.contentType.contains(Self.aggregated) {
      for item in items { take(group: item) }
    } else {
      for group in body["groups"]?.array ?? [] { take(listing: group) }
    }
  }

  /// What has to be asked one by one because the first answers did not tell of it.
  public func unanswered(_ wanted: [Wanted]) -> [Version] {
    var missing: [Version] = []
    for wanted in wanted where !(wanted.group.isEmpty ? knowsCore : knowsGroups) || isStale(wanted) {
      let names = wanted.version.map { [$0] } ?? listed[wanted.group] ?? []
      for name in names {
        let version = Version(group: wanted.group, version: name, resources: [])
        if !missing.contains(version) { missing.append(version) }
      }
    }
    return missing
  }

  /// Takes the answer about one version; that there is none is an answer too.
  public mutating func take(_ version: Version, _ response: APIResponse) {
    if let status = APIStatus(response) {
      if status.code != 404 { refusals[version.apiVersion] = status }
      return
    }
    let rows = response.json?["resources"]?.array ?? []
    let resources = rows.compactMap { row in
      row["kind"]?.string.flatMap { kind in
        Self.resource(version.group, version.version, kind, row["name"], isNamespaced: row["namespaced"] == true)
      }
    }
    versions.append(Version(group: version.group, version: version.version, resources: resources))
  }
}

// MARK: Reading

extension Discovery {
  /// A version the server could not ask its own source about: it is listed, with nothing in it.
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
      let resources = (entry["resources"]?.array ?? []).compactMap { row in
        row["responseKind"]?["kind"]?.string.flatMap { kind in
          Self.resource(name, version, kind, row["resource"], isNamespaced: row["scope"]?.string == "Namespaced")
        }
      }
      versions.append(Version(group: name, version: version, resources: resources))
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
    _ group: String, _ version: String, _ kind: String, _ plural: Value?, isNamespaced: Bool
  ) -> APIResource? {
    guard let plural = plural?.string, !plural.contains("/") else { return nil }
    return APIResource(group: group, version: version, kind: kind, plural: plural, isNamespaced: isNamespaced)
  }
}
