internal import KubernetesAPI
package import ManifestText

/// One object as a cluster has it.
package struct LiveObject {
  /// The object, without what the server keeps for itself.
  let value: Value
  let resource: APIResource
  /// The version of the object, which a change in between changes.
  let version: Value?
  /// The object as a manifest: in YAML, under the name kubectl has for it.
  package let source: SourceText

  /// Takes an object of a list, where kind and version stand only once for all, or one by itself.
  init(_ object: Value, _ resource: APIResource, namesNamespace: Bool) {
    self.resource = resource
    version = object["metadata"]?["resourceVersion"]
    var members: [Value.Member] = [
      .init(key: "apiVersion", value: .string(resource.apiVersion)), .init(key: "kind", value: .string(resource.kind)),
    ]
    members += (object.members ?? []).filter { !["apiVersion", "kind", "status"].contains($0.key) }
    var value = Value.object(members)
    value["metadata"]?.removeMembers(["managedFields"])
    self.value = value
    let group = resource.group.isEmpty ? "" : ".\(resource.group)"
    let title = "\(resource.kind.lowercased())\(group)/\(object["metadata"]?["name"]?.string ?? "")"
    let namespace = object["metadata"]?["namespace"]?.string
    let name = namesNamespace ? namespace.map { "\($0)/\(title)" } ?? title : title
    source = SourceText(name: name, bytes: YAMLWriter.block(value))
  }
}
