package import ManifestText

/// Who set which field of an object, as the object itself records it.
package enum ManagedFields {
  private static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

  /// The managers that applied an object from the client, as `kubectl apply` without `--server-side` does: those
  /// that own the annotation it leaves.
  package static func clientSideManagers(of object: Value) -> [String] {
    entries(of: object).reduce(into: []) { names, entry in
      guard entry["operation"]?.string == "Update", let name = entry["manager"]?.string, !names.contains(name),
        entry["fieldsV1"]?["f:metadata"]?["f:annotations"]?["f:\(lastApplied)"] != nil
      else { return }
      names.append(name)
    }
  }

  /// The JSON Patch that makes a server-side manager of those client-side ones; nil where there is none.
  ///
  /// The object's version goes with it, so that a change in between makes it fail with a conflict.
  package static func migration(of object: Value, to manager: String) -> Value? {
    let before = entries(of: object)
    let after = clientSideManagers(of: object).reduce(before) { migrated($0, from: $1, to: manager) }
    guard after != before, let version = object["metadata"]?["resourceVersion"] else { return nil }
    return [
      ["op": "replace", "path": "/metadata/managedFields", "value": .array(after)],
      ["op": "replace", "path": "/metadata/resourceVersion", "value": version],
    ]
  }

  private static func entries(of object: Value) -> [Value] {
    object["metadata"]?["managedFields"]?.array ?? []
  }

  private static func migrated(_ entries: [Value], from client: String, to manager: String) -> [Value] {
    var entries = entries
    let own = entries.firstIndex { isEntry($0, of: manager, "Apply") }
    guard let target = own ?? entries.firstIndex(where: { isEntry($0, of: client, "Update") }) else { return entries }
    let version = entries[target]["apiVersion"]
    // Fields of another version cannot be told; they are left to whoever sets them next.
    if let source = entries.first(where: { isEntry($0, of: client, "Update") && $0["apiVersion"] == version }),
      let fields = source["fieldsV1"]
    {
      entries[target]["fieldsV1"] = union(entries[target]["fieldsV1"] ?? [:], fields)
    }
    entries[target]["manager"] = .string(manager)
    entries[target]["operation"] = "Apply"
    return entries.filter { !isEntry($0, of: client, "Update") }
  }

  private static func isEntry(_ entry: Value, of manager: String, _ operation: String) -> Bool {
    entry["manager"]?.string == manager && entry["operation"]?.string == operation
      && (entry["subresource"]?.string ?? "").isEmpty
  }

  /// Every field that either set names.
  private static func union(_ left: Value, _ right: Value) -> Value {
    guard case .object(let members) = right, case .object = left else { return left }
    return members.reduce(left) { result, member in
      var result = result
      result[member.key] = result[member.key].map { union($0, member.value) } ?? member.value
      return result
    }
  }
}
