internal import ArgumentParser
internal import KubernetesAPI
internal import ManifestText

/// Compares all objects with what the cluster has, and shows what applying them would change.
struct DiffRun: ~Copyable {
  private let plan: ApplyPlan
  private var connection: ClusterConnection
  private var report: Report
  private var output: any DiffOutput
  private var foundDifferences = false

  init(_ plan: ApplyPlan, over connection: ClusterConnection, to output: any DiffOutput, report: consuming Report) {
    (self.plan, self.connection, self.output) = (plan, connection, output)
    self.report = report
    TerminationSignals.hold()
  }

  /// Works through the objects; the exit code says what came of it.
  mutating func all() -> ExitCode {
    let indices = plan.steps.flatMap(\.self)
    for start in stride(from: 0, to: indices.count, by: ApplyRun.chunkSize) where !isOver {
      compare(Array(indices[start..<min(start + ApplyRun.chunkSize, indices.count)]))
    }
    report.end(connection)
    report.flush()
    do throws(InputError) {
      try output.finish()
    } catch {
      report.fail(error)
    }
    report.finish()
    return report.failure ?? (foundDifferences ? .differencesFound : .success)
  }

  private var isOver: Bool { connection.failure != nil || TerminationSignals.isPending }

  private mutating func compare(_ indices: [Int]) {
    let live = connection.send(indices.map { plan.requests($0).get })
    guard connection.failure == nil else { return }
    let forced = plan.settings.forcesConflicts
    var merged = connection.send(indices.map { plan.requests($0).apply(forced: forced) })
    force(indices, &merged)
    for text in connection.takeWarnings() { report.add(.fromServer(text)) }
    for (place, index) in indices.enumerated() { show(index, live: live[place], merged: merged[place]) }
  }

  /// Asks again about objects that only `kubectl apply` is in the way of: applying would take over from it.
  private mutating func force(_ indices: [Int], _ answers: inout [ClusterConnection.Answer]) {
    let places = answers.indices.filter { place in
      guard case .success(let response) = answers[place] else { return false }
      return APIStatus(response)?.hasOnlyClientSideConflicts == true
    }
    for (place, answer) in zip(places, connection.send(places.map { plan.requests(indices[$0]).apply(forced: true) })) {
      answers[place] = answer
    }
  }

  private mutating func show(_ index: Int, live: ClusterConnection.Answer, merged: ClusterConnection.Answer) {
    guard case .success(let before) = live, case .success(let after) = merged else { return }
    let object = plan.items[index].object
    if let status = APIStatus(before), status.code != 404 { return fail(index, status) }
    var wanted = after.json
    if let status = APIStatus(after) {
      // What stands in the same input will be there by then.
      guard status.code == 404, plan.brings(what: object) else { return fail(index, status) }
      wanted = object.body
    }
    guard let wanted else { return }
    let compared = ComparedObject(object, live: before.isSuccess ? before.json : nil, merged: wanted)
    guard !compared.isSame else { return }
    foundDifferences = true
    report.flush()
    do throws(InputError) {
      try output.add(compared)
    } catch {
      report.fail(error)
    }
  }

  private mutating func fail(_ index: Int, _ status: APIStatus) {
    let refused = plan.refusal(index, status, .compared)
    for diagnostic in refused.diagnostics { report.fail(.unavailable, diagnostic, in: plan.items[index].object.source) }
  }
}

extension ApplyPlan {
  /// True where the input itself brings the namespace or the definition an object needs.
  func brings(what object: ClusterObject) -> Bool {
    items.contains { item in
      switch item.object.kind {
      case "Namespace": item.object.name == object.namespace
      case "CustomResourceDefinition":
        CustomResourceDefinition(item.object.body).resources.contains {
          $0.apiVersion == object.apiVersion && $0.kind == object.kind
        }
      default: false
      }
    }
  }
}
