package import KubernetesAPI
internal import ManifestText

/// Finds out under which names the cluster has the kinds of some objects.
package struct ResourceResolver {
  private var known: [String: APIResource] = [:]
  /// What the cluster has of a group and version, so that the nearest kind can be named.
  private var kinds: [String: [String]] = [:]

  /// Knows the built-in kinds, and those that definitions among the objects bring.
  package init(_ objects: [ClusterObject]) {
    for object in objects where object.group == "apiextensions.k8s.io" && object.kind == "CustomResourceDefinition" {
      for resource in CustomResourceDefinition(object.body).resources { take(resource) }
    }
  }

  private mutating func take(_ resource: APIResource) {
    known["\(resource.apiVersion) \(resource.kind)"] = resource
  }

  /// The resource of an object; nil where the cluster has to be asked, or has none.
  package func resource(of object: ClusterObject) -> APIResource? {
    known["\(object.apiVersion) \(object.kind)"]
      ?? BuiltInResources.resource(apiVersion: object.apiVersion, kind: object.kind)
  }

  /// Asks the cluster about what is not known yet: one request for each group and version.
  package mutating func ask(about objects: [ClusterObject], _ connection: inout ClusterConnection) {
    var versions: [String] = []
    for object in objects where resource(of: object) == nil && !versions.contains(object.apiVersion) {
      versions.append(object.apiVersion)
    }
    let requests = versions.map { APIRequest(.get, $0.contains("/") ? "/apis/\($0)" : "/api/\($0)") }
    for (version, answer) in zip(versions, connection.send(requests)) {
      guard case .success(let response) = answer, response.isSuccess else { continue }
      for entry in response.json?["resources"]?.array ?? [] { take(entry, of: version) }
    }
  }

  private mutating func take(_ entry: Value, of version: String) {
    guard let name = entry["name"]?.string, !name.contains("/"), let kind = entry["kind"]?.string else { return }
    kinds[version, default: []].append(kind)
    let parts = version.split(separator: "/")
    take(
      APIResource(
        group: parts.count == 2 ? String(parts[0]) : "", version: String(parts.last ?? ""), kind: kind, plural: name,
        isNamespaced: entry["namespaced"] == true))
  }

  /// What to say about an object whose kind the cluster does not have.
  func unknownKind(of object: ClusterObject) -> Diagnostic {
    let nearest = NearestName.nearest(to: object.kind, among: kinds[object.apiVersion] ?? [])
    let hint = "install its CustomResourceDefinition, or see kubectl api-resources for what there is"
    return Diagnostic(
      rule: "unknown-kind",
      message: "\(object.displayName): the cluster knows no \(object.kind) of \(object.apiVersion)",
      hint: nearest.map { "did you mean \($0)?" } ?? hint, range: object.place(of: "kind").range)
  }
}

/// The kinds that a definition brings.
struct CustomResourceDefinition {
  let resources: [APIResource]

  init(_ definition: Value) {
    let spec = definition["spec"]
    guard let group = spec?["group"]?.string, let kind = spec?["names"]?["kind"]?.string,
      let plural = spec?["names"]?["plural"]?.string
    else {
      resources = []
      return
    }
    let versions = spec?["versions"]?.array?.compactMap { $0["name"]?.string } ?? []
    resources = versions.map { version in
      APIResource(
        group: group, version: version, kind: kind, plural: plural,
        isNamespaced: spec?["scope"]?.string != "Cluster")
    }
  }

  /// True once the server answers for the kind.
  static func isEstablished(_ answered: Value) -> Bool {
    (answered["status"]?["conditions"]?.array ?? []).contains {
      $0["type"]?.string == "Established" && $0["status"]?.string == "True"
    }
  }
}
