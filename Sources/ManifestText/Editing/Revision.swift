/// What is taken out of a document, gets another key, or gives way to the text that stood there before.
///
/// The counterpart of `Edits`. What a document means then can depend on the text put back and on the merge keys
/// around what goes, so the JSON Patch of it is the difference of the documents' values. What an entry keeps, it keeps
/// as it is spelt, in its place, with its comments.
public struct Revision: Sendable {
  /// The document the changes are planned for.
  public let document: Document
  /// Every change so far, as a model of what the document becomes.
  private(set) var tree = EditTree()

  /// Plans nothing yet.
  public init(of document: Document) { self.document = document }

  /// True where nothing is planned.
  public var isEmpty: Bool { tree.isEmpty }

  /// Takes out the entry of a map, or the element of a list, with the lines or the separator that are its own.
  ///
  /// A list or map that holds nothing else stays as an empty one.
  public mutating func remove(at path: Path) { tree.update(at: path.steps[...]) { $0.isRemoved = true } }

  /// Gives the entry of a map another key and, unless it keeps its own, another value.
  package mutating func rename(at path: Path, to key: String, value: Value? = nil) {
    tree.update(at: path.steps[...]) {
      $0.newKey = key
      $0.replacement = value
    }
  }

  /// Adds an entry that a map does not have, after the others.
  package mutating func add(_ value: Value, at path: Path) {
    tree.update(at: path.steps[...]) { $0.replacement = value }
  }

  /// Plans what others plan as well, for other places in the same document.
  public mutating func add(_ others: Revision) { tree.add(others.tree) }

  /// Puts a value's former text in the place of what stands there; where it cannot stand there as it is, because
  /// the document was rewritten in another style, what it means.
  package mutating func restore(
    _ text: FormerText, in place: NodeID, of parent: NodeID, at path: Path
  ) throws(Diagnostic) {
    let isInFlow = document[document.resolved(parent)].style == .flow
    let canStand = text.canStand(in: document.format, isInFlow: isInFlow)
    guard let value = text.value, !canStand else {
      guard canStand else { throw .formerTextNeedsYAML(at: document.range(of: place)) }
      let fitted = document.fitted(text, to: place, in: parent)
      return tree.update(at: path.steps[...]) { $0.restoration = fitted }
    }
    tree.update(at: path.steps[...]) { $0.replacement = value }
  }
}

extension Revision {
  /// The planned changes as edits of the document's text, in order.
  /// - Throws: A `Diagnostic` where a change cannot be made.
  package func textEdits() throws(Diagnostic) -> [TextEdit] { try Splicer.edits(for: tree, in: document) }

  /// The document's bytes with every planned change made, read again and compared with the plan.
  /// - Throws: A `Diagnostic` where a change cannot be made, or where the result is not what was planned;
  ///   nothing of the document may be written then.
  package func spliced() throws(Diagnostic) -> Document { try spliced(by: textEdits()) }

  /// The same, by text edits that are known already.
  /// - Throws: As without them.
  package func spliced(by edits: [TextEdit]) throws(Diagnostic) -> Document {
    try document.spliced(by: edits, meaning: tree)
  }
}

extension Diagnostic {
  static func formerTextNeedsYAML(at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .formerText, message: "what stood here before used an anchor, which JSON has none of",
      hint: "undo the injection in the YAML file, and convert that again", range: range)
  }
}
