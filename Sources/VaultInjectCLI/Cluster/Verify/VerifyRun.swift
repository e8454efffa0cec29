internal import ArgumentParser
internal import KubernetesAPI
internal import ManifestText
internal import Workloads

/// Tries the pods of all objects out, and tells what the API server, its policies and other webhooks say to each.
struct VerifyRun: ~Copyable {
  private let plan: ApplyPlan
  private let kinds: WorkloadKinds
  private var connection: ClusterConnection
  private var product = ClusterProduct(nil)
  private var report: Report

  init(_ plan: ApplyPlan, kinds: WorkloadKinds, over connection: ClusterConnection, report: consuming Report) {
    (self.plan, self.kinds, self.connection) = (plan, kinds, connection)
    self.report = report
  }

  /// Works through the objects; the exit code says what came of it.
  mutating func all() -> ExitCode {
    let trials = plan.items.indices.flatMap { index in
      PodTrial.trials(of: plan.items[index].object, kinds).map { (index: index, trial: $0) }
    }
    if trials.isEmpty { report.add(.noPods) }
    for start in stride(from: 0, to: trials.count, by: ApplyRun.chunkSize) where connection.failure == nil {
      send(trials[start..<min(start + ApplyRun.chunkSize, trials.count)])
    }
    if let failure = connection.failure { report.fail(.unavailable, failure.diagnostic(connection.configuration)) }
    report.finish()
    return report.failure ?? .success
  }

  private mutating func send(_ trials: ArraySlice<(index: Int, trial: PodTrial)>) {
    let requests = trials.map { trial in
      let namespace = plan.items[trial.index].object.namespace ?? connection.configuration.namespace
      return trial.trial.request(namespace: namespace, plan.settings)
    }
    for (trial, answer) in zip(trials, connection.send(requests)) {
      if case .success(let response) = answer { settle(trial.index, trial.trial, response) }
    }
  }

  private mutating func settle(_ index: Int, _ trial: PodTrial, _ response: APIResponse) {
    let item = plan.items[index]
    for text in response.warnings { report.add(.aboutPods(of: item.object, text), in: item.object.source) }
    if let status = APIStatus(response) {
      let pods = BuiltInResources.resource(apiVersion: "v1", kind: "Pod") ?? item.resource
      let refused = RefusedObject(
        object: item.object, resource: pods, status: status, operation: .verified, fieldPrefix: trial.fieldPrefix)
      for diagnostic in refused.diagnostics { report.fail(.unavailable, diagnostic, in: item.object.source) }
      return
    }
    let foreign = response.json.map(trial.foreignContainers) ?? []
    if !foreign.isEmpty { report.add(.foreignContainers(foreign, item.object), in: item.object.source) }
    product.add("\(item.object.qualifiedName) accepted", &report)
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
