package import Output
package import Injection
internal import KubernetesAPI
internal import ManifestText
internal import Platform
internal import Workloads

/// Changes objects in place in a cluster, page by page: each gets a JSON Patch with the changes that the transform
/// plans.
package struct LivePatchRun: ~Copyable {
  private let planner: LivePlanner
  private let settings: ApplySettings
  private var objects: LiveObjects
  private var product: ClusterProduct
  private var report: Report
  /// The objects that were not done; of the others, which may be very many, only the number is kept.
  private var entries: [ClusterAccount.Entry] = []
  private var doneCount = 0
  private var metOne = false
  /// What is waited for in the end; nil where nothing is.
  private var waiting: ReadinessWait?

  package init(
    _ objects: LiveObjects, _ transform: any DocumentTransform, _ settings: ApplySettings, product: ClusterProduct,
    report: consuming Report
  ) {
    planner = LivePlanner(transform)
    (self.objects, self.settings, self.product) = (objects, settings, product)
    self.report = report
    waiting = settings.wait.map(ReadinessWait.init)
    TerminationSignals.hold()
  }

  /// Works through the pages.
  package mutating func all() -> Ending {
    do throws(Fault) {
      while !isOver, let page = try objects.nextPage(&report) {
        metOne = metOne || !page.isEmpty
        send(page.compactMap { change(of: $0) })
      }
      if !metOne, !isOver, report.failure == nil { report.fail(.missing, .noLiveObjects) }
    } catch {
      report.fail(error)
    }
    product.finish(&report)
    waitUntilReady()
    report.end(objects.connection)
    if doneCount > 0 || objects.connection.failure == nil {
      report.add(
        ClusterAccount(
          entries: entries, othersDone: doneCount, waited: waiting?.account,
          isCutShort: TerminationSignals.isPending || objects.connection.failure != nil,
          isTrial: settings.dryRun != .none))
    }
    return report.finish()
  }

  /// Waits for what was changed, where everything was.
  private mutating func waitUntilReady() {
    guard var wait = waiting, !isOver, entries.isEmpty, report.failure == nil else { return waiting = nil }
    objects.wait(with: &wait, &report)
    waiting = wait
  }

  private var isOver: Bool { objects.connection.failure != nil || TerminationSignals.isPending }

  /// The object as the transform changes it; nil where it stays as it is.
  private mutating func change(of live: LiveObject) -> LiveChange? {
    var injected: ClusterObject?
    let change = planner.change(of: live, &report, ifInjected: &injected)
    if let injected { waiting?.add(ReadinessObject(injected, isLive: true), live.resource) }
    switch change {
    case .success(let change)?: return change
    case .failure(let unchangeable)?:
      note(unchangeable.object, .failed)
      return nil
    case nil: return nil
    }
  }

  private mutating func send(_ changes: [LiveChange]) {
    for batch in changes.batches where !isOver {
      if settings.dryRun == .client {
        for change in batch { settle(change, nil) }
        continue
      }
      let requests = batch.map { change in
        ObjectRequests(object: change.object, resource: change.resource, settings: settings).patch(change.operations)
      }
      for (change, answer) in zip(batch, objects.send(requests)) {
        switch answer {
        case .success(let response): settle(change, response)
        case .failure(let failure): note(change.object, failure.leavesDoubt ? .unknown : .failed)
        }
      }
    }
  }

  private mutating func settle(_ change: LiveChange, _ response: APIResponse?) {
    if let response, let status = APIStatus(response) {
      let refused = RefusedObject(
        object: change.object, resource: change.resource, status: status, operation: .patched,
        as: settings.impersonation)
      for diagnostic in refused.diagnostics { report.fail(.unavailable, diagnostic, in: change.object.source) }
      return note(change.object, refused.leavesDoubt ? .unknown : .failed)
    }
    var answer = response.map { AppliedObject($0, of: change.object, by: settings.fieldManager) }
    if let diagnostic = answer?.deletionDiagnostic {
      report.fail(.unavailable, diagnostic, in: change.object.source)
      return note(change.object, .failed)
    }
    note(change.object, .patched)
    waiting?.add(ReadinessObject(change.object, isLive: true), change.resource)
    product.add(change.object, .patched, settings.dryRun, answer?.value, &report)
  }

  private mutating func note(_ object: ClusterObject, _ outcome: ApplyOutcome) {
    if outcome.isDone { return doneCount += 1 }
    // Looked for at once: an entry that looked for it later would keep the whole object until then.
    let place = object.place
    entries.append(
      ClusterAccount.Entry(name: object.qualifiedName, namespace: object.namespace, place: place, outcome: outcome))
  }
}
