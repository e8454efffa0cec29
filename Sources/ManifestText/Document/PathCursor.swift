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
    guard let root = document.root else { return nil }
    let common = zip(trail, path.steps).prefix { $0.step == $1 }.count
    let sibling = common < trail.count ? trail[common] : nil
    trail.removeSubrange(common...)
    for step in path.steps.dropFirst(common) {
      let parent = trail.last?.node ?? root
      let isFirst = trail.count == common
      guard let next = try child(step, of: parent, after: isFirst ? sibling : nil) else { return nil }
      trail.append((step, next))
    }
    return trail.last?.node ?? root
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
