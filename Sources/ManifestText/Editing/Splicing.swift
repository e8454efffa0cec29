extension Edits {
  /// The planned changes as edits of the document's text, in order.
  /// - Throws: A `Diagnostic` where a change cannot be made.
  package func textEdits() throws(Diagnostic) -> [TextEdit] { try Splicer.edits(for: tree, in: document) }

  /// The document's bytes with every planned change made, read again and compared with the plan.
  /// - Throws: A `Diagnostic` where a change cannot be made, or where the result is not what was planned;
  ///   nothing of the document may be written then.
  public func spliced() throws(Diagnostic) -> Document { try spliced(by: textEdits()) }

  /// The same, by text edits that are known already.
  /// - Throws: As without them.
  package func spliced(by edits: [TextEdit]) throws(Diagnostic) -> Document {
    try document.spliced(by: edits, meaning: tree)
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

extension Document {
  /// The document with its text edited, read again and compared with what the edits are for.
  fileprivate func spliced(by edits: [TextEdit], meaning tree: EditTree) throws(Diagnostic) -> Document {
    let result: Document
    do throws(Diagnostic) {
      result = try reread(edits.applied(to: source.bytes, in: range))
    } catch {
      let place = edits.kept(in: range).origin(of: error.range?.lowerBound ?? 0) ?? range.lowerBound
      throw .internalError("the edited text cannot be read: \(error.message)", at: place..<place)
    }
    if let place = Verifier.disagreement(of: result, with: tree, appliedTo: self) {
      throw .internalError("the edited text does not mean what was planned", at: place)
    }
    return result
  }

  /// Another text of this document, read as this one was.
  /// - Throws: A `Diagnostic` where it cannot be read.
  package func reread(_ bytes: [UInt8]) throws(Diagnostic) -> Document {
    let text = SourceText(name: source.name, bytes: bytes)
    return try Document(DocumentStream.Piece(range: bytes.indices, mayBeJSON: format == .json), of: text)
  }
}
