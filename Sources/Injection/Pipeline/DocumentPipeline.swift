package import ManifestText

/// Takes one input from bytes to documents as they are to be: split, read, plan, splice, verify.
package struct DocumentPipeline {
  /// Which inputs are read.
  ///
  /// An input that is read is read whole, and refused whole.
  package enum Scope {
    /// Every one, so that the report can name its objects and broken documents are found.
    case everyInput
    /// Those of which any document may concern the transform; the others are handed on as they are.
    case concernedInputs
  }

  /// What became of an input.
  package struct Result {
    /// True where something was refused, so that nothing of the input may be written.
    package var isRefused = false
    /// True where a document differs from the input's.
    package var isChanged = false
    /// True where the input was handed on unread.
    package var isPassedOver = false
    /// What became of each object.
    package var objects: [ObjectPlan] = []
    /// The first document that cannot be read and need not be, as long as nothing beside it changes.
    var excused: Diagnostic?
    /// Findings about no object in particular.
    package var findings: [Diagnostic] = []
  }

  let transform: any DocumentTransform
  let scope: Scope
  /// Tells which documents are meant; nil where all are.
  let filter: (any DocumentFilter)?

  package init(
    transform: any DocumentTransform, scope: Scope = .everyInput, filter: (any DocumentFilter)? = nil
  ) {
    (self.transform, self.scope, self.filter) = (transform, scope, filter)
  }

  /// Runs an input through into a sink, telling `onDocument` how many documents are done.
  ///
  /// What the sink took of a refused input is worth nothing.
  package func run(_ source: SourceText, into sink: inout some DocumentSink, onDocument: (Int) -> Void) -> Result {
    var result = Result()
    do throws(Diagnostic) {
      guard let pieces = try pieces(of: source) else {
        sink.keep(source.bytes.indices, of: source)
        result.isPassedOver = true
        return result
      }
      var count = 0
      let pipeline = DocumentPipeline(transform: transform.informed(by: source), scope: scope, filter: filter)
      for piece in pieces {
        try pipeline.process(piece, of: source, into: &sink, &result)
        count += 1
        onDocument(count)
      }
      // What stands beside a manifest that is to be injected should be one.
      if result.isChanged, let error = result.excused { throw error }
    } catch {
      result.findings.append(error)
    }
    result.isRefused = (result.findings + result.objects.flatMap(\.refusals)).contains { $0.severity == .error }
    return result
  }

  /// The documents of an input; nil where it is passed over.
  private func pieces(of source: SourceText) throws(Diagnostic) -> DocumentStream? {
    let isPassedOver = scope == .concernedInputs && !transform.mayConcern(source.bytes.indices, of: source)
    if let filter, isPassedOver || filter.skips(source) { return nil }
    // What is no text at all is refused, whoever names it: a marker in UTF-16 would not be found.
    let pieces = try DocumentStream(source)
    return isPassedOver ? nil : pieces
  }

  private func process(
    _ piece: DocumentStream.Piece, of source: SourceText, into sink: inout some DocumentSink, _ result: inout Result
  ) throws(Diagnostic) {
    guard let filter else { return try process(try Document(piece, of: source), piece, into: &sink, &result) }
    var error: Diagnostic?
    if let document = try document(piece, of: source, filter, &error) {
      return try process(document, piece, into: &sink, &result)
    }
    result.excused = result.excused ?? error
    if let note = filter.omission(piece, unreadable: error) { return result.findings.append(note) }
    sink.keep(piece.range, of: source)
  }

  private func process(
    _ document: Document, _ piece: DocumentStream.Piece, into sink: inout some DocumentSink, _ result: inout Result
  ) throws(Diagnostic) {
    let source = document.source
    let isConcerned = transform.mayConcern(piece.range, of: source)
    let plan = isConcerned ? transform.plan(for: document) : transform.overview(of: document)
    if !plan.isEmpty, plan.refusals.isEmpty { try document.checkMeaning() }
    result.objects += plan.objects
    guard plan.refusals.isEmpty else { return }
    guard !plan.isEmpty else { return try sink.add(document, plan) }
    let changed = try plan.result()
    if !ByteText.isEqual(changed.source.bytes[changed.range], source.bytes[piece.range]) { result.isChanged = true }
    try sink.add(changed, plan)
  }
}

extension DocumentPipeline {
  /// A document that was read; nil where it is none of those that are meant, or cannot be read and need not be.
  private func document(
    _ piece: DocumentStream.Piece, of source: SourceText, _ filter: any DocumentFilter, _ fault: inout Diagnostic?
  ) throws(Diagnostic) -> Document? {
    if filter.skips(piece, of: source) { return nil }
    let document: Document
    do throws(Diagnostic) {
      document = try Document(piece, of: source)
    } catch {
      guard filter.excuses(piece, of: source) else { throw error }
      fault = error
      return nil
    }
    return try filter.skips(document) ? nil : document
  }
}

/// Takes the documents of one input as they are to be, in order.
package protocol DocumentSink {
  /// A piece of the input that was not read, and stays as it is.
  mutating func keep(_ range: Range<Int>, of source: SourceText)

  /// A document as it is to be, with what was planned for it.
  /// - Throws: A `Diagnostic` where the document cannot be taken; its input is refused then.
  mutating func add(_ document: Document, _ plan: DocumentPlan) throws(Diagnostic)
}

extension ObjectPlan {
  /// Why nothing of the object's input may be written; empty where all is well.
  package var refusals: [Diagnostic] {
    if case .refused(let diagnostic) = outcome { [diagnostic] } else { [] }
  }
}
