internal import Output
package import KubernetesAPI
internal import ManifestText
internal import Platform

/// Finds the resources of the cluster that some objects' kinds belong to.
package struct ResourceResolver {
  /// The resources that definitions among the objects add.
  private let defined: [APIResource]
  private var discovery = Discovery()
  /// The server's version, where objects are of kinds that it does not have and that came with a version.
  private var version: ServerVersion?

  /// Knows the built-in kinds, and those that definitions among the objects bring.
  package init(_ objects: [ClusterObject]) {
    defined = objects.flatMap { object -> [APIResource] in
      guard object.group == "apiextensions.k8s.io", object.kind == "CustomResourceDefinition" else { return [] }
      return CustomResourceDefinition(object.body).resources
    }
  }

  /// The resource of an object; nil where the cluster has to be asked, or has none.
  package func resource(of object: ClusterObject) -> APIResource? {
    BuiltInResources.resource(apiVersion: object.apiVersion, kind: object.kind)
      ?? defined.first { $0.apiVersion == object.apiVersion && $0.kind == object.kind }
      ?? discovery.resource(apiVersion: object.apiVersion, kind: object.kind)
  }

  /// Asks the cluster about the kinds that are not known yet; sends nothing where all are.
  package mutating func ask(about objects: [ClusterObject], _ connection: inout ClusterConnection) {
    var wanted: [Discovery.Wanted] = []
    for object in objects where resource(of: object) == nil {
      let version = Discovery.Wanted(apiVersion: object.apiVersion)
      if !wanted.contains(version) { wanted.append(version) }
    }
    guard !wanted.isEmpty else { return }
    discovery = connection.discover(wanted)
    let isTooNew = objects.contains { object in
      resource(of: object) == nil && ServerVersion.first(with: object.kind, of: object.apiVersion) != nil
    }
    if isTooNew, connection.failure == nil { version = ServerVersion(over: &connection) }
  }

  /// The finding about an object whose kind the cluster does not have.
  func unknownKind(of object: ClusterObject) -> Diagnostic {
    if let status = discovery.refusals[object.apiVersion] {
      return Diagnostic(
        rule: .unknownKind,
        message: "\(object.displayName): the API server does not tell what \(object.apiVersion) has: \(status.message)",
        hint: "see kubectl get apiservices for one that is not available", range: object.place(of: "apiVersion").range)
    }
    return Diagnostic(
      rule: .unknownKind,
      message: "\(object.displayName): the cluster knows no \(object.kind) of \(object.apiVersion)"
        + ServerVersion.clause(object.kind, of: object.apiVersion, version),
      hint: hint(for: object), range: object.place(of: "kind").range)
  }

  private func hint(for object: ClusterObject) -> String {
    let elsewhere = discovery.apiVersions(of: object.kind)
    if !elsewhere.isEmpty { return "it has one of \(elsewhere.joined(separator: ", "))" }
    if ServerVersion.first(with: object.kind, of: object.apiVersion) != nil {
      return "inject the manifests instead, and check that in CI: kubectl vault-inject --check -R FOLDER"
    }
    if let nearest = NearestName.nearest(to: object.kind, among: discovery.kinds(of: object.apiVersion)) {
      return "did you mean \(nearest)?"
    }
    return "install its CustomResourceDefinition, or see kubectl api-resources for what there is"
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
