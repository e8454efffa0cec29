package import ManifestText

/// Tells which documents are meant, where inputs are not known to hold manifests alone.
package protocol DocumentFilter: Sendable {
  /// True for an input none of which is meant; it is handed on unread.
  func skips(_ source: SourceText) -> Bool

  /// True for a document that need not be read to see that it is not meant.
  func skips(_ piece: DocumentStream.Piece, of source: SourceText) -> Bool

  /// True for a document that is not meant.
  /// - Throws: A `Diagnostic` where it may have been meant, and is not what it would have to be.
  func skips(_ document: Document) throws(Diagnostic) -> Bool

  /// True where a document that cannot be read need not be one that is meant; `isConcerned` where its input holds what
  /// the work is about.
  func excuses(_ piece: DocumentStream.Piece, of source: SourceText, isConcerned: Bool) -> Bool

  /// Why a document that cannot be read stays as it is, for a report that tells of all there is; nil where nothing is
  /// said.
  func reason(forKeeping piece: DocumentStream.Piece, of source: SourceText) -> InjectionOutcome.Reason?

  /// Why what need not be read of an input stays as it is, for such a report; nil where nothing is said.
  func reason(forSkippingIn source: SourceText) -> InjectionOutcome.Reason?

  /// What is said of a document that is handed on because it is not meant, or because it cannot be read.
  func remark(on piece: DocumentStream.Piece, of source: SourceText, unreadable error: Diagnostic?) -> Diagnostic?

  /// What is said of an input that is handed on unread, which may hold what the work is about.
  /// - Throws: A `Diagnostic` where it has to be refused.
  func remark(onUnread source: SourceText, isConcerned: Bool) throws(Diagnostic) -> Diagnostic?

  /// What is said of a document that is left out because it is not meant, or because it cannot be read; nil where such
  /// a document is handed on.
  func omission(_ piece: DocumentStream.Piece, unreadable error: Diagnostic?) -> Diagnostic?
}

extension DocumentFilter {
  package func skips(_ source: SourceText) -> Bool { false }

  package func skips(_ piece: DocumentStream.Piece, of source: SourceText) -> Bool { false }

  package func reason(
    forKeeping piece: DocumentStream.Piece, of source: SourceText
  ) -> InjectionOutcome.Reason? { nil }

  package func reason(forSkippingIn source: SourceText) -> InjectionOutcome.Reason? { nil }

  package func remark(
    on piece: DocumentStream.Piece, of source: SourceText, unreadable error: Diagnostic?
  ) -> Diagnostic? { nil }

  package func remark(onUnread source: SourceText, isConcerned: Bool) throws(Diagnostic) -> Diagnostic? { nil }

  package func omission(_ piece: DocumentStream.Piece, unreadable error: Diagnostic?) -> Diagnostic? { nil }
}
