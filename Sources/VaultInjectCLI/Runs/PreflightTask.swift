internal import Cluster
internal import Injection
internal import KubernetesAPI
internal import ManifestText
internal import Output
internal import Workloads

/// Which pods a preflight concerns, and how it asks.
struct PreflightTask {
  let configurations: Configurations
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
    var pods = PreflightPods()
    let readers = readers
    if let targets {
      try pods.add(targets, by: readers, over: access, &report)
    } else {
      var inputs = try report.catching { (report) throws(Fault) in
        try ConfiguredInputs(.manifests(manifests), configurations, &report)
      }
      while let (source, loaded) = inputs.next(&report) { pods.add(source, by: readers.reader(loaded), &report) }
    }
    report.settleSelection()
    if report.failure != nil { throw Reported() }
    return pods
  }

  private var readers: AccessReaders { AccessReaders(configurations, selection, in: namespace, access) }
}

extension ClusterTask {
  /// The pods of what is applied.
  func pods(of plan: ApplyPlan, _ report: inout Report) -> PreflightPods {
    var pods = PreflightPods()
    let readers = readers
    for source in plan.sources {
      pods.add(source, by: readers.reader(configurations.configuration(ofRead: source)), &report)
    }
    return pods
  }

  /// The pods of objects in the cluster.
  func livePods(_ targets: LiveTargets, _ report: inout Report) throws(Reported) -> PreflightPods {
    var pods = PreflightPods()
    try pods.add(targets, by: readers, over: access, &report)
    return pods
  }

  private var readers: AccessReaders { AccessReaders(configurations, selection, in: namespace, access) }
}

/// Readers of what pods ask, each with a configuration; pods that name no namespace are in that of the command line, or of
/// the kubeconfig.
private struct AccessReaders {
  private let configurations: Configurations
  private let selection: Selection
  private let namespace: String?

  init(_ configurations: Configurations, _ selection: Selection, in namespace: String?, _ access: ClusterAccess) {
    (self.configurations, self.selection) = (configurations, selection)
    // Where there is no kubeconfig, nothing of the cluster may be needed.
    self.namespace = namespace ?? (try? access.configuration())?.configuration.namespace
  }

  /// That of what has no place of its own.
  var base: AccessReader { reader(configurations.base) }

  func reader(_ loaded: LoadedConfiguration) -> AccessReader {
    loaded.accessReader(namespace: namespace, selection: selection)
  }
}

extension PreflightPods {
  /// Takes the pods of objects in the cluster.
  fileprivate mutating func add(
    _ targets: LiveTargets, by readers: AccessReaders, over access: ClusterAccess, _ report: inout Report
  ) throws(Reported) {
    let reader = readers.base
    var live = LiveObjects(targets, over: try access.open(&report))
    do throws(Fault) {
      while let page = try live.nextPage(&report) {
        for object in page { add(object.source, by: reader, &report) }
      }
    } catch {
      report.fail(error)
      throw Reported()
    }
  }
}
