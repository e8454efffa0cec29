/// One parsed document: where each node stands in its input, and what it means.
///
/// The table of nodes only says *where*; nothing is ever printed from it. Nodes are kept in document order, a collection
/// before its children, so that a subtree is one contiguous run. A document never changes, so that all who look at one
/// share it.
public final class Document: Sendable {
  /// The input this document was read from.
  public let source: SourceText
  /// The bytes of the input that belong to this document.
  public let range: Range<Int>
  /// Whether the document is YAML or JSON.
  public let format: Format

  package let nodes: [NodeRecord]
  /// Decoded scalars that differ from how they are spelt.
  let scratch: [UInt8]
  /// Why aliases and merge keys may not be followed: they expand to more than the budget has; nil where they do not.
  let expansionFault: Diagnostic?
  /// How many lists and maps stand around it in what it is a part of; none around a document as it is read.
  let levelsAround: Int

  init(
    source: SourceText, range: Range<Int>, format: Format, nodes: [NodeRecord], scratch: [UInt8],
    expansionFault: Diagnostic? = nil, levelsAround: Int = 0
  ) {
    self.source = source
    self.range = range
    self.format = format
    self.nodes = nodes
    self.scratch = scratch
    self.expansionFault = expansionFault
    self.levelsAround = levelsAround
  }
}

/// How a document is written.
public enum Format: String, Equatable, Sendable {
  /// YAML, block or flow style.
  case yaml
  /// JSON, as RFC 8259 has it.
  case json
}

extension Format {
  /// True for a path that ends as those of manifests do, in either format.
  package static func isOfManifest(_ path: String) -> Bool {
    [".json", ".yaml", ".yml"].contains(where: path.hasSuffix)
  }
}

/// A node of one document; meaningless to any other document.
public struct NodeID: Hashable, Sendable {
  package let index: Int
  package init(_ index: Int) { self.index = index }
}

/// What the table keeps of a node: its kind, and byte offsets into the input.
package struct NodeRecord: Equatable, Sendable {
  package enum Kind: UInt8, Sendable { case scalar, sequence, mapping, alias }
  package enum Style: UInt8, Sendable { case plain, singleQuoted, doubleQuoted, literal, folded, block, flow }

  /// The tags that have a meaning for kubectl's parser.
  enum Tag: UInt8, Sendable { case none, text, integer, float, bool, null, binary, timestamp, merge, other }

  package var kind: Kind
  package var style: Style
  /// True where the scalar's text is in the scratch buffer, not in the input.
  var isDecoded = false
  package var hasAnchor = false
  /// What its tag makes of the node.
  var tag = Tag.none
  package var hasTag: Bool { tag != .none }
  /// Where the node begins, its anchor and tag included.
  package var start: Int32
  /// Where the node begins after its anchor and tag.
  package var contentStart: Int32
  /// After the node's last byte; for a block collection after its last child's.
  package var end: Int32
  /// A scalar's text: offset (in the input or the scratch buffer) and length.
  ///
  /// An alias' target: its index.
  package var text: Int32 = 0
  package var textLength: Int32 = 0
  /// The index after the node's subtree.
  package var next: Int32 = 0
}

extension Document {
  /// The outermost node; nil for a document of comments and white space only.
  public var root: NodeID? { nodes.isEmpty ? nil : NodeID(0) }

  /// True where the document holds no value: nothing at all, or an explicit null.
  public var isEmpty: Bool {
    guard let root else { return true }
    return isNull(root)
  }

  package subscript(_ node: NodeID) -> NodeRecord { nodes[node.index] }

  /// True where two readers made the same of a text, down to where each node and each decoded text stands.
  package func holdsSameTable(as other: Document) -> Bool {
    nodes == other.nodes && scratch == other.scratch && expansionFault == nil && other.expansionFault == nil
  }

