package import Output
package import Injection
internal import KubernetesAPI
internal import ManifestText
internal import Platform

/// Shows what changing objects in place in a cluster would make of them, page by page.
package struct LiveDiffRun: ~Copyable {
  private let planner: LivePlanner
  private let settings: ApplySettings
  private var objects: LiveObjects
  private var report: Report
  private var output: any DiffOutput
  private var foundDifferences = false
  private var metOne = false

  package init(
    _ objects: LiveObjects, _ transform: any DocumentTransform, _ settings: ApplySettings, to output: any DiffOutput,
    report: consuming Report
  ) {
    planner = LivePlanner(transform)
    (self.objects, self.settings, self.output) = (objects, settings, output)
    self.report = report
    TerminationSignals.hold()
  }

  /// Works through the pages.
  package mutating func all() -> Ending {
    do throws(Fault) {
      while !isOver, let page = try objects.nextPage(&report) {
        metOne = metOne || !page.isEmpty
        try compare(page)
      }
      if !metOne, !isOver, report.failure == nil { report.fail(.missing, .noLiveObjects) }
      report.flush()
      try output.finish()
    } catch {
      report.fail(error)
    }
    report.end(objects.connection)
    return report.finish(foundDifferences ? .differencesFound : .done)
  }

  private var isOver: Bool { objects.connection.failure != nil || TerminationSignals.isPending }

  private mutating func compare(_ page: [LiveObject]) throws(Fault) {
    var changes: [LiveChange] = []
    for live in page {
      if case .success(let change)? = planner.change(of: live, &report) { changes.append(change) }
    }
    let requests = changes.map { change in
      ObjectRequests(object: change.object, resource: change.resource, settings: settings).patch(change.operations)
    }
    for (change, answer) in zip(changes, objects.send(requests)) {
      guard case .success(let response) = answer else { continue }
      try show(change, response)
    }
  }

  private mutating func show(_ change: LiveChange, _ response: APIResponse) throws(Fault) {
    if let status = APIStatus(response) {
      let refused = RefusedObject(
        object: change.object, resource: change.resource, status: status, operation: .compared,
        as: settings.impersonation)
      for diagnostic in refused.diagnostics { report.fail(.unavailable, diagnostic, in: change.object.source) }
      return
    }
    guard let value = response.json else { return }
    // In the same form as the object was read in.
    let merged = LiveObject(value, change.resource, namesNamespace: false).value
    let compared = ComparedObject(change.object, live: change.object.body, merged: merged)
    guard !compared.isSame else { return }
    foundDifferences = true
    report.flush()
    try output.add(compared)
  }
}
