public import ManifestText
public import Workloads

/// Something that changes documents: the injection, its undoing, a conversion.
public protocol DocumentTransform: Sendable {
  /// True where documents in a range may change, or there may be something to say about them; false lets them be copied
  /// without being parsed.
  func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool

  /// The same, knowing what else stands in the input that the documents are of.
  func informed(by input: SourceText) -> Self

  /// The same for another thread, sharing little of what is counted often.
  func unshared() -> Self

  /// Plans a document: what changes, and what became of each object.
  ///
  /// Where any object is refused, nothing of the document may be written.
  func plan(for document: Document) -> DocumentPlan

  /// Plans a list of JSON item by item: what becomes of each is planned where it stands, and made as a document of its own
  /// (`Document.part`).
  /// - Returns: False where the list has to be planned as a whole; what was handed over is of no use then.
  /// - Throws: What `take` throws, and a `Diagnostic` where an item cannot be edited.
  func planItems(
    of list: Document, _ take: (DocumentPlan) throws(Diagnostic) -> Void
  ) throws(Diagnostic) -> Bool

  /// What a document holds that cannot concern this: nothing of it changes, and nothing is refused.
  func overview(of document: Document) -> DocumentPlan

  /// What looks at the text that a changed input became, so that what is told is true of that; nil where what was found
  /// in the input is told.
  var judge: (any DocumentTransform)? { get }
}

extension DocumentTransform {
  /// Each document is planned by itself unless a transform says otherwise.
  public func informed(by input: SourceText) -> Self { self }

  /// Lists are planned as a whole unless a transform says otherwise.
  public func planItems(
    of list: Document, _ take: (DocumentPlan) throws(Diagnostic) -> Void
  ) throws(Diagnostic) -> Bool { false }

  /// Little is counted unless a transform says otherwise.
  public func unshared() -> Self { self }

  /// What is told is told of the input unless a transform says otherwise.
  public var judge: (any DocumentTransform)? { nil }
}

/// What is planned for a document, and what becomes of each of its objects, in order.
public indirect enum DocumentPlan: Sendable {
  /// Nothing of the document changes: nothing asks for it, or an object is refused.
  case unchanged(Document, [ObjectPlan])
  /// The document is edited, by these edits of its text; the result is there where planning had to make it.
  case edited(Edits, as: [TextEdit], result: Document?, [ObjectPlan])
  /// Something is taken out of the document, and then perhaps something added to what that leaves.
  case revised(Document, result: Document, [ObjectPlan])

  /// A document that cannot be taken apart.
  static func refused(_ document: Document, _ refusal: Diagnostic) -> DocumentPlan {
    .unchanged(document, [ObjectPlan(object: nil, offset: nil, outcome: .refused(refusal))])
  }
}

extension DocumentPlan {
  /// The document as it was read.
  public var document: Document {
    switch self {
    case .unchanged(let document, _), .revised(let document, _, _): document
    case .edited(let edits, _, _, _): edits.document
    }
  }

  /// What becomes of each object, in order.
  public var objects: [ObjectPlan] {
    switch self {
    case .unchanged(_, let objects), .edited(_, _, _, let objects), .revised(_, _, let objects): objects
    }
  }

  /// True where nothing of the document changes.
  public var isEmpty: Bool {
    if case .unchanged = self { true } else { false }
  }

  /// The edits of a document nothing is taken out of.
  package var edits: Edits {
    if case .edited(let edits, _, _, _) = self { edits } else { Edits(document: document) }
  }

  /// The document with everything planned done, read again and compared with the plan.
  /// - Throws: A `Diagnostic` where that cannot be done; nothing of the document may be written then.
  public func result() throws(Diagnostic) -> Document {
    switch self {
    case .unchanged(let document, _): document
    case .edited(_, _, let result?, _), .revised(_, let result, _): result
    case .edited(let edits, let textEdits, nil, _): try edits.spliced(by: textEdits)
    }
  }

