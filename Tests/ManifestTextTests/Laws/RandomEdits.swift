import ManifestText
import TestSupport

/// Changes of a document that mean nothing, in every kind of place a change can be in.
struct RandomEdits {
  private var random: SeededGenerator
  /// The paths that lead somewhere, by what stands there.
  private let places: Places
  /// Where a value was put whole, so that nothing inside it is left to change.
  private var replaced: [Path] = []
  private(set) var edits: Edits
  /// True while elements were added to lists that have some, and entries to maps that have some.
  private(set) var onlyAdds = true

  /// Plans the changes of a document that belong to a seed.
  init(_ document: Document, seed: UInt64) throws {
    random = SeededGenerator(seed: seed)
    places = try Places(document)
    edits = Edits(document: document)
    for _ in 0..<random.pick([1, 1, 2, 3, 5]) { try change() }
  }

  private mutating func change() throws {
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1: try insert { try $0.append($1, to: $2) }
    case 2, 3: try insert { try $0.prepend($1, to: $2) }
    case 4: try set(under: ["made-list"]) { .array($0.values()) }
    case 5: try setTogether()
    case 6: try set(under: ["new key: \(random.pick(["a", "b", "é"]))"]) { $0.value() }
    default:
      guard let path = pick(places.values) else { return }
      replaced.append(path)
      onlyAdds = false
      try edits.set(value(inPlaceOf: path), at: path)
    }
  }

  /// What plans put there: text for a scalar, other elements for a list, and anything for nothing.
  private mutating func value(inPlaceOf path: Path) -> Value {
    if places.empty.contains(path) { return value() }
    return places.lists.contains(path) ? .array(values()) : .string(random.pick(Self.texts))
  }

  private mutating func insert(_ insert: (inout Edits, [Value], Path) throws -> Void) throws {
    guard let path = pick(places.lists) else { return }
    if places.empty.contains(path) { onlyAdds = false }
    try insert(&edits, values(), path)
  }

  private mutating func set(under keys: [String], _ value: (inout RandomEdits) -> Value) throws {
    guard let map = pick(places.maps) else { return }
    if places.empty.contains(map) { onlyAdds = false }
    let path = keys.reduce(map) { $0.appending($1) }
    try edits.set(value(&self), at: path)
    replaced.append(map.appending(keys[0]))
  }

  /// Sets several values in maps that are made for the first of them.
  private mutating func setTogether() throws {
    guard let map = pick(places.maps) else { return }
    if places.empty.contains(map) { onlyAdds = false }
    let made = map.appending("made")
    let list = made.appending("below").appending("list")
    try edits.set(value(), at: made.appending("below").appending("this"))
    for _ in 0..<random.pick([0, 1, 2]) {
      let key = random.pick(["this", "that", "other"])
      switch Int.random(in: 0..<3, using: &random) {
      case 0: try edits.set(value(), at: made.appending("below").appending(key))
      case 1: try edits.set(value(), at: made.appending(key))
      default: try edits.append(values(), to: list)
      }
    }
    replaced.append(made)
  }

  /// One of the paths that do not lead into something that was put there.
  private mutating func pick(_ paths: [Path]) -> Path? {
    let free = paths.filter { path in !replaced.contains { path.steps.starts(with: $0.steps) } }
    return free.isEmpty ? nil : random.pick(free)
  }

  // MARK: What is put there

  private mutating func values() -> [Value] { (0..<random.pick([1, 1, 2])).map { _ in value() } }

  private mutating func value(depth: Int = 0) -> Value {
    switch Int.random(in: 0..<(depth < 2 ? 8 : 5), using: &random) {
    case 0: random.pick([.null, .bool(true), .number("7"), .number("-1.5"), .array([]), .object([])])
    case 5: .array((0..<random.pick([1, 2, 3])).map { _ in value(depth: depth + 1) })
    case 6, 7:
      .object((0..<random.pick([1, 2, 3])).map { Value.Member(key: "key-\($0)", value: value(depth: depth + 1)) })
    default: .string(random.pick(Self.texts))
    }
  }

  private static let texts = [
    "", "plain", "two words", "a: b # c", "- dash", "'single'", "\"double\"", "true", "1.10", "null", "~", "*alias",
    "{braces}", "line\n", "two\nlines", "\nlate\n\n", " leading", "trailing ", "tab\there", "réader 🎈", "\u{2028}",
    "\\", "{{ with secret \"a\" }}x{{ end }}", "%percent", "é", "e\u{301}",
  ]
}

/// The places of a document, found by what it means.
private struct Places {
  var lists: [Path] = []
  var maps: [Path] = []
  /// What stands under a key, other than a map that holds something.
  var values: [Path] = []
  /// Lists and maps that hold nothing, and values that are null and may become either.
  var empty: Set<Path> = []

  init(_ document: Document) throws {
    guard let root = document.root else { return }
    add(try document.value(of: root), at: Path())
  }

  private mutating func add(_ value: Value, at path: Path) {
    switch value {
    case .array(let elements):
      lists.append(path)
      if elements.isEmpty { empty.insert(path) }
      for (index, element) in elements.enumerated() { add(element, at: path.appending(index)) }
    case .object(let members):
      maps.append(path)
      if members.isEmpty { empty.insert(path) }
      for member in members {
        let inner = path.appending(member.key)
        if member.value.members?.isEmpty ?? true { values.append(inner) }
        add(member.value, at: inner)
      }
    case .null where !path.steps.isEmpty:
      lists.append(path)
      empty.insert(path)
    default: break
    }
  }
}
