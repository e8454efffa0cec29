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
    let length = Int32(clamping: key.utf8.count)
    let map = resolved(map)
    guard nodes[map.index].kind == .mapping else { return nil }
    let end = Int(nodes[map.index].next)
    var index = map.index + 1
    while index < end {
      let (name, value) = (NodeID(index), NodeID(Int(nodes[index].next)))
      index = Int(nodes[value.index].next)
      // Most keys are told apart by their length, which an alias does not tell.
      let record = nodes[name.index]
      guard record.textLength == length || record.textLength == 2 || record.kind == .alias else { continue }
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

  /// The value of a key in a map; nil where the map has no such key or the node is not a map.
  /// - Throws: A `Diagnostic` where the map itself has the key twice.
  public func value(_ key: String, in map: NodeID) throws(Diagnostic) -> NodeID? {
    try entry(key, in: map)?.value
  }

  /// The node at the end of a path; nil where the path leads nowhere.
  /// - Throws: A `Diagnostic` where a map on the path has a key of the path twice.
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
    guard record.kind == .scalar, record.textLength == 2, isText(key, equalTo: "<<") else { return false }
    return record.tag == .merge || record.style == .plain && record.tag == .none
  }

  /// The keys that are written in a map.
  func ownKeys(of map: NodeID) -> Set<ExactText> { Set(exactly: entries(of: map).lazy.map { self.text(of: $0.key) }) }

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
      rule: .duplicateKey,
      message: "the key `\(key)` stands twice in this map, first in line \(first.line), column \(first.column)",
      hint: "remove one of the two: tools disagree on which of them counts", range: range)
  }
}

/// Follows paths through a document, each from where it parts from the one before: paths that come in document
/// order cost their length, however long the lists on the way are.
package struct PathCursor: Sendable {
  private let document: Document
  /// The steps taken last, and where each led to.
  private var trail: [(step: Path.Step, node: NodeID)] = []

  /// Begins at the root.
  package init(_ document: Document) { self.document = document }

  /// The node at the end of a path; nil where the path leads nowhere.
  package mutating func node(at path: Path) throws(Diagnostic) -> NodeID? {
    guard let (depth, node) = try reach(of: path), depth == path.steps.count else { return nil }
    return node
  }

  /// How many steps of a path lead somewhere, and where they lead; nil in a document without a root.
  mutating func reach(of path: Path) throws(Diagnostic) -> (depth: Int, node: NodeID)? {
    guard var node = document.root else { return nil }
    var common = 0
    while common < min(trail.count, path.steps.count), trail[common].step == path.steps[common] { common += 1 }
    var sibling = common < trail.count ? trail[common] : nil
    trail.removeLast(trail.count - common)
    if let last = trail.last { node = last.node }
    while trail.count < path.steps.count {
      let step = path.steps[trail.count]
      guard let next = try child(step, of: node, after: sibling) else { break }
      trail.append((step, next))
      (node, sibling) = (next, nil)
    }
    return (trail.count, node)
  }

  /// The child of a node, looked for from an earlier child on where that is known.
  private func child(
    _ step: Path.Step, of parent: NodeID, after earlier: (step: Path.Step, node: NodeID)?
  ) throws(Diagnostic) -> NodeID? {
    guard case .index(let index) = step, case .index(let start)? = earlier?.step, start <= index,
      var node = earlier?.node
    else { return try document.child(step, of: parent) }
    let end = Int(document[document.resolved(parent)].next)
    for _ in start..<index {
      node = NodeID(Int(document[node].next))
      if node.index >= end { return nil }
    }
    return node
  }
}

extension Document {
  /// The path to the innermost value that holds a byte of the input; a byte of a key leads to the key's value.
  ///
  /// Nil where the byte belongs to no value of this document.
  public func path(at offset: Int) -> Path? {
    guard let root, holds(root, offset) else { return nil }
    return path(at: offset, in: root, after: Path())
  }

  /// The path to the innermost element of a list that holds a byte of the input; nil where none does.
  package func elementPath(at offset: Int) -> Path? {
    guard let steps = path(at: offset)?.steps else { return nil }
    let last = steps.lastIndex { if case .index = $0 { true } else { false } }
    return last.map { Path(Array(steps[...$0])) }
  }

  private func path(at offset: Int, in node: NodeID, after path: Path) -> Path {
    // What an alias stands for is written somewhere else.
    guard self[node].kind != .alias else { return path }
    for (key, value) in entries(of: node) {
      if holds(key, offset) { return path.appending(keyText(key)) }
      if holds(value, offset) { return self.path(at: offset, in: value, after: path.appending(keyText(key))) }
    }
    var index = 0
    for item in items(of: node) {
      if holds(item, offset) { return self.path(at: offset, in: item, after: path.appending(index)) }
      index += 1
    }
    return path
  }

  private func holds(_ node: NodeID, _ offset: Int) -> Bool {
    let range = range(of: node)
    return range.contains(offset) || range.isEmpty && range.lowerBound == offset
  }
}

extension Document {
  /// The scalars in a node or anywhere below it whose text begins with these bytes and goes on, in order.
  package func scalars(in node: NodeID, beginningWith text: [UInt8]) -> [NodeID] {
    let first = text.first
    var found: [NodeID] = []
    let (nodes, bytes, scratch) = (nodes, source.bytes, scratch)
    for index in node.index..<Int(self[node].next) {
      let record = nodes[index]
      guard record.kind == .scalar, Int(record.textLength) > text.count,
        first == nil || (record.isDecoded ? scratch[Int(record.text)] : bytes[Int(record.text)]) == first
      else { continue }
      let node = NodeID(index)
      if ByteText.isEqual(textBytes(of: node).prefix(text.count), text[...]) { found.append(node) }
    }
    return found
  }

  /// True where a node is inside of another, or of what that stands for.
  package func holds(_ node: NodeID, in outer: NodeID) -> Bool {
    let outer = resolved(outer)
    return outer.index <= node.index && node.index < Int(self[outer].next)
  }

  /// The maps in a node or anywhere below it that have some of these scalars for keys, with the path to each, aliases
  /// unfollowed; the scalars are given in the order in which they stand.
  package func maps(withKeys scalars: [NodeID], in node: NodeID) -> [(path: Path, keys: [NodeID])] {
    var maps: [(path: Path, keys: [NodeID])] = []
    var rest = scalars[...]
    collectMaps(withKeys: &rest, in: node, at: Path(), into: &maps)
    return maps
  }

  private func collectMaps(
    withKeys rest: inout ArraySlice<NodeID>, in node: NodeID, at path: Path,
    into maps: inout [(path: Path, keys: [NodeID])]
  ) {
    var own: Int?
    for (key, value) in entries(of: node) {
      rest = rest.drop { $0.index < key.index }
      if rest.first == key {
        if own == nil { maps.append((path, [])) }
        own = own ?? maps.count - 1
        if let own { maps[own].keys.append(key) }
        rest.removeFirst()
      }
      guard holds(&rest, in: value) else { continue }
      collectMaps(withKeys: &rest, in: value, at: path.appending(text(of: key)), into: &maps)
    }
    for (index, item) in items(of: node).enumerated() where holds(&rest, in: item) {
      collectMaps(withKeys: &rest, in: item, at: path.appending(index), into: &maps)
    }
  }

  /// True where the first of the scalars that are left is inside of a node; those in front of it are left out.
  private func holds(_ rest: inout ArraySlice<NodeID>, in node: NodeID) -> Bool {
    rest = rest.drop { $0.index < node.index }
    guard let first = rest.first, self[node].kind != .alias else { return false }
    return holds(first, in: node)
  }
}
