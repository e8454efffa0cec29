internal import ManifestText

/// Sets of fields as `managedFields` writes them (`fieldsV1`), and what can be done with them.
///
/// `f:NAME`, `k:{KEYS}`, `v:VALUE` and `i:INDEX` lead further down. What is empty is a field of the set; what has fields
/// below it is one itself only with a `.` in it.
enum FieldSet {
  /// The fields of a set that are not in another one.
  static func difference(_ left: Value, _ right: Value) -> Value {
    let rest = (left.members ?? []).compactMap { member -> Value.Member? in
      guard let other = right[member.key] else { return member }
      return remainder(member.value, other).map { Value.Member(key: member.key, value: $0) }
    }
    return .object(rest)
  }

  /// What is left of a field and those below it; nil where that is nothing.
  ///
  /// What the other set has something of stays itself.
  private static func remainder(_ left: Value, _ right: Value) -> Value? {
    var rest = difference(left, right)
    rest["."] = nil
    return rest == [:] ? nil : rest
  }

  /// Every field that either set names.
  static func union(_ left: Value, _ right: Value) -> Value {
    guard case .object(let members) = right, case .object = left else { return left }
    return members.reduce(left) { result, member in
      var result = result
      result[member.key] = result[member.key].map { union($0, member.value) } ?? member.value
      return result
    }
  }

  /// A value without the fields of a set, as the server takes them away: what one of the other sets has stays.
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

  /// What is left of one field's value; nil where the field goes.
  private static func rest(of value: Value, _ key: String, _ gone: Value, _ others: [Value]) -> Value? {
    guard let node = gone[key] else { return value }
    let owners = others.compactMap { $0[key] }
    let isContainer = value.array != nil || value.members != nil
    if owners.isEmpty, isMember(node) || !isContainer { return nil }
    guard node != [:] else { return value }
    let rest = pruned(value, of: node, keptBy: owners)
    return owners.isEmpty && (rest == [:] || rest == []) ? nil : rest
  }

  /// True where fields of a set go, or become other ones, as one value turns into another.
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
