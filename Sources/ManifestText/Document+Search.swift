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

  /// The way from a node to the map below it that a scalar is a key of, aliases unfollowed; nil where it is no key.
  package func mapPath(ofKey scalar: NodeID, in node: NodeID) -> Path? {
    for (key, value) in entries(of: node) {
      if key == scalar { return Path() }
      if let rest = rest(ofPathTo: scalar, in: value) { return Path([.key(text(of: key))]).appending(rest) }
    }
    for (index, item) in items(of: node).enumerated() {
      if let rest = rest(ofPathTo: scalar, in: item) { return Path([.index(index)]).appending(rest) }
    }
    return nil
  }

  private func rest(ofPathTo scalar: NodeID, in child: NodeID) -> Path? {
    self[child].kind != .alias && holds(scalar, in: child) ? mapPath(ofKey: scalar, in: child) : nil
  }
}
