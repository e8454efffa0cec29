internal import ManifestText
internal import Workloads

/// Brings a document that this program injected before to what a fresh injection gives.
///
/// What was injected is taken out and injected again, and objects that come out the same stay as they are. Whether
/// they do is told by what they mean, so that a file somebody reformatted is no reason to write it again.
struct Refresh {
  let injector: Injector
  let document: Document

  /// The plan: nothing where everything is as it should be.
  /// - Throws: A `Diagnostic` where the document cannot be taken apart or edited.
  func plan() throws(Diagnostic) -> DocumentPlan {
    let found = try InjectedObjects(in: document, injector)
    guard found.refusals.isEmpty else { return try refused(found) }
    let everything = try Attempt(injector, document, found, refreshing: found.indices)
    guard everything.plan.refusals.isEmpty else { return everything.refused() }
    let stale = try everything.stale()
    guard !stale.isEmpty else { return try injector.injection(into: document, settled: found.paths) }
    if stale.count == found.indices.count { return try everything.finished() }
    return try Attempt(injector, document, found, refreshing: stale).finished()
  }

  /// Where an object's injection was changed by hand, none of the document changes.
  private func refused(_ found: InjectedObjects) throws(Diagnostic) -> DocumentPlan {
    var plan = try injector.injection(into: document, settled: found.paths)
    for (index, refusal) in found.refusals { plan.objects[index].outcome = .refused(refusal) }
    return plan
  }
}
