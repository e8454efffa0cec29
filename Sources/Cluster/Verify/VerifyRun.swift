package import Output
internal import KubernetesAPI
internal import ManifestText
package import Workloads

/// Tries the pods of all objects out, and tells what the API server, its policies and other webhooks say to each.
package struct VerifyRun: ~Copyable {
  private let plan: ApplyPlan
  private let kinds: WorkloadKinds
  private var connection: ClusterConnection
  private var product = ClusterProduct(nil)
  private var report: Report

  package init(_ plan: ApplyPlan, kinds: WorkloadKinds, over connection: ClusterConnection, report: consuming Report) {
    (self.plan, self.kinds, self.connection) = (plan, kinds, connection)
    self.report = report
  }

  /// Works through the objects.
  package mutating func all() -> Ending {
    let trials = plan.items.indices.flatMap { index in
      PodTrial.trials(of: plan.items[index].object, kinds).map { (index: index, trial: $0) }
    }
    if trials.isEmpty { report.add(.noPods) }
    for start in stride(from: 0, to: trials.count, by: ApplyRun.chunkSize) where connection.failure == nil {
      send(trials[start..<min(start + ApplyRun.chunkSize, trials.count)])
    }
    if let failure = connection.failure { report.fail(.unavailable, failure.diagnostic(connection.configuration)) }
    return report.finish()
  }

  private mutating func send(_ trials: ArraySlice<(index: Int, trial: PodTrial)>) {
    let requests = trials.map { trial in
      let namespace = plan.items[trial.index].object.namespace ?? connection.configuration.namespace
      return trial.trial.request(namespace: namespace, plan.settings)
    }
    var again: [(index: Int, trial: PodTrial)] = []
    for (trial, answer) in zip(trials, connection.send(requests)) {
      guard case .success(let response) = answer else { continue }
      if let rest = settle(trial.index, trial.trial, response) { again.append((trial.index, rest)) }
    }
    if !again.isEmpty { send(again[...]) }
  }

  /// Says what became of a pod; one that names what only the same input brings is tried once more without that.
  private mutating func settle(_ index: Int, _ trial: PodTrial, _ response: APIResponse) -> PodTrial? {
    let item = plan.items[index]
    guard let status = APIStatus(response) else {
      accept(item.object, trial, response)
      return nil
    }
    let pods = BuiltInResources.resource(apiVersion: "v1", kind: "Pod") ?? item.resource
    let refused = RefusedObject(
      object: item.object, resource: pods, status: status, operation: .verified, fieldPrefix: trial.fieldPrefix)
    if let missing = plan.brought(missingFor: refused) {
      if let rest = refused.missingReference.flatMap({ trial.without($0.fields) }) { return rest }
      report.add(.comesWithInput(missing, item.object), in: item.object.source)
      return nil
    }
    warn(item.object, response)
    for diagnostic in refused.diagnostics { report.fail(.unavailable, diagnostic, in: item.object.source) }
    return nil
  }

  private mutating func warn(_ object: ClusterObject, _ response: APIResponse) {
    for text in response.warnings { report.add(.aboutPods(of: object, text), in: object.source) }
  }

  private mutating func accept(_ object: ClusterObject, _ trial: PodTrial, _ response: APIResponse) {
    warn(object, response)
    let foreign = response.json.map(trial.foreignContainers) ?? []
    if !foreign.isEmpty { report.add(.foreignContainers(foreign, object), in: object.source) }
    product.add("\(object.qualifiedName) accepted", &report)
  }
}

extension Diagnostic {
  fileprivate static let noPods = Diagnostic(.note, rule: "no-pods", message: "nothing in the input makes pods")

  fileprivate static func aboutPods(of object: ClusterObject, _ text: String) -> Diagnostic {
    Diagnostic(
      .warning, rule: "server-warning", message: "the pods of \(object.displayName): \(text)", range: object.range)
  }

  fileprivate static func foreignContainers(_ names: [String], _ object: ClusterObject) -> Diagnostic {
    Diagnostic(
      .note, rule: "foreign-containers",
      message: "the cluster adds to the pods of \(object.displayName): \(names.joined(separator: ", "))",
      hint: "other webhooks do; they run before the agent where they come first among the init containers",
      range: object.range)
  }
}
