/// An anchored value that changes keeps its old meaning wherever else it is used.
extension Splicer {
  /// Writes out every alias that would otherwise change its meaning or lose its anchor.
  mutating func expandAliasesOfChangedAnchors() throws(Diagnostic) {
    guard !changedAnchors.isEmpty || !replaced.isEmpty, let root = document.root else { return }
    guard document.nodes.contains(where: { $0.kind == .alias }) else { return }
    ancestors = []
    try expandAliases(in: root, Slot(role: .root, parent: nil))
  }

  private mutating func expandAliases(in node: NodeID, _ slot: Slot) throws(Diagnostic) {
    guard !replaced.contains(node) else { return }
    if document[node].kind == .alias {
      if isChanged(document.resolved(node)) { try replace(node, with: document.value(of: node), slot) }
      return
    }
    ancestors.append(node)
    defer { ancestors.removeLast() }
    for (key, value) in document.entries(of: node) {
      try expandAliases(in: key, Slot(role: .key, parent: node))
      try expandAliases(in: value, Slot(role: .entry, parent: node))
    }
    for item in document.items(of: node) { try expandAliases(in: item, Slot(role: .item, parent: node)) }
  }

  private func isChanged(_ target: NodeID) -> Bool {
    changedAnchors.contains(target)
      || replaced.contains { $0.index <= target.index && target.index < Int(document[$0].next) }
  }
}
