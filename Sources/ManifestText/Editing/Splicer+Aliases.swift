/// An anchored value that changes keeps its old meaning wherever else it is used.
extension Splicer {
  /// Writes out every alias that would otherwise change its meaning or lose its anchor.
  mutating func expandAliasesOfChangedAnchors() throws(Diagnostic) {
    guard !changedAnchors.isEmpty || !replaced.isEmpty, let root = document.root else { return }
    guard document.nodes.contains(where: { $0.kind == .alias }) else { return }
    ancestors = []
    let changes = Changes(anchors: Set(changedAnchors), replaced: Set(replaced), of: document)
    try expandAliases(in: root, Slot(role: .root, parent: nil), changes)
  }

  private mutating func expandAliases(in node: NodeID, _ slot: Slot, _ changes: Changes) throws(Diagnostic) {
    guard !changes.replaced.contains(node) else { return }
    if document[node].kind == .alias {
      if changes.concern(document.resolved(node)) { try replace(node, with: document.value(of: node), slot) }
      return
    }
    ancestors.append(node)
    defer { ancestors.removeLast() }
    for (key, value) in document.entries(of: node) {
      try expandAliases(in: key, Slot(role: .key, parent: node), changes)
      try expandAliases(in: value, Slot(role: .entry, parent: node), changes)
    }
    for item in document.items(of: node) { try expandAliases(in: item, Slot(role: .item, parent: node), changes) }
  }

  /// What changes, by then: aliases that are written out later are not asked about.
  private struct Changes {
    let anchors: Set<NodeID>
    let replaced: Set<NodeID>
    /// The nodes from which on something is replaced, in order, and where that ends.
    private let ranges: [Range<Int>]

    init(anchors: Set<NodeID>, replaced: Set<NodeID>, of document: Document) {
      self.anchors = anchors
      self.replaced = replaced
      var ranges: [Range<Int>] = []
      for range in replaced.map({ $0.index..<Int(document[$0].next) }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
        // What is inside of another changes with that.
        if let last = ranges.last, range.lowerBound < last.upperBound { continue }
        ranges.append(range)
      }
      self.ranges = ranges
    }

    /// True where a node means something else afterwards, or is gone.
    func concern(_ target: NodeID) -> Bool {
      if anchors.contains(target) { return true }
      var (low, high) = (0, ranges.count)
      while low < high {
        let middle = (low + high) / 2
        if ranges[middle].upperBound <= target.index { low = middle + 1 } else { high = middle }
      }
      return low < ranges.count && ranges[low].contains(target.index)
    }
  }
}
