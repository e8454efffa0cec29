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
  package struct Result: Sendable {
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

    package init() {}
  }

  let transform: any DocumentTransform
  let scope: Scope
  /// Tells which documents are meant; nil where all are.
  let filter: (any DocumentFilter)?
  /// How many threads may work at once.
  package let threads: Int
  /// From which size on a list of JSON is changed item by item.
  let listSize: Int

  /// The size from which on a list is worth it.
  package static let usualListSize = 1 << 20

  /// Brings together what is done to which documents; several threads share a large input.
  package init(
    transform: any DocumentTransform, scope: Scope = .everyInput, filter: (any DocumentFilter)? = nil,
    threads: Int = 1, listSize: Int = usualListSize
  ) {
    (self.transform, self.scope, self.filter, self.threads) = (transform, scope, filter, threads)
    self.listSize = listSize
  }

  /// The same for one of several threads.
  package func unshared() -> DocumentPipeline {
    DocumentPipeline(
      transform: transform.unshared(), scope: scope, filter: filter, threads: threads, listSize: listSize)
  }

  /// From this size on several threads work on one input, which is too large for one of them alone.
  package var sharedSize: Int { threads > 1 ? Portion.sizeWorthThreads : .max }

  /// True where several threads work on this input.
  func sharesWork(on source: SourceText) -> Bool { source.bytes.count >= sharedSize }

  /// Runs an input through into a sink, telling `onDocument` how many documents are done.
  ///
  /// What the sink took of a refused input is worth nothing.
  package func run(_ source: SourceText, into sink: inout some DocumentSink, onDocument: (Int) -> Void) -> Result {
    var result = Result()
    do throws(Diagnostic) {
      guard let pieces = try pieces(of: source, &result) else {
        sink.keep(source.bytes.indices, of: source)
        result.isPassedOver = true
        return result
      }
      let process = DocumentProcess(self, source)
      let isDone = source.bytes.count >= listSize && process.deliverItems(of: pieces, to: &sink, &result)
      var count = 0
      if !isDone {
        try process.forEach(of: pieces) { (document) throws(Diagnostic) in
          try document.deliver(to: &sink, &result, of: source)
          count += 1
          onDocument(count)
        }
      }
      // What stands beside a manifest that is to be injected should be one.
      if result.isChanged, let error = result.excused { throw error }
    } catch {
      result.findings.append(error)
    }
    result.isRefused = (result.findings + result.objects.flatMap(\.refusals)).contains { $0.severity == .error }
    return result
  }

  /// What became of an input, told by the text that it became, where the transform has a judge of that.
  ///
  /// The places are those of the new text, and nothing of that changes what `sink` takes. Nil where what was told of the
  /// input stands.
  package func judged(
    _ result: Result, as text: @autoclosure () -> SourceText, into sink: inout some DocumentSink
  ) -> (result: Result, text: SourceText)? {
    guard let judge = transform.judge, result.isChanged, !result.isRefused else { return nil }
    let text = text()
    var judged = DocumentPipeline(transform: judge, filter: filter, threads: threads, listSize: listSize)
      .run(text, into: &sink) { _ in }
    for (index, object) in result.objects.enumerated() where judged.objects.indices.contains(index) {
      if case .fixed = object.outcome { judged.objects[index].outcome = object.outcome }
    }
    judged.isChanged = true
    return (judged, text)
  }

  /// The documents of an input; nil where it is passed over.
  private func pieces(of source: SourceText, _ result: inout Result) throws(Diagnostic) -> DocumentStream? {
    let isPassedOver = scope == .concernedInputs && !source.holds(transform.mayConcern)
    if let filter, isPassedOver || filter.skips(source) {
      result.findings += [try filter.remark(onUnread: source, isConcerned: !isPassedOver)].compactMap(\.self)
      if !isPassedOver, let reason = filter.reason(forSkippingIn: source) {
        result.objects.append(ObjectPlan(object: nil, offset: 0, outcome: .unchanged(reason)))
      }
      return nil
    }
    // What is no text at all is refused, whoever names it.
    let pieces: DocumentStream
    do throws(Diagnostic) {
      pieces = try DocumentStream(source)
    } catch {
      let all = DocumentStream.Piece(range: source.bytes.indices, mayBeJSON: false)
      guard let filter, filter.excuses(all, of: source, isConcerned: source.holds(transform.mayConcern)),
        let reason = filter.reason(forKeeping: all, of: source)
      else { throw error }
      result.objects.append(ObjectPlan(object: nil, offset: 0, outcome: .unchanged(reason)))
      return nil
    }
    return isPassedOver ? nil : pieces
  }
}

/// Takes the documents of one input as they are to be, in order.
package protocol DocumentSink: Sendable {
  /// A piece of the input that was not read, and stays as it is.
  mutating func keep(_ range: Range<Int>, of source: SourceText)

  /// A document as it is to be.
  /// - Throws: A `Diagnostic` where the document cannot be taken; its input is refused then.
  mutating func add(_ added: AddedDocument) throws(Diagnostic)

  /// True where the items of a list may come one by one, each as a document, with what stands around them.
  var takesItems: Bool { get }

  /// What stands before, between or after the items of a list, and stays as it is.
  mutating func keepAroundItems(_ range: Range<Int>, of source: SourceText)
}

extension DocumentSink {
  package var takesItems: Bool { false }

  package mutating func keepAroundItems(_ range: Range<Int>, of source: SourceText) { keep(range, of: source) }
}

/// A document as it is to be, and how it became so.
package struct AddedDocument: Sendable {
  /// The document, read from a text of its own where anything changed.
  package let document: Document
  /// What was planned for it.
  package let plan: DocumentPlan
  /// The input, and where the document was in it.
  package let input: SourceText
  package let place: Range<Int>
  /// The edits of the input that make it, none where it stays as it is; nil where it is not made by edits.
  package let edits: [TextEdit]?

  /// The document's text.
  package var bytes: ArraySlice<UInt8> { document.source.bytes[document.range] }
}

extension ObjectPlan {
  /// Why nothing of the object's input may be written; empty where all is well.
  package var refusals: [Diagnostic] {
    if case .refused(let diagnostic) = outcome { [diagnostic] } else { [] }
  }
}
