extension Document {
  /// The scalars in a node or anywhere below it whose text begins with these bytes, in order.
  package func scalars(in node: NodeID, beginningWith text: [UInt8]) -> [NodeID] {
    (node.index..<Int(self[node].next)).compactMap { index in
      let record = nodes[index]
      guard record.kind == .scalar, Int(record.textLength) > text.count else { return nil }
      let node = NodeID(index)
      return ByteText.isEqual(textBytes(of: node).prefix(text.count), text[...]) ? node : nil
    }
  }

  /// True where a node is inside of another, or of what that stands for.
  package func holds(_ node: NodeID, in outer: NodeID) -> Bool {
    let outer = resolved(outer)
    return outer.index <= node.index && node.index < Int(self[outer].next)
  }

  /// The maps in a node or anywhere below it that have some of these scalars for keys, with the way to each, aliases
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
