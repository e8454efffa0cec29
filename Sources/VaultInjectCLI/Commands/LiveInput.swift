internal import KubernetesAPI
internal import ManifestText
internal import Workloads

extension Diagnostic {
  fileprivate static let rewritingCluster = Diagnostic(
    rule: "usage", message: "-i rewrites files, and objects of a cluster are named",
    hint: "apply changes them in the cluster: kubectl vault-inject apply deployment/web")
}

extension InputOptions {
  /// The objects of a cluster that the command line names; nil where it names manifests.
  func liveTargets(labels: String?, _ kinds: WorkloadKinds) throws(InputError) -> LiveTargets? {
    try LiveTargets(
      words: files, namesManifests: !filename.isEmpty || kustomize != nil || recursive, labels: labels,
      isEverywhere: allNamespaces, kinds: kinds)
  }

  /// The objects of a cluster that the command line names, the way to it open; nil where it names manifests.
  func liveObjects(
    labels: String?, _ kinds: WorkloadKinds, _ cluster: @autoclosure () -> ClusterOptions, inPlace: Bool,
    _ connect: ClusterConnection.Opening, _ report: inout Report
  ) throws(InputError) -> LiveObjects? {
    guard let targets = try liveTargets(labels: labels, kinds) else { return nil }
    if inPlace { throw InputError(.usage, .rewritingCluster) }
    let way = try cluster().way(namespace: namespace)
    for finding in way.findings { report.add(finding) }
    do throws(ClusterFailure) {
      let connection = try ClusterConnection(way.configuration, connect)
      return LiveObjects(targets, over: connection)
    } catch {
      throw InputError(.unavailable, error.diagnostic(way.configuration))
    }
  }
}
