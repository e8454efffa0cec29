internal import ManifestText
internal import Threads

/// What the documents of one input go through, each by itself: one after the other, or several at once.
struct DocumentProcess {
  private let transform: any DocumentTransform
  private let filter: (any DocumentFilter)?
  private let source: SourceText
  /// True where the input holds what the work is about, which decides whether its documents have to be read.
  private let isConcerned: Bool
  private let threads: Int

  init(_ pipeline: DocumentPipeline, _ source: SourceText) {
    transform = pipeline.transform.informed(by: source)
    filter = pipeline.filter
    self.source = source
    isConcerned = filter == nil || pipeline.scope == .concernedInputs || source.holds(transform.mayConcern)
    threads = pipeline.sharesWork(on: source) ? pipeline.threads : 1
  }

  private init(_ process: DocumentProcess, _ transform: any DocumentTransform, _ source: SourceText) {
    (self.transform, self.source, threads) = (transform, source, 1)
    (filter, isConcerned) = (process.filter, process.isConcerned)
  }

  /// The same for one of several threads.
  private func unshared() -> DocumentProcess { DocumentProcess(self, transform.unshared(), source) }

  /// Hands over every document, in order.
  /// - Throws: What `take` throws, which ends the work.
  func forEach(
    of pieces: DocumentStream, take: (ProcessedDocument) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    guard threads > 1 else {
      for piece in pieces { try take(processed(piece)) }
      return
    }
    var portions = Portions(pieces)
    var work = OrderedWork(
      threads: threads, { (portion: Portion) in processed(portion) },
      other: {
        let process = unshared()
        return { process.processed($0) }
      })
    while true {
      if !work.isFull, let portion = portions.next() {
        work.give(portion)
      } else {
        guard let documents = work.next() else { return }
        for document in documents { try take(document) }
      }
    }
  }

  /// The documents of a portion, which read a text of their own: threads that count references to one and the same text
  /// would wait for one another most of the time.
  private func processed(_ portion: Portion) -> [ProcessedDocument] {
    let process = DocumentProcess(self, transform, portion.text(of: source))
    return portion.pieces.map { piece in
      let document = process.processed(piece.moved(by: -portion.start))
      // What is wrong with a document may name lines of the input.
      return document.isFaulty ? processed(piece) : document.moved(by: portion.start)
    }
  }

  private func processed(_ piece: DocumentStream.Piece) -> ProcessedDocument {
    var result = ProcessedDocument(piece.range)
    do throws(Diagnostic) {
      if let document = try document(piece, &result) { try change(document, piece, &result) }
    } catch {
      result.fault = error
    }
    return result
  }

  /// A document that was read; nil where it is none of those that are meant, or cannot be read and need not be.
  private func document(
    _ piece: DocumentStream.Piece, _ result: inout ProcessedDocument
  ) throws(Diagnostic) -> Document? {
    guard let filter else { return try Document(piece, of: source) }
    let document = try document(piece, filter, &result)
    if document == nil {
      result.omission = filter.omission(piece, unreadable: result.excused)
      result.remark = filter.remark(on: piece, of: source, unreadable: result.excused)
    }
    return document
  }

  private func document(
    _ piece: DocumentStream.Piece, _ filter: any DocumentFilter, _ result: inout ProcessedDocument
  ) throws(Diagnostic) -> Document? {
    if filter.skips(piece, of: source) {
      result.reason = filter.reason(forSkippingIn: source)
      return nil
    }
    let document: Document
    do throws(Diagnostic) {
      document = try Document(piece, of: source)
    } catch {
      guard filter.excuses(piece, of: source, isConcerned: isConcerned) else { throw error }
      result.excused = error
      result.reason = filter.reason(forKeeping: piece, of: source)
      return nil
    }
    return try filter.skips(document) ? nil : document
  }

  private func change(
    _ document: Document, _ piece: DocumentStream.Piece, _ result: inout ProcessedDocument
  ) throws(Diagnostic) {
    let isConcerned = isConcerned && transform.mayConcern(piece.range, of: source)
    let plan = isConcerned ? transform.plan(for: document) : transform.overview(of: document)
    if !plan.isEmpty, plan.refusals.isEmpty { try document.checkMeaning() }
    try take(plan, &result)
  }

  private func take(_ plan: DocumentPlan, _ result: inout ProcessedDocument) throws(Diagnostic) {
    result.plan = plan
    guard plan.refusals.isEmpty else { return }
    let document = plan.document
    let changed = try plan.result()
    result.document = changed
    switch plan {
    case .unchanged: result.edits = []
    case .edited(_, let edits, _, _): result.edits = edits
    case .revised: break
    }
    result.isChanged =
      changed !== document
      && !ByteText.isEqual(changed.source.bytes[changed.range], source.bytes[document.range])
  }
}

