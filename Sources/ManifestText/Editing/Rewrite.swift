/// Entries of maps that get other keys and values, go, or come.
///
/// What an entry keeps, it keeps as it is spelt, in its place, with its comments.
package struct Rewrite: Sendable {
  /// The document the changes are planned for.
  package let document: Document
  /// Every change so far, as a model of what the document becomes.
  private(set) var tree = EditTree()

  /// Plans nothing yet.
  package init(document: Document) { self.document = document }

  /// True where nothing is planned.
  package var isEmpty: Bool { tree.isEmpty }

  /// Gives an entry another key and, unless it keeps its own, another value.
  package mutating func replace(entryAt path: Path, by key: String, value: Value?) {
    tree.update(at: path.steps[...]) {
      $0.newKey = key
      $0.replacement = value
    }
  }

  /// Takes an entry out.
  package mutating func remove(entryAt path: Path) { tree.update(at: path.steps[...]) { $0.isRemoved = true } }

  /// Adds an entry the map does not have, after the others.
  package mutating func add(_ value: Value, at path: Path) {
    tree.update(at: path.steps[...]) { $0.replacement = value }
  }
}
