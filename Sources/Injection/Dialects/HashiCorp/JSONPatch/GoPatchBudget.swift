package import ManifestText

/// What the operations of a patch cost, so that one that copies its own copies, nests them or never ends is refused.
///
/// The library has no such limit: there the webhook goes on for as long as it has memory.
struct GoPatchBudget {
  /// How many nodes all operations together may pass by, copy or compare: as many as the aliases of a document may
  /// expand to.
  static let mostNodes = 4_000_000
  /// How many lists and maps may stand inside one another in a container: the rest of the document has some as well.
  static let deepest = Budget.deepest / 2

  /// What was written: the container and what comes in the operations.
  private var written: Int
  private var copied = 0
  private var passed = 0

  init(_ document: GoJSONNode) { written = document.size.nodes }

  /// Counts what an operation does to a document.
  /// - Throws: A `Failure` where that is too much.
  mutating func take(_ operation: GoPatch.Operation, to document: GoJSONNode) throws(GoParse.Failure) {
    let value = operation.value?.size ?? GoJSONNode.Size()
    // An operation has a name and up to two paths.
    written += value.nodes + 4
    passed += value.nodes
    var levels = value.levels
    if case .text(let from) = operation.from {
      let (moved, width) = document.source(at: from)
      passed += moved.nodes + width
      levels = max(levels, moved.levels)
      if operation.kind == "copy" { copied += moved.nodes }
    }
    if case .text(let path) = operation.path {
      passed += document.source(at: path).width
      levels += GoJSONNode.steps(of: path).count
    }
    if levels > GoPatchBudget.deepest { throw .patchTooDeep }
    if passed > GoPatchBudget.mostNodes || Budget.isExceeded(byAliased: copied, among: copied + written) {
      throw .patchBomb
    }
  }
}

extension GoJSONNode {
  /// How large a node is.
  struct Size {
    /// Itself, and everything in it.
    var nodes = 1
    /// Lists and maps inside one another, itself included.
    var levels = 0
  }

  var size: Size {
    let inner: [GoJSONNode?]
    switch self {
    case .null, .scalar: return Size()
    case .array(let elements): inner = elements
    case .object(let members): inner = members.map(\.value)
    }
    return inner.reduce(into: Size(nodes: 1, levels: 1)) { sum, node in
      let size = node?.size ?? Size()
      sum.nodes += size.nodes
      sum.levels = max(sum.levels, size.levels + 1)
    }
  }

  /// What stands at the end of a path, and how many members and elements there are in what it leads through.
  fileprivate func source(at path: String) -> (size: Size, width: Int) {
    var node: GoJSONNode? = self
    var width = 0
    for step in GoJSONNode.steps(of: path) {
      width += node?.width ?? 0
      guard let here = node, case .success(let next) = here.get(step) else { return (Size(nodes: 0), width) }
      node = next
    }
    return (node?.size ?? Size(), width)
  }

  private var width: Int {
    switch self {
    case .null, .scalar: 1
    case .array(let elements): elements.count
    case .object(let members): members.count
    }
  }
}

extension GoParse.Failure {
  static let patchTooDeep = GoParse.Failure(
    message: "the patch nests lists and maps more than \(GoPatchBudget.deepest) levels deep")
  static let patchBomb = GoParse.Failure(message: "the operations of the patch copy or search far too much")
}

/// A change of a finished container, as the annotations with a JSON Patch ask for it.
package struct ContainerPatch: Sendable {
  private let patch: GoPatch

  /// Reads a patch; `null` is one without operations.
  /// - Throws: A `Failure` with Go's message where this is not a patch.
  package init(_ text: String) throws(GoParse.Failure) {
    patch = try GoPatch(text)
  }

  /// The container after the patch, as Kubernetes reads it: members it does not know are dropped.
  /// - Throws: A `Failure` with the injector's message.
  package func apply(to container: Value) throws(GoParse.Failure) -> Value {
    let container = try ContainerPatch.normalized(container)
    let patched: GoJSONNode
    do throws(GoParse.Failure) {
      patched = try patch.apply(to: GoJSONNode(container))
    } catch {
      throw GoParse.Failure(message: "failed to apply JSON patch: \(error.message)")
    }
    return try GoRecordReader.read(patched, as: ContainerRecord.container)
  }

  /// The patch's effect on any JSON, before it is read as a container.
  package func patched(_ document: Value) throws(GoParse.Failure) -> Value {
    try patch.apply(to: GoJSONNode(document)).value
  }

  /// A container as Kubernetes writes it after reading it: known members in order, quantities in canonical form.
  /// - Throws: A `Failure` with Go's message where a value has a wrong type.
  package static func normalized(_ container: Value) throws(GoParse.Failure) -> Value {
    try GoRecordReader.read(GoJSONNode(container), as: ContainerRecord.container)
  }
}
