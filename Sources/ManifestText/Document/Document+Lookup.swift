extension Document {
  /// Where the value of a key stands in a map.
  public struct Entry: Equatable, Sendable {
    /// The key as it is written; for a merged entry, in the map it is merged from.
    public let key: NodeID
    /// The value, which may be an alias.
    public let value: NodeID
    /// True where the entry comes in through a merge key (`<<`).
    public let isMerged: Bool
  }

  /// The entry of a map with this key, looked for in the map itself and then in what it merges.
  /// - Throws: A `Diagnostic` where the map itself has the key twice, or where a merge key that follows brings it
  ///   as well: for kubectl the merged one counts then, for others the map's own; or where merge keys expand to more
  ///   than the budget has.
  public func entry(_ key: String, in map: NodeID) throws(Diagnostic) -> Entry? {
    var found: Entry?
    var merges = false
    for (name, value) in entries(of: map) {
      if isText(name, equalTo: key) {
        if let found { throw .duplicateKey(key, first: location(of: found.key), at: range(of: name)) }
        found = Entry(key: name, value: value, isMerged: false)
      } else if isMergeKey(name) {
        merges = true
        guard let found else { continue }
        if try brings(key, value) { throw .duplicateKey(key, first: location(of: found.key), at: range(of: name)) }
      }
    }
    return merges && found == nil ? try mergedEntry(key, in: map) : found
  }

  /// True where a map that is merged into this one has the key, whether or not this one has it too.
  /// - Throws: A `Diagnostic` where merge keys expand to more than the budget has.
  package func merges(_ key: String, into map: NodeID) throws(Diagnostic) -> Bool {
    try mergedEntry(key, in: map) != nil
  }

  /// The value of a key in a map; nil where the map has no such key or the node is no map.
  /// - Throws: A `Diagnostic` where the map itself has the key twice.
  public func value(_ key: String, in map: NodeID) throws(Diagnostic) -> NodeID? {
    try entry(key, in: map)?.value
  }

  /// The node at the end of a path; nil where the path leads nowhere.
  /// - Throws: A `Diagnostic` where a map on the way has a key of the path twice.
  public func node(at path: Path, from start: NodeID? = nil) throws(Diagnostic) -> NodeID? {
    guard var node = start ?? root else { return nil }
    for step in path.steps {
      guard let next = try child(step, of: node) else { return nil }
      node = next
    }
    return node
  }

  /// The node one step below another.
  /// - Throws: A `Diagnostic` where the map has the key twice.
  public func child(_ step: Path.Step, of node: NodeID) throws(Diagnostic) -> NodeID? {
    switch step {
    case .key(let key): try value(key, in: node)
    case .index(let index): items(of: node).dropFirst(index).first { _ in true }
    }
  }

  /// The first key with one of these texts, in a node or anywhere below it.
  public func firstKey(in node: NodeID, among texts: [String]) -> NodeID? {
    for (key, value) in entries(of: node) {
      if texts.contains(where: { isText(key, equalTo: $0) }) { return key }
      if self[value].kind != .alias, let key = firstKey(in: value, among: texts) { return key }
    }
    for item in items(of: node) where self[item].kind != .alias {
      if let key = firstKey(in: item, among: texts) { return key }
    }
    return nil
  }

  /// Where a node begins, for a person.
  public func location(of node: NodeID) -> Location {
    source.location(of: Int(self[node].start))
  }

  // MARK: Merge keys

  /// True where a merge key with this value brings a key.
  private func brings(_ key: String, _ node: NodeID) throws(Diagnostic) -> Bool {
    for source in mergeSources(named: node) ?? [] {
      if entries(of: source).contains(where: { isText($0.key, equalTo: key) }) { return true }
      if try mergedEntry(key, in: source) != nil { return true }
    }
    return false
  }

  package func isMergeKey(_ key: NodeID) -> Bool {
    let record = self[key]
    guard record.kind == .scalar, isText(key, equalTo: "<<") else { return false }
    return record.tag == .merge || record.style == .plain && record.tag == .none
  }

  /// The keys that are written in a map.
  func ownKeys(of map: NodeID) -> Set<ExactText> { Set(exactly: entries(of: map).lazy.map { text(of: $0.key) }) }

  func holdsMergeKey(_ map: NodeID) -> Bool { entries(of: map).contains { isMergeKey($0.key) } }

  /// The first entry with this key among the maps that a map merges.
  private func mergedEntry(_ key: String, in map: NodeID) throws(Diagnostic) -> Entry? {
    for source in try mergeSources(of: map) {
      for (name, value) in entries(of: source) where isText(name, equalTo: key) {
        return Entry(key: name, value: value, isMerged: true)
      }
    }
    return nil
  }

  /// The maps that a map merges, directly or through one another, in the order in which they count.
  /// - Throws: A `Diagnostic` where merge keys expand to more than the budget has.
  package func mergeSources(of map: NodeID) throws(Diagnostic) -> [NodeID] {
    if let expansionFault, holdsMergeKey(map) { throw expansionFault }
    return withMergeSources(mergedMaps(of: map))
  }

  /// The maps that a merge key with this value brings, directly or through one another; nil where it names none.
  func mergeSources(broughtBy node: NodeID) -> [NodeID]? {
    mergeSources(named: node).map { withMergeSources($0.map(resolved)) }
  }

  /// Maps, each followed by what it merges, and none of them twice.
  private func withMergeSources(_ maps: [NodeID]) -> [NodeID] {
    var sources: [NodeID] = []
    var seen: Set<NodeID> = []
    collect(maps, &seen, into: &sources)
    return sources
  }

  private func collect(_ maps: [NodeID], _ seen: inout Set<NodeID>, into sources: inout [NodeID]) {
    for map in maps where seen.insert(map).inserted {
      sources.append(map)
      collect(mergedMaps(of: map), &seen, into: &sources)
    }
  }

  /// The maps named by a map's merge keys, in the order in which they count.
  ///
  /// Of the maps of one key the first counts, and of several keys the last one, as in kubectl.
  func mergedMaps(of map: NodeID) -> [NodeID] { mergedMapsByKey(of: map).reversed().flatMap(\.self) }

  /// The maps named by each of a map's merge keys, as they are written.
  func mergedMapsByKey(of map: NodeID) -> [[NodeID]] {
    entries(of: map).compactMap { key, value in
      isMergeKey(key) ? (mergeSources(named: value) ?? []).map(resolved) : nil
    }
  }

  /// The maps a merge key names: one, or a list of them; nil where it names something else.
  func mergeSources(named node: NodeID) -> [NodeID]? {
    if isMapping(node) { return [node] }
    guard isSequence(node) else { return nil }
    let sources = Array(items(of: node))
    return sources.allSatisfy(isMapping) ? sources : nil
  }
}

extension Diagnostic {
  static func duplicateKey(_ key: String, first: Location, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: "duplicate-key",
      message: "the key `\(key)` stands twice in this map, first in line \(first.line), column \(first.column)",
      hint: "remove one of the two: tools disagree on which of them counts", range: range)
  }
}
