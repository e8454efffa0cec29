package import Output
internal import KubernetesAPI
internal import ManifestText
internal import Platform

/// Compares all objects with those in the cluster, and shows what applying them would change.
package struct DiffRun: ~Copyable {
  private let plan: ApplyPlan
  private var connection: ClusterConnection
  private var report: Report
  private var output: any DiffOutput
  private var foundDifferences = false

  package init(
    _ plan: ApplyPlan, over connection: ClusterConnection, to output: any DiffOutput, report: consuming Report
  ) {
    (self.plan, self.connection, self.output) = (plan, connection, output)
    self.report = report
    TerminationSignals.hold()
  }

  /// Works through the objects.
  package mutating func all() -> Ending {
    for batch in plan.steps.flatMap(\.self).batches where !isOver { compare(Array(batch)) }
    comparePruned()
    report.end(connection)
    report.flush()
    do throws(Fault) {
      try output.finish()
    } catch {
      report.fail(error)
    }
    return report.finish(foundDifferences ? .differencesFound : .done)
  }

  private var isOver: Bool { connection.failure != nil || TerminationSignals.isPending }

  private mutating func compare(_ indices: [Int]) {
    let live = connection.send(indices.map { plan.requests($0).get })
    guard connection.failure == nil else { return }
    let forced = plan.settings.forcesConflicts
    var merged = connection.send(indices.map { plan.requests($0).apply(forced: forced) })
    force(indices, &merged)
    takeOver(indices, live, &merged)
    for text in connection.takeWarnings() { report.add(.fromServer(text)) }
    for (place, index) in indices.enumerated() { show(index, live: live[place], merged: merged[place]) }
  }

  /// Repeats the dry run, with force, for objects whose only conflicts are with managers whose fields applying takes
  /// over.
  private mutating func force(_ indices: [Int], _ answers: inout [ClusterConnection.Answer]) {
    let places = answers.indices.filter { place in
      guard case .success(let response) = answers[place] else { return false }
      return APIStatus(response)?.hasOnlyConflicts(ofPredecessorsOf: plan.settings.fieldManager) == true
    }
    for (place, answer) in zip(places, connection.send(places.map { plan.requests(indices[$0]).apply(forced: true) })) {
      answers[place] = answer
    }
  }

  /// Works out what becomes of objects once other managers' fields are taken over: dry runs cannot change the owners,
  /// so they keep fields that will be removed with them.
  private mutating func takeOver(
    _ indices: [Int], _ live: [ClusterConnection.Answer], _ answers: inout [ClusterConnection.Answer]
  ) {
    let manager = plan.settings.fieldManager
    var trials: [(place: Int, request: APIRequest)] = []
    for (place, index) in indices.enumerated() {
      guard case .success(let after) = answers[place], after.isSuccess, case .success(let before) = live[place] else {
        continue
      }
      var answer = AppliedObject(after, of: plan.items[index].object, by: manager)
      guard answer.mayHavePredecessors, let merged = answer.value, let old = before.json else { continue }
      trials.append((place, plan.requests(index).trial(from: old, to: ManagedFields.takenOver(merged, by: manager))))
    }
    for (trial, answer) in zip(trials, connection.send(trials.map(\.request))) {
      if case .success(let response) = answer, response.isSuccess { answers[trial.place] = answer }
    }
  }

  /// Shows what would be pruned.
  private mutating func comparePruned() {
    guard let set = plan.set, !isOver, case .success(let parent)? = connection.send([set.get]).first else { return }
    do throws(Diagnostic) {
      let before = try ApplySetParent.contents(of: set, in: parent)
      let id = parent.json?["metadata"]?["uid"]
      var search = MemberSearch(set, before, parentID: id, plan.memberships)
      // The ids of what would be applied are not known here; it is told apart by what it is called.
      let condemned = search.condemned(besides: [], &connection, &report) ?? []
      for batch in condemned.batches where !isOver { show(pruned: Array(batch)) }
    } catch {
      report.fail(.unavailable, error)
    }
  }

  private mutating func show(pruned objects: [PrunableObject]) {
    for (object, answer) in zip(objects, connection.send(objects.map(\.get))) {
      guard case .success(let response) = answer else { continue }
      if let status = APIStatus(response) {
        if status.code != 404 { report.fail(.unavailable, .notShown(object, status)) }
      } else if let live = response.json {
        show(ComparedObject(deleted: live, object))
      }
    }
  }

  private mutating func show(_ compared: ComparedObject) {
    foundDifferences = true
    report.flush()
    do throws(Fault) {
      try output.add(compared)
    } catch {
      report.fail(error)
    }
  }

  private mutating func show(_ index: Int, live: ClusterConnection.Answer, merged: ClusterConnection.Answer) {
    guard case .success(let before) = live, case .success(let after) = merged else { return }
    let object = plan.items[index].object
    if let status = APIStatus(before), status.code != 404 { return fail(index, status) }
    var answer = AppliedObject(after, of: object, by: plan.settings.fieldManager)
    var wanted: Value?
    if let status = APIStatus(after) {
      // What stands in the same input will be there by then.
      guard plan.brought(missingFor: plan.refusal(index, status, .compared)) != nil else { return fail(index, status) }
      wanted = object.body
    } else {
      if let diagnostic = answer.deletionDiagnostic { report.fail(.unavailable, diagnostic, in: object.source) }
      wanted = answer.value
    }
    guard let wanted else { return }
    let compared = ComparedObject(object, live: before.isSuccess ? before.json : nil, merged: wanted)
    guard !compared.isSame else { return }
    show(compared)
  }

  private mutating func fail(_ index: Int, _ status: APIStatus) {
    let refused = plan.refusal(index, status, .compared)
    for diagnostic in refused.diagnostics { report.fail(.unavailable, diagnostic, in: plan.items[index].object.source) }
  }
}
