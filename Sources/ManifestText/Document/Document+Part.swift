/// A value of JSON as a document of its own.
///
/// JSON reads the same wherever it stands, as long as it is not too deep inside of something. So where such a part is
/// edited, and what it becomes is read again as one value, what it is a part of need not be read again around it.
extension Document {
  /// A value as a document, at its place in the same input and inside so many lists and maps; nil for YAML, which
  /// depends on what stands around it.
  package func part(_ node: NodeID, inside levels: Int) -> Document? {
    guard format == .json else { return nil }
    var part = Array(nodes[node.index..<Int(self[node].next)])
    for index in part.indices { part[index].next -= Int32(node.index) }
    return Document(
      source: source, range: range(of: node), format: .json, nodes: part, scratch: scratch, levelsAround: levels)
  }
}