  /// The bytes a node takes in the input, its anchor and tag included.
  public func range(of node: NodeID) -> Range<Int> {
    Int(self[node].start)..<Int(self[node].end)
  }

  /// True for a map, also where the node is an alias of one.
  public func isMapping(_ node: NodeID) -> Bool { self[resolved(node)].kind == .mapping }

  /// True for a list, also where the node is an alias of one.
  public func isSequence(_ node: NodeID) -> Bool { self[resolved(node)].kind == .sequence }

  /// True for a node that stands for another.
  public func isAlias(_ node: NodeID) -> Bool { self[node].kind == .alias }

  /// The node an alias stands for; every other node stands for itself.
  public func resolved(_ node: NodeID) -> NodeID {
    var node = node
    while self[node].kind == .alias { node = NodeID(Int(self[node].text)) }
    return node
  }

  /// The elements of a list, in order; none for any other node.
  public func items(of node: NodeID) -> Children {
    let node = resolved(node)
    return Children(document: self, parent: self[node].kind == .sequence ? node : nil)
  }

  /// The entries of a map as it is written, in order, merge keys unmerged; none for any other node.
  public func entries(of node: NodeID) -> Entries {
    let node = resolved(node)
    return Entries(children: Children(document: self, parent: self[node].kind == .mapping ? node : nil))
  }

  /// The nodes directly inside a collection, in order.
  public struct Children: Sequence, IteratorProtocol, Sendable {
    private let nodes: [NodeRecord]
    private var index: Int
    private let end: Int

    init(document: Document, parent: NodeID?) {
      nodes = document.nodes
      index = parent.map { $0.index + 1 } ?? 0
      end = parent.map { Int(document[$0].next) } ?? 0
    }

    /// The next child, or nil after the last.
    public mutating func next() -> NodeID? {
      guard index < end else { return nil }
      defer { index = Int(nodes[index].next) }
      return NodeID(index)
    }
  }

  /// The key and value pairs of a map, in order.
  public struct Entries: Sequence, IteratorProtocol, Sendable {
    var children: Children

    /// The next pair, or nil after the last.
    public mutating func next() -> (key: NodeID, value: NodeID)? {
      guard let key = children.next(), let value = children.next() else { return nil }
      return (key, value)
    }
  }
}

extension Document {
  /// The bytes of a scalar's text, unescaped and unfolded; empty for a collection.
  package func textBytes(of node: NodeID) -> ArraySlice<UInt8> {
    let record = self[resolved(node)]
    guard record.kind == .scalar else { return [] }
    let range = Int(record.text)..<Int(record.text + record.textLength)
    if record.isDecoded { return scratch[range] }
    return source.bytes[range]
  }

  /// True where two scalars of the same length, which are no aliases, have the same text.
  func hasSameBytes(_ scalar: NodeRecord, as other: NodeRecord, of document: Document) -> Bool {
    let (start, otherStart, count) = (Int(scalar.text), Int(other.text), Int(scalar.textLength))
    if !scalar.isDecoded, !other.isDecoded {
      return ByteText.isEqual(source.bytes, from: start, document.source.bytes, from: otherStart, count: count)
    }
    return ByteText.isEqual(
      scalar.isDecoded ? scratch : source.bytes, from: start,
      other.isDecoded ? document.scratch : document.source.bytes, from: otherStart, count: count)
  }

  /// A scalar's text, unescaped and unfolded; empty for a collection.
  public func text(of node: NodeID) -> String {
    String(decoding: textBytes(of: node), as: UTF8.self)
  }

  /// True for a scalar with exactly this text, however it is spelt.
  public func isText(_ node: NodeID, equalTo text: String) -> Bool {
    let record = self[resolved(node)]
    guard record.kind == .scalar, Int(record.textLength) == text.utf8.count else { return false }
    if record.isDecoded { return ByteText.isEqual(scratch, from: Int(record.text), text) }
    return ByteText.isEqual(source.bytes, from: Int(record.text), text)
  }
}
