internal import KubernetesAPI
package import ManifestText
internal import Platform

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

  /// The managers whose updates belong to a server-side manager: clients of before, and that manager itself, as far as
  /// it changed the object in another way than by applying.
  package static func predecessors(of manager: String, in object: Value) -> [String] {
    let clients = clientSideManagers(of: object)
    let isOwn = !clients.contains(manager) && entries(of: object).contains { isEntry($0, of: manager, "Update") }
    return clients + (isOwn ? [manager] : [])
  }

  /// The JSON Patch that makes a server-side manager of those before it; nil where there is none.
  ///
  /// The object's version goes with it, so that a change in between makes it fail with a conflict.
  package static func migration(of object: Value, to manager: String) -> Value? {
    let before = entries(of: object)
    let after = predecessors(of: manager, in: object).reduce(before) { migrated($0, from: $1, to: manager) }
    guard after != before, let version = object["metadata"]?["resourceVersion"] else { return nil }
    return [
      ["op": "replace", "path": "/metadata/managedFields", "value": .array(after)],
      ["op": "replace", "path": "/metadata/resourceVersion", "value": version],
    ]
  }

  /// An object as it will be once a manager has taken over from those before it, and applied what it applied last.
  ///
  /// No trial shows that: the server would have to change the owners first.
  package static func takenOver(_ object: Value, by manager: String) -> Value {
    let names = predecessors(of: manager, in: object)
    guard !names.isEmpty else { return object }
    let entries = entries(of: object)
    let applied = entries.first { isEntry($0, of: manager, "Apply") }?["fieldsV1"] ?? [:]
    let isTaken = { (entry: Value) in names.contains { isEntry(entry, of: $0, "Update") } }
    let taken = entries.filter(isTaken).compactMap { $0["fieldsV1"] }.reduce([:], FieldSet.union)
    let others = entries.filter { !isTaken($0) && !isEntry($0, of: manager, "Apply") }.compactMap { $0["fieldsV1"] }
    var result = FieldSet.pruned(object, of: FieldSet.difference(taken, applied), keptBy: others)
    result["metadata"]?["managedFields"] = object["metadata"]?["managedFields"]
    return result
  }

  /// The fields that an object has no more after that, those aside that only tell who applied it.
  package static func removed(from object: Value, to after: Value) -> [Path] {
    var before = object.withoutRecords
    before["metadata"]?["annotations"]?[lastApplied] = nil
    if before["metadata"]?["annotations"] == [:] { before["metadata"]?["annotations"] = nil }
    return PatchOperation.difference(from: before, to: after.withoutRecords).filter { $0.kind == .remove }.map(\.path)
  }

  /// Who else has fields of an object that go as it turns into another: all but one manager and those before it.
  package static func owners(ofWhatGoesFrom object: Value, to after: Value, besides manager: String) -> [String] {
    let own = predecessors(of: manager, in: object) + [manager]
    return entries(of: object).reduce(into: []) { names, entry in
      guard let name = entry["manager"]?.string, !own.contains(name), !names.contains(name),
        let fields = entry["fieldsV1"], FieldSet.loses(fields, from: object, to: after)
      else { return }
      names.append(name)
    }
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
      entries[target]["fieldsV1"] = FieldSet.union(entries[target]["fieldsV1"] ?? [:], fields)
    }
    entries[target]["manager"] = .string(manager)
    entries[target]["operation"] = "Apply"
    return entries.filter { !isEntry($0, of: client, "Update") }
  }

  private static func isEntry(_ entry: Value, of manager: String, _ operation: String) -> Bool {
    entry["manager"]?.string == manager && entry["operation"]?.string == operation
      && (entry["subresource"]?.string ?? "").isEmpty
  }
}

extension APIStatus {
  /// True where everything in the way of applying is what a manager takes over: what `kubectl apply` set on the
  /// client's side, and what the manager itself set in another way.
  func hasOnlyConflicts(ofPredecessorsOf manager: String) -> Bool {
    let own = ManagedFields.quoted(manager)
    return !conflicts.isEmpty
      && conflicts.allSatisfy { conflict in
        ["\"kubectl-client-side-apply\"", "\(own) using "].contains {
          conflict.message.hasPrefix("conflict with \($0)")
        }
      }
  }
}

extension ManagedFields {
  /// A manager's name as JSON spells it.
  static func quoted(_ manager: String) -> String {
    String(decoding: JSONWriter.compact(.string(manager)), as: UTF8.self)
  }
}
