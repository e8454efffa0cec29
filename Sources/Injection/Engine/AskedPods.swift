internal import ManifestText
internal import Workloads

/// The pods of a document's objects as they were asked for: where they have been injected before, with that taken out
/// again.
struct AskedPods {
  private let document: Document
  private let scope: InjectionScope
  private let former: RecordedObjects
  /// The document with all injections taken out; nil where it was not needed yet, or cannot be had.
  private var bare: Bare?
  private var triedAll = false

  /// A document that injections are taken out of, and its objects.
  private struct Bare {
    let undone: DocumentUndo.Result
    let objects: [ManifestObject]

    init(_ undone: DocumentUndo.Result) throws(Diagnostic) {
      self.undone = undone
      objects = try ManifestObject.objects(of: undone.document)
    }
  }

  /// - Throws: A `Diagnostic` where the document cannot be taken apart.
  init(in document: Document, _ scope: InjectionScope) throws(Diagnostic) {
    (self.document, self.scope) = (document, scope)
    former = try RecordedObjects(in: document, scope)
  }

  /// The pods of an object, and where what they have is in the input.
  /// - Throws: A `Diagnostic` where the object cannot be taken apart, or its injection cannot be taken out.
  mutating func templates(
    of object: ManifestObject, at index: Int
  ) throws(Diagnostic) -> (templates: [PodTemplate], places: AskedPlaces) {
    guard former.refusals.isEmpty, former.pods[index] != nil else {
      return (try scope.templates(of: object, in: document), AskedPlaces(kept: nil))
    }
    let bare = try bare(of: index)
    return (
      try scope.templates(of: bare.objects[index], in: bare.undone.document), AskedPlaces(kept: bare.undone.kept)
    )
  }

  /// All are taken out at once, or a list would be read again for each of its objects; one by one where not all can be.
  private mutating func bare(of index: Int) throws(Diagnostic) -> Bare {
    if !triedAll { bare = try? Bare(former.undone(former.indices)) }
    triedAll = true
    if let bare { return bare }
    return try Bare(former.undone([index]))
  }
}

/// Where in the input something is that was read without earlier injections.
struct AskedPlaces {
  /// What of the input's text is left; nil where all of it is.
  fileprivate let kept: [KeptText]?

  /// Where something of a pod is in the input; nil where it is not there any more.
  func place(_ range: Range<Int>) -> Range<Int>? {
    guard let kept else { return range }
    guard let start = kept.origin(of: range.lowerBound) else { return nil }
    return start..<max(start, kept.origin(of: range.upperBound) ?? start)
  }
}

extension InjectionScope {
  /// The dialects for an object that can tell what becomes of its pods, as all of ours can.
  func explainableDialects(for object: ManifestObject) -> [any ExplainableDialect] {
    scope(for: object).dialects.compactMap { $0 as? any ExplainableDialect }
  }
}
