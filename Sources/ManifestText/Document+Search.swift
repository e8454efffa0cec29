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

  /// True where a node is inside of another, aliases unfollowed.
  package func holds(_ node: NodeID, in outer: NodeID) -> Bool {
    let outer = resolved(outer)
    return outer.index <= node.index && node.index < Int(self[outer].next)
  }

  /// The way from a node to the map below it that a scalar is a key of; nil where it is no key.
  package func mapPath(ofKey scalar: NodeID, in node: NodeID) -> Path? {
    guard holds(scalar, in: node) else { return nil }
    for (key, value) in entries(of: node) {
      if key == scalar { return Path() }
      if holds(scalar, in: value) { return mapPath(ofKey: scalar, in: value).map { Path([.key(text(of: key))]).appending($0) } }
    }
    for (index, item) in items(of: node).enumerated() where holds(scalar, in: item) {
      return mapPath(ofKey: scalar, in: item).map { Path([.index(index)]).appending($0) }
    }
    return nil
  }
}
