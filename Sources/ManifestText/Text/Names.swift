/// Text that is only the same as itself, byte for byte, as Kubernetes compares the keys and names in a manifest.
///
/// `String` takes texts for the same that differ in how an accent is composed.
package struct ExactText: Hashable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (one: ExactText, other: ExactText) -> Bool { ByteText.isEqual(one.text, other.text) }

  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension Set<ExactText> {
  /// The texts, each once.
  package init(exactly texts: some Sequence<String>) { self = texts.reduce(into: []) { $0.insert(ExactText($1)) } }

  /// Whether a text is among them.
  package func contains(_ text: String) -> Bool { contains(ExactText(text)) }

  /// Adds a text; false where it was there before.
  package mutating func add(_ text: String) -> Bool { insert(ExactText(text)).inserted }
}

extension Sequence<String> {
  /// Whether a text is among these, byte for byte.
  package func holdsExactly(_ text: String) -> Bool { contains { ByteText.isEqual($0, text) } }
}

extension Collection<String> {
  /// The first so many texts with commas between them, and how many more there are, of all where these are not all.
  package func listed(first most: Int, of total: Int? = nil) -> String {
    let rest = (total ?? count) - Swift.min(most, count)
    return prefix(most).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }

  /// All of them in a sentence: `one, another and a third`.
  package var inSentence: String {
    count < 2 ? joined() : "\(dropLast().joined(separator: ", ")) and \(suffix(1).joined())"
  }
}

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
    if !names.isEmpty { entries.reserveCapacity(names.count) }
    for (place, name) in names.enumerated() { insert(name, at: place) }
  }

  /// Whether a name is known.
  package func contains(_ name: String) -> Bool { place(of: name) != nil }

  /// Adds a name behind all others; false where it is known already.
  package mutating func add(_ name: String) -> Bool { insert(name, at: entries.count) }

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

/// What a person may have meant: the known name at the smallest edit distance.
package enum NearestName {
  /// How many comparisons are worth a hint: where many names are each to be compared with many others, nobody wrote
  /// them by hand.
  package static let mostComparisons = 250_000

  /// The name nearest to a misspelt one; nil where none is close enough to be worth offering.
  package static func nearest(to name: String, among candidates: [String], within most: Int = 3) -> String? {
    let wanted = folded(name)
    let limit = max(1, min(most, wanted.count / 3))
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      guard let distance = distance(from: wanted, to: folded(candidate), upTo: limit), distance < best?.distance ?? .max
      else {
        continue
      }
      best = (candidate, distance)
    }
    return best?.name
  }

  private static func folded(_ name: String) -> [UInt8] {
    name.utf8.map(ASCII.lowercased)
  }

  /// The Damerau–Levenshtein distance in its restricted form (optimal string alignment): how many letters must be
  /// inserted, deleted, replaced, or swapped with their neighbour.
  ///
  /// Nil where that is more than the limit, which mostly shows after a few rows.
  private static func distance(from source: [UInt8], to target: [UInt8], upTo limit: Int) -> Int? {
    guard abs(source.count - target.count) <= limit else { return nil }
    var beforeLast: [Int] = []
    var last = Array(0...target.count)
    var smallest = 0
    for (row, letter) in source.enumerated() {
      var current = [row + 1]
      current.reserveCapacity(target.count + 1)
      let smallestBefore = smallest
      smallest = row + 1
      for (column, other) in target.enumerated() {
        var distance = min(last[column] + (letter == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, letter == target[column - 1], source[row - 1] == other {
          distance = min(distance, beforeLast[column - 1] + 1)
        }
        current.append(distance)
        smallest = min(smallest, distance)
      }
      // Every later distance is at least the smallest of these two rows.
      if min(smallest, smallestBefore) > limit { return nil }
      (beforeLast, last) = (last, current)
    }
    return last[target.count] <= limit ? last[target.count] : nil
  }
}
