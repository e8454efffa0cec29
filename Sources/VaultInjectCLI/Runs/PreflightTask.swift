internal import Cluster
internal import Injection
internal import KubernetesAPI
internal import ManifestText
internal import Output
internal import Workloads

/// Which pods a preflight concerns, and how it asks.
struct PreflightTask {
  let loaded: LoadedConfiguration
  let selection: Selection
  /// The manifests that are named.
  let manifests: InputResolver
  /// The objects that are named in the cluster; nil where manifests are named.
  let targets: LiveTargets?
  /// The namespace that is chosen on the command line; nil where none is.
  let namespace: String?
  let access: ClusterAccess
  let settings: PreflightSettings

  /// The pods of what is named.
  func pods(_ report: inout Report) throws(Reported) -> PreflightPods {
    var pods = PreflightPods(loaded, selection, in: namespace, access)
    if let targets {
      try pods.add(targets, over: access, &report)
    } else {
      for input in try inputs(&report) {
        guard let source = try? report.catching({ () throws(Fault) in try input.load() }) else { continue }
        pods.add(source, &report)
      }
    }
    if report.failure != nil { throw Reported() }
    return pods
  }

  private func inputs(_ report: inout Report) throws(Reported) -> [Input] {
    do throws(Fault) {
      return try manifests.resolve(checking: &report)
    } catch {
      report.fail(error)
      throw Reported()
    }
  }
}

extension ClusterTask {
  /// The pods of what is applied.
  func pods(of plan: ApplyPlan, _ report: inout Report) -> PreflightPods {
    var pods = PreflightPods(loaded, selection, in: namespace, access)
    for source in plan.sources { pods.add(source, &report) }
    return pods
  }

  /// The pods of objects in the cluster.
  func livePods(_ targets: LiveTargets, _ report: inout Report) throws(Reported) -> PreflightPods {
    var pods = PreflightPods(loaded, selection, in: namespace, access)
    try pods.add(targets, over: access, &report)
    return pods
  }
}

extension PreflightPods {
  /// No pods yet; those to come are in this namespace where they name none, or in that of the kubeconfig.
  fileprivate init(
    _ loaded: LoadedConfiguration, _ selection: Selection, in namespace: String?, _ access: ClusterAccess
  ) {
    // Where there is no kubeconfig, nothing of the cluster may be needed.
    let namespace = namespace ?? (try? access.configuration())?.configuration.namespace
    self.init(loaded.accessReader(namespace: namespace, selection: selection))
  }

  /// Takes the pods of objects in the cluster.
  fileprivate mutating func add(
    _ targets: LiveTargets, over access: ClusterAccess, _ report: inout Report
  ) throws(Reported) {
    var live = LiveObjects(targets, over: try access.open(&report))
    do throws(Fault) {
      while let page = try live.nextPage(&report) {
        for object in page { add(object.source, &report) }
      }
    } catch {
      report.fail(error)
      throw Reported()
    }
  }
}
