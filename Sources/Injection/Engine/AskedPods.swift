internal import ManifestText
internal import Workloads

/// The pods of an object as they were asked for: where they have been injected before, with that taken out again.
struct AskedPods {
  /// In the document that this program's own injections are taken out of.
  let templates: [PodTemplate]
  /// What of the input's text that document is; nil where it is the input's.
  private let kept: [KeptText]?

  /// - Throws: A `Diagnostic` where the object cannot be taken apart, or its injection cannot be taken out.
  init(of object: ManifestObject, at index: Int, in document: Document, _ scope: InjectionScope) throws(Diagnostic) {
    try self.init(of: object, at: index, in: document, scope, former: try RecordedObjects(in: document, scope))
  }

  /// The same where it is known what in the document was injected before.
  ///
  /// - Throws: A `Diagnostic` where the object cannot be taken apart, or its injection cannot be taken out.
  init(
    of object: ManifestObject, at index: Int, in document: Document, _ scope: InjectionScope, former: RecordedObjects
  ) throws(Diagnostic) {
    guard former.refusals.isEmpty, former.pods[index] != nil else {
      templates = try scope.templates(of: object, in: document)
      kept = nil
      return
    }
    let undone = try former.undone([index])
    let objects = try ManifestObject.objects(of: undone.document)
    templates = try scope.templates(of: objects[index], in: undone.document)
    kept = undone.kept
  }

  /// Where something of a pod is in the input; nil where it is not there any more.
  func place(_ range: Range<Int>) -> Range<Int>? {
    guard let kept else { return range }
    guard let start = kept.origin(of: range.lowerBound) else { return nil }
    return start..<max(start, kept.origin(of: range.upperBound) ?? start)
  }
}
