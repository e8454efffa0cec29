internal import KubernetesAPI
internal import ManifestText
package import Output

/// The parent of a set as the command line names it: `[RESOURCE[.GROUP]/]NAME`.
package struct ApplySetName: Equatable, Sendable {
  /// The resource, such as `configmaps`.
  let resource: String
  let name: String

  /// Reads the name; nil where it is none.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, let name = parts.last, !name.isEmpty, !parts[0].isEmpty,
      RequestText.fault(ofPathPart: name) == nil
    else { return nil }
    (resource, self.name) = (parts.count == 2 ? parts[0].lowercased() : "secrets", name)
  }

  /// The set, as far as that is known without asking a cluster; nil where its parent is of a custom kind.
  /// - Throws: A usage error where no set can have such a parent.
  package func known(inNamespace namespace: String?) throws(Fault) -> ApplySet? {
    guard let kind = Self.words[resource] else {
      if resource.contains(".") { return nil }
      throw Fault(.usage, .noParentKind(resource))
    }
    guard let resource = BuiltInResources.resource(apiVersion: "v1", kind: kind) else { return nil }
    guard let namespace else { throw Fault(.usage, .parentWithoutNamespace(resource.objectName(name))) }
    return ApplySet(resource: resource, name: name, namespace: namespace)
  }

  /// The built-in kinds that may keep a set, by the words for them.
  private static let words = [
    "secret": "Secret", "secrets": "Secret", "configmap": "ConfigMap", "configmaps": "ConfigMap", "cm": "ConfigMap",
  ]

  /// The set; a cluster is asked about a custom kind.
  /// - Throws: A usage error where no set can have such a parent.
  package func set(
    inNamespace namespace: String?, _ connection: inout ClusterConnection
  ) throws(Fault) -> ApplySet {
    if let known = try known(inNamespace: namespace) { return known }
    let found = try custom(&connection)
    if found.isNamespaced, namespace == nil { throw Fault(.usage, .parentWithoutNamespace(found.objectName(name))) }
    return ApplySet(resource: found, name: name, namespace: found.isNamespaced ? namespace : nil)
  }

  /// The resource of a custom kind whose definition says that its objects may be parents.
  private func custom(_ connection: inout ClusterConnection) throws(Fault) -> APIResource {
    let (word, groups) = parts
    let discovery = connection.discover(groups.map { Discovery.Wanted(group: $0, version: nil) })
    let resources = discovery.versions.filter { groups.contains($0.groupVersion.group) }.flatMap(\.resources)
    let found = resources.first { $0.plural == word || $0.kind.lowercased() == word }
    if let failure = connection.failure { throw Fault(.unavailable, failure.diagnostic(connection.configuration)) }
    guard let found else { throw Fault(.usage, .unknownParentKind(resource)) }
    let definitions = BuiltInResources.resource(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition")
    let path = definitions?.path(namespace: nil, name: "\(found.plural).\(found.group)") ?? ""
    let response: APIResponse
    do throws(ClusterFailure) {
      response = try connection.send(APIRequest(.get, path))
    } catch {
      throw Fault(.unavailable, error.diagnostic(connection.configuration))
    }
    if let status = APIStatus(response), status.code != 404 {
      throw Fault(.unavailable, .unreadableDefinition(found, status))
    }
    guard response.json?["metadata"]?["labels"]?[ApplySet.parentTypeLabel] != nil else {
      throw Fault(.usage, .definitionWithoutLabel(found))
    }
    return found
  }

  /// The word for the resource, and the groups it may be in: `widgets.example.com`, or `widgets.v1.example.com`.
  private var parts: (word: String, groups: [String]) {
    let pieces = resource.split(separator: ".", maxSplits: 2).map(String.init)
    let whole = pieces.dropFirst().joined(separator: ".")
    return (pieces[0], pieces.count == 3 ? [whole, pieces[2]] : [whole])
  }
}

extension Diagnostic {
  fileprivate static func noParentKind(_ resource: String) -> Diagnostic {
    Diagnostic(
      rule: .usage, message: "a set cannot be kept in one of `\(resource)`",
      hint: "name a Secret or a ConfigMap, such as configmap/web, or an object of a custom kind with its group")
  }

  fileprivate static func parentWithoutNamespace(_ title: String) -> Diagnostic {
    Diagnostic(
      rule: .usage, message: "--applyset names \(title), which is in some namespace, and none is given",
      hint: "say which with -n; the namespace of the kubeconfig does not count, as it may be another one tomorrow")
  }

  fileprivate static func unknownParentKind(_ resource: String) -> Diagnostic {
    Diagnostic(
      rule: .unknownKind, message: "the cluster knows no `\(resource)`, so no set can be kept in one",
      hint: "name a Secret or a ConfigMap, such as configmap/web, or see kubectl api-resources")
  }

  fileprivate static func unreadableDefinition(_ resource: APIResource, _ status: APIStatus) -> Diagnostic {
    Diagnostic(
      rule: .setParent,
      message: "whether a set may be kept in one of \(resource.qualifiedPlural) cannot be told: \(status.message)",
      hint: "check with kubectl auth can-i get customresourcedefinitions/\(resource.qualifiedPlural)")
  }

  fileprivate static func definitionWithoutLabel(_ resource: APIResource) -> Diagnostic {
    Diagnostic(
      rule: .usage, message: "a set cannot be kept in one of `\(resource.qualifiedPlural)`",
      hint:
        "name a Secret or a ConfigMap, or have the definition say so: kubectl label customresourcedefinition \(resource.qualifiedPlural) \(ApplySet.parentTypeLabel)="
    )
  }
}
