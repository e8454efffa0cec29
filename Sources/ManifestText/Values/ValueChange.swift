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
