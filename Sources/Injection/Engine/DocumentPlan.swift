public import ManifestText
public import Workloads

/// What is planned for a document.
public struct DocumentPlan: Sendable {
  /// The document as it was read.
  public let document: Document
  /// The changes: of the document or, where something is taken out of it first, of what that leaves.
  public var edits: Edits
  /// The changes as edits of the text, where they have been asked for already.
  package var textEdits: [TextEdit]?
  /// The result, where planning had to make it.
  var finished: Document?
  /// True where something is taken out of the document first.
  private let takesOut: Bool
  /// What became of each object, in order.
  public var objects: [ObjectPlan] = []

  /// Nothing but additions to a document, or nothing at all.
  init(edits: Edits, objects: [ObjectPlan] = []) {
    document = edits.document
    takesOut = false
    self.edits = edits
    self.objects = objects
  }

  /// A document something is taken out of, and then perhaps something added to again.
  init(_ document: Document, finished: Document, edits: Edits, objects: [ObjectPlan]) {
    self.document = document
    takesOut = true
    self.finished = finished
    self.edits = edits
    self.objects = objects
  }

  /// True where nothing of the document changes.
  public var isEmpty: Bool { edits.isEmpty && !takesOut }

  /// The document with everything planned done, read again and compared with the plan.
  /// - Throws: A `Diagnostic` where that cannot be done; nothing of the document may be written then.
  public func result() throws(Diagnostic) -> Document {
    if let finished { return finished }
    guard let textEdits else { return try edits.spliced() }
    return try edits.spliced(by: textEdits)
  }

  /// Everything that is planned, as JSON Patch.
  public var operations: [PatchOperation] { takesOut ? objects.flatMap(operations) : edits.operations }

  /// What is planned for one of the objects, as JSON Patch with paths from the document's root.
  public func operations(of object: ObjectPlan) -> [PatchOperation] {
    guard let difference = object.difference else { return Array(edits.operations[object.operations]) }
    return PatchOperation.difference(from: difference.before, to: difference.after, at: difference.path)
  }

  /// The reasons why nothing of the document may be written; empty where all is well.
  public var refusals: [Diagnostic] {
    objects.compactMap { object in
      guard case .refused(let diagnostic) = object.outcome else { return nil }
      return diagnostic
    }
  }
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
    case uninjected(InjectionOutcome.Summary)
    /// The annotations of its pods are another injector's now; these are their keys, without the prefix.
    case converted([String])
    /// It stays as it is.
    case unchanged(InjectionOutcome.Reason)
    /// It cannot be injected, so nothing of its input is written.
    case refused(Diagnostic)
  }

  /// The object; nil where the document could not be taken apart.
  public let object: ManifestObject?
  /// Where it begins in the input; nil where there is no object.
  public let offset: Int?
  /// What becomes of it.
  public var outcome: Outcome
  /// Warnings and notes about it.
  public var findings: [Diagnostic] = []
  /// Which of the document's operations are its own.
  public var operations: Range<Int> = 0..<0
  /// What the object was and is to be, where that is not told by operations.
  var difference: Difference?

  /// An object before and after.
  struct Difference: Sendable {
    let path: Path
    let before: Value
    let after: Value
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
    case (.refused, _), (.refreshed, _), (.uninjected, _), (.converted, _): return self
    }
  }
}