// MARK: Lists

extension DocumentProcess {
  /// Delivers a list of JSON that is all of an input, item by item, so that neither a table of all of the result is needed
  /// nor its text; false where it has to be changed as a whole, and nothing was delivered.
  func deliverItems(
    of pieces: DocumentStream, to sink: inout some DocumentSink, _ result: inout DocumentPipeline.Result
  ) -> Bool {
    guard sink.takesItems, filter == nil, let list = list(in: pieces) else { return false }
    var (taker, taken) = (sink, result)
    var position = list.range.lowerBound
    let isDone = try? transform.planItems(of: list) { (plan) throws(Diagnostic) in
      let place = plan.document.range
      taker.keepAroundItems(position..<place.lowerBound, of: source)
      position = place.upperBound
      var item = ProcessedDocument(place)
      try take(plan, &item)
      try item.deliver(to: &taker, &taken, of: source)
    }
    guard isDone == true else { return false }
    // Where one item is refused, none changes.
    if taken.objects.contains(where: { !$0.refusals.isEmpty }) { taken.isChanged = result.isChanged }
    taker.keepAroundItems(position..<list.range.upperBound, of: source)
    (sink, result) = (taker, taken)
    return true
  }

  /// The document that is all of an input, where it is JSON that every item of can be looked at by itself.
  private func list(in pieces: DocumentStream) -> Document? {
    var pieces = pieces
    guard let piece = pieces.next(), piece.mayBeJSON, piece.range == source.bytes.indices,
      transform.mayConcern(piece.range, of: source), let document = try? Document(piece, of: source),
      document.isBareJSON, (try? document.checkMeaning()) != nil
    else { return nil }
    return document
  }
}

/// What became of one document of an input.
struct ProcessedDocument: Sendable {
  private var range: Range<Int>
  /// What was planned; nil for a document that is not meant, or cannot be read.
  fileprivate(set) var plan: DocumentPlan?
  /// The document as it is to be; nil where there is none to be written.
  fileprivate(set) var document: Document?
  /// The edits of the input's text by which it is made; nil where it is not made so.
  fileprivate(set) var edits: [TextEdit]?
  /// True where that differs from the input's.
  fileprivate(set) var isChanged = false
  /// Why it cannot be read, and need not be.
  fileprivate(set) var excused: Diagnostic?
  /// Why it stays as it is where it cannot be read; nil where nothing is said.
  fileprivate(set) var reason: InjectionOutcome.Reason?
  /// What is said where it is handed on unread.
  fileprivate(set) var remark: Diagnostic?
  /// What is said where it is left out.
  fileprivate(set) var omission: Diagnostic?
  /// Why its input is refused, beside what was planned.
  fileprivate(set) var fault: Diagnostic?

  fileprivate init(_ range: Range<Int>) { self.range = range }

  /// Adds this to what became of the documents before it.
  /// - Throws: A `Diagnostic` where the document cannot be had, or the sink cannot take it.
  func deliver(
    to sink: inout some DocumentSink, _ result: inout DocumentPipeline.Result, of source: SourceText
  ) throws(Diagnostic) {
    result.excused = result.excused ?? excused
    if let plan { result.objects += plan.objects }
    if let fault { throw fault }
    if let omission { return result.findings.append(omission) }
    guard let plan else {
      result.findings += [remark].compactMap(\.self)
      if let reason {
        let place = excused?.range?.lowerBound ?? range.lowerBound
        result.objects.append(ObjectPlan(object: nil, offset: place, outcome: .unchanged(reason)))
      }
      return sink.keep(range, of: source)
    }
    guard let document else { return }
    result.isChanged = result.isChanged || isChanged
    try sink.add(AddedDocument(document: document, plan: plan, input: source, place: range, edits: edits))
  }
}

extension ProcessedDocument {
  /// True where something is said that hinders the document, or its input.
  fileprivate var isFaulty: Bool {
    fault != nil || excused != nil || omission != nil || remark != nil || !(plan?.refusals.isEmpty ?? true)
  }

  /// The same of a document that stands further back in the input.
  fileprivate func moved(by distance: Int) -> ProcessedDocument {
    var moved = self
    moved.range = range.moved(by: distance)
    moved.plan = plan?.moved(by: distance)
    moved.edits = edits?.map { TextEdit($0.range.moved(by: distance), $0.text) }
    return moved
  }
}