  /// Everything that is planned, as JSON Patch.
  public var operations: [PatchOperation] { objects.flatMap(operations) }

  /// What is planned for one of the objects, as JSON Patch with paths from the document's root.
  public func operations(of object: ObjectPlan) -> [PatchOperation] {
    switch object.change {
    case nil: []
    case .operations(let range): Array(edits.operations[range])
    case .values(let path, let before, let after): PatchOperation.difference(from: before, to: after, at: path)
    }
  }

  /// The reasons why nothing of the document may be written; empty where all is well.
  public var refusals: [Diagnostic] { objects.compactMap(\.refusal) }
}

/// What is planned for one object.
public struct ObjectPlan: Sendable {
  /// What becomes of it.
  public enum Outcome: Equatable, Sendable {
    /// Its pods are changed.
    case injected(InjectionOutcome.Summary)
    /// What was injected into its pods gives way to what would be injected now.
    case refreshed(InjectionOutcome.Changes)
    /// What was injected into its pods is taken out again.
    ///
    /// Where somebody has changed it, in what it differs from what would be injected now.
    case uninjected(InjectionOutcome.Summary, unlikeNow: [InjectionOutcome.Changes.Difference] = [])
    /// The annotations of its pods are another injector's now; these are their keys, without the prefix.
    case converted([String])
    /// Its pods ask for more than they did; these are the keys of their annotations that are new or changed.
    case annotated([String])
    /// What was found by these rules is put right.
    case fixed([String])
    /// It stays as it is.
    case unchanged(InjectionOutcome.Reason)
    /// It was only looked at, and asks for injection or was injected.
    case checked
    /// It cannot be injected, so nothing of its input is written.
    case refused(Diagnostic)
  }

  /// The object; nil where the document could not be taken apart.
  public let object: ManifestObject?
  /// Where it begins in the input; nil where there is no object.
  public internal(set) var offset: Int?
  /// What becomes of it.
  public var outcome: Outcome
  /// Warnings and notes about it.
  public var findings: [Diagnostic] = []
  /// How many findings about it are of rules that are ignored.
  package var ignoredCount = 0
  /// The address that nobody chose, where pods of it are injected that ask Vault there.
  package internal(set) var assumedAddress: String?
  /// How its text changes; nil where it stays as it is.
  var change: Change?

  /// How an object changes.
  enum Change: Sendable {
    /// By these among the operations of the document's edits.
    case operations(Range<Int>)
    /// From one value to another.
    case values(at: Path, from: Value, to: Value)
  }

  init(object: ManifestObject?, offset: Int?, outcome: Outcome) {
    self.object = object
    self.offset = offset
    self.outcome = outcome
  }

  /// An object that stays as it is, unless it turns out otherwise.
  init(_ object: ManifestObject, of document: Document, outcome: Outcome = .unchanged(.notAWorkload)) {
    self.init(object: object, offset: document.range(of: object.node).lowerBound, outcome: outcome)
  }
}

extension ObjectPlan {
  /// Why the object is refused; nil where it is not.
  var refusal: Diagnostic? {
    if case .refused(let diagnostic) = outcome { diagnostic } else { nil }
  }
}

extension ObjectPlan.Outcome {
  /// What became of an object with several pods: injected where any was.
  func combined(with next: InjectionOutcome) -> ObjectPlan.Outcome {
    switch (self, next) {
    case (.injected(let before), .injected(let summary)):
      var sum = before
      sum.initContainers += summary.initContainers
      sum.containers += summary.containers
      sum.volumes += summary.volumes
      return .injected(sum)
    case (_, .injected(let summary)): return .injected(summary)
    case (.injected, .skipped): return self
    case (.unchanged(let before), .skipped(let reason)):
      return .unchanged(before == .notAWorkload || before == .notAsked ? reason : before)
    case (.refused, _), (.refreshed, _), (.uninjected, _), (.converted, _), (.annotated, _),
      (.fixed, _), (.checked, _):
      return self
    }
  }
}
