/// Names and where each stands first: a few are compared one by one, many are looked up.
package struct NameIndex: Equatable, Sendable {
  private struct Entry: Equatable, Sendable {
    let name: ExactText
    let place: Int
  }

  /// Up to so many names, comparing them all is faster than hashing one.
  private static let few = 12

  private var entries: [Entry] = []
  /// The same again, once there are many.
  private var places: [ExactText: Int] = [:]

  /// Names that stand in this order; of those that are the same the first counts.
  package init(_ names: [String] = []) {
    for (place, name) in names.enumerated() { insert(name, at: place) }
  }

  /// Where a name stands; nil for one that is not known.
  package func place(of name: String) -> Int? {
    if places.isEmpty { return entries.first { ByteText.isEqual($0.name.text, name) }?.place }
    return places[ExactText(name)]
  }

  /// Adds a name; false where it is known already and keeps the place it has.
  @discardableResult
  package mutating func insert(_ name: String, at place: Int) -> Bool {
    guard self.place(of: name) == nil else { return false }
    entries.append(Entry(name: ExactText(name), place: place))
    if !places.isEmpty {
      places[ExactText(name)] = place
    } else if entries.count > NameIndex.few {
      for entry in entries { places[entry.name] = entry.place }
    }
    return true
  }
}
