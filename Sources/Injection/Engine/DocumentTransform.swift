public import ManifestText

/// Something that changes documents: the injection, its undoing, a conversion.
public protocol DocumentTransform: Sendable {
  /// True where documents in a range may change, or there may be something to say about them; false lets them be copied
  /// without being parsed.
  func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool

  /// Plans a document: what changes, and what became of each object.
  ///
  /// Where any object is refused, nothing of the document may be written.
  func plan(for document: Document) -> DocumentPlan

  /// What a document holds that cannot concern this: nothing of it changes, and nothing is refused.
  func overview(of document: Document) -> DocumentPlan
}
