internal import KubernetesAPI
package import ManifestText
internal import Platform

/// Who set which field of an object, as the object itself records it.
package enum ManagedFields {
  private static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

  /// The managers that applied an object on the client's side, as `kubectl apply` without `--server-side` does: those
  /// that own the last-applied annotation.
  package static func clientSideManagers(of object: Value) -> [String] {
    entries(of: object).reduce(into: []) { names, entry in
      guard entry["operation"]?.string == "Update", let name = entry["manager"]?.string, !names.contains(name),
        entry["fieldsV1"]?["f:metadata"]?["f:annotations"]?["f:\(lastApplied)"] != nil
      else { return }
      names.append(name)
    }
  }

  /// The managers whose updates a server-side manager takes over: earlier client-side managers, and that manager itself
  /// where it changed the object by other means than applying.
  package static func predecessors(of manager: String, in object: Value) -> [String] {
    let clients = clientSideManagers(of: object)
    let isOwn = !clients.contains(manager) && entries(of: object).contains { isEntry($0, of: manager, "Update") }
    return clients + (isOwn ? [manager] : [])
  }

  /// The JSON Patch that turns the earlier managers into one server-side manager; nil where there are none.
  ///
  /// It contains the object's version, so that it fails with a conflict where the object has changed in between.
  package static func migration(of object: Value, to manager: String) -> Value? {
    let before = entries(of: object)
    let after = predecessors(of: manager, in: object).reduce(before) { migrated($0, from: $1, to: manager) }
    guard after != before, let version = object["metadata"]?["resourceVersion"] else { return nil }
    return [
      ["op": "replace", "path": "/metadata/managedFields", "value": .array(after)],
      ["op": "replace", "path": "/metadata/resourceVersion", "value": version],
    ]
  }

  /// An object as it will be once a manager has taken over the earlier managers' fields, and applied its last
  /// configuration again.
  ///
  /// A dry run cannot show this, because the owners would have to be changed first.
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

  /// The fields that an object loses when it becomes `after`, except those that only record who applied it.
  package static func removed(from object: Value, to after: Value) -> [Path] {
    var before = object.withoutRecords
    before["metadata"]?["annotations"]?[lastApplied] = nil
    if before["metadata"]?["annotations"] == [:] { before["metadata"]?["annotations"] = nil }
    return PatchOperation.difference(from: before, to: after.withoutRecords).filter { $0.kind == .remove }.map(\.path)
  }

  /// The other managers that own fields which are removed as an object becomes another: all but one manager and those
  /// it takes over from.
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
  /// True where all conflicts are with fields that a manager takes over: those that `kubectl apply` set on the client's
  /// side, and those that the manager itself set by other means.
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

/// Sets of fields as `managedFields` writes them (`fieldsV1`), and what can be done with them.
///
/// `f:NAME`, `k:{KEYS}`, `v:VALUE` and `i:INDEX` lead further down. An empty object is a field of the set; one with
/// fields below it is a field itself only where it contains a `.`.
enum FieldSet {
  /// The fields of a set that are not in another one.
  static func difference(_ left: Value, _ right: Value) -> Value {
    let rest = (left.members ?? []).compactMap { member -> Value.Member? in
      guard let other = right[member.key] else { return member }
      return remainder(member.value, other).map { Value.Member(key: member.key, value: $0) }
    }
    return .object(rest)
  }

  /// The part of a field, and of the fields below it, that the other set does not have; nil where that is nothing.
  ///
  /// A field of which the other set has only fields below it stays a field itself.
  private static func remainder(_ left: Value, _ right: Value) -> Value? {
    var rest = difference(left, right)
    rest["."] = nil
    return rest == [:] ? nil : rest
  }

  /// The union of the two sets.
  static func union(_ left: Value, _ right: Value) -> Value {
    guard case .object(let members) = right, case .object = left else { return left }
    return members.reduce(left) { result, member in
      var result = result
      result[member.key] = result[member.key].map { union($0, member.value) } ?? member.value
      return result
    }
  }

  /// A value without the fields of a set, as the server removes them: fields of the other sets stay.
  static func pruned(_ value: Value, of gone: Value, keptBy others: [Value]) -> Value {
    switch value {
    case .object(let members):
      return .object(
        members.compactMap { member in
          rest(of: member.value, "f:\(member.key)", gone, others).map { Value.Member(key: member.key, value: $0) }
        })
    case .array(let elements):
      return .array(
        elements.compactMap { element in
          guard let key = key(of: element, in: gone) else { return element }
          return rest(of: element, key, gone, others)
        })
    default: return value
    }
  }

  /// The remaining value of one field; nil where the field is removed.
  private static func rest(of value: Value, _ key: String, _ gone: Value, _ others: [Value]) -> Value? {
    guard let node = gone[key] else { return value }
    let owners = others.compactMap { $0[key] }
    let isContainer = value.array != nil || value.members != nil
    if owners.isEmpty, isMember(node) || !isContainer { return nil }
    guard node != [:] else { return value }
    let rest = pruned(value, of: node, keptBy: owners)
    return owners.isEmpty && (rest == [:] || rest == []) ? nil : rest
  }

  /// True where fields of a set are removed or changed as one value becomes another.
  static func loses(_ set: Value, from before: Value, to after: Value) -> Bool {
    (set.members ?? []).contains { member in
      guard let old = child(member.key, of: before) else { return false }
      guard let new = child(member.key, of: after) else { return true }
      return member.value == [:] ? old != new : loses(member.value, from: old, to: new)
    }
  }

  /// What a step of a set leads to; nil where nothing is there.
  private static func child(_ key: String, of value: Value) -> Value? {
    if key.hasPrefix("f:") { return value[String(key.dropFirst(2))] }
    let step: Value = .object([.init(key: key, value: [:])])
    return value.array?.first { self.key(of: $0, in: step) != nil }
  }

  private static func isMember(_ node: Value) -> Bool { node == [:] || node["."] != nil }

  /// The key that an element of a list has in a set; nil where it is not in it.
  private static func key(of element: Value, in set: Value) -> String? {
    let member = set.members?.first { member in
      let text = "{\"it\":\(member.key.dropFirst(2))}"
      guard let wanted = Value(json: Array(text.utf8))?["it"] else { return false }
      if member.key.hasPrefix("k:") { return (wanted.members ?? []).allSatisfy { element[$0.key] == $0.value } }
      return member.key.hasPrefix("v:") && element == wanted
    }
    return member?.key
  }
}
