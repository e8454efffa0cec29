extension Document {
  /// The way to the innermost value that holds a byte of the input; a byte of a key leads to the key's value.
  ///
  /// Nil where the byte belongs to no value of this document.
  public func path(at offset: Int) -> Path? {
    guard let root, holds(root, offset) else { return nil }
    return path(at: offset, in: root, after: Path())
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
