/// One value within two versions of a map or list, where these differ.
public struct ValueChange: Equatable, Sendable {
  /// Where it is, as people write it: `resources.limits.cpu`, `env[VAULT_ADDR].value`, `command[2]`.
  public let place: String
  /// What is there in the first version; nil where nothing is.
  public let old: Value?
  /// What is there in the second; nil where nothing is.
  public let new: Value?

  /// Puts a change together.
  package init(place: String, old: Value?, new: Value?) { (self.place, self.old, self.new) = (place, old, new) }
}

extension Value {
  /// Where another version differs from this one, in order: as deep as both have something at the same place.
  ///
  /// Elements of lists are told apart by their names where all have one, by their places where there are as many in
  /// both; other lists differ as a whole.
  public func changes(to other: Value) -> [ValueChange] { changes(to: other, at: "") }

  private func changes(to other: Value, at place: String) -> [ValueChange] {
    if self == other { return [] }
    switch (self, other) {
    case (.object(let members), .object(let others)):
      let keys = members.map(\.key) + others.map(\.key).filter { self[$0] == nil }
      return keys.flatMap { key in
        Value.changes(from: self[key], to: other[key], at: place.isEmpty ? key : "\(place).\(key)")
      }
    case (.array(let elements), .array(let others)):
      if let names = Value.names(elements), let otherNames = Value.names(others) {
        let all = names + otherNames.filter { !names.holdsExactly($0) }
        return all.flatMap { name in
          Value.changes(
            from: Value.element(name, of: elements), to: Value.element(name, of: others), at: "\(place)[\(name)]")
        }
      }
      guard elements.count == others.count else { break }
      return elements.indices.flatMap { elements[$0].changes(to: others[$0], at: "\(place)[\($0)]") }
    default: break
    }
    return [ValueChange(place: place, old: self, new: other)]
  }

  /// This version with what another one has at some of the places where they differ.
  package func taking(_ places: Set<String>, from other: Value) -> Value { taking(places, from: other, at: "") }

  private func taking(_ places: Set<String>, from other: Value, at place: String) -> Value {
    if self == other { return self }
    switch (self, other) {
    case (.object(let members), .object(let others)):
      func inner(_ key: String) -> String { place.isEmpty ? key : "\(place).\(key)" }
      let kept = members.compactMap { member in
        Value.taking(places, member.value, from: other[member.key], at: inner(member.key)).map {
          Member(key: member.key, value: $0)
        }
      }
      return .object(kept + others.filter { self[$0.key] == nil && places.contains(inner($0.key)) })
    case (.array(let elements), .array(let others)):
      if let names = Value.names(elements), Value.names(others) != nil {
        var kept = zip(names, elements).compactMap { name, element in
          Value.taking(places, element, from: Value.element(name, of: others), at: "\(place)[\(name)]")
        }
        for (index, added) in others.enumerated() {
          guard let name = added["name"]?.string, !names.holdsExactly(name), places.contains("\(place)[\(name)]")
          else { continue }
          // Behind what it comes after in the other version.
          let before = others[..<index].last { other in kept.contains { $0["name"] == other["name"] } }
          let spot = before.flatMap { before in kept.firstIndex { $0["name"] == before["name"] } }.map { $0 + 1 }
          kept.insert(added, at: spot ?? 0)
        }
        return .array(kept)
      }
      guard elements.count == others.count else { break }
      return .array(elements.indices.map { elements[$0].taking(places, from: others[$0], at: "\(place)[\($0)]") })
    default: break
    }
    return places.contains(place) ? other : self
  }

  private static func taking(_ places: Set<String>, _ old: Value, from new: Value?, at place: String) -> Value? {
    guard let new else { return places.contains(place) ? nil : old }
    return old.taking(places, from: new, at: place)
  }

  private static func changes(from old: Value?, to new: Value?, at place: String) -> [ValueChange] {
    if let old, let new { return old.changes(to: new, at: place) }
    return [ValueChange(place: place, old: old, new: new)]
  }

  /// What the elements of a list are called, each another name; nil where one has none.
  private static func names(_ elements: [Value]) -> [String]? {
    let names = elements.compactMap { $0["name"]?.string }
    guard names.count == elements.count, Set(exactly: names).count == names.count else { return nil }
    return names
  }

  private static func element(_ name: String, of elements: [Value]) -> Value? {
    elements.first { $0["name"]?.string.map { ByteText.isEqual($0, name) } ?? false }
  }
}
