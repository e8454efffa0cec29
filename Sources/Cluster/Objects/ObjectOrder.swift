package import Injection
package import ManifestText
package import Output
internal import Workloads

/// The order in which objects are applied to a cluster, so that each finds what it depends on.
package enum ObjectOrder {
  /// The kinds of each step, by group and kind; kinds that are not listed come last.
  private static let steps: [[String]] = [
    ["/Namespace"],
    ["apiextensions.k8s.io/CustomResourceDefinition"],
    [
      "scheduling.k8s.io/PriorityClass", "storage.k8s.io/StorageClass", "node.k8s.io/RuntimeClass",
      "networking.k8s.io/IngressClass", "/PersistentVolume", "/ResourceQuota", "/LimitRange",
      "networking.k8s.io/NetworkPolicy",
    ],
    ["/ServiceAccount"],
    ["rbac.authorization.k8s.io/ClusterRole", "rbac.authorization.k8s.io/Role"],
    ["rbac.authorization.k8s.io/ClusterRoleBinding", "rbac.authorization.k8s.io/RoleBinding"],
    ["/ConfigMap", "/Secret", "/PersistentVolumeClaim"],
    ["/Service", "/Endpoints", "discovery.k8s.io/EndpointSlice"],
    [
      "/Pod", "/ReplicationController", "apps/Deployment", "apps/StatefulSet", "apps/DaemonSet", "apps/ReplicaSet",
      "batch/Job", "batch/CronJob",
    ],
  ]

  private static let places: [String: Int] = Dictionary(
    steps.enumerated().flatMap { place, kinds in kinds.map { ($0, place) } }, uniquingKeysWith: { first, _ in first })

  /// The indices of the objects, step by step; inside a step in the order they were given.
  package static func steps(of objects: [ClusterObject]) -> [[Int]] {
    var result = [[Int]](repeating: [], count: steps.count + 1)
    for (index, object) in objects.enumerated() {
      result[place(ofGroup: object.group, kind: object.kind)].append(index)
    }
    return result.filter { !$0.isEmpty }
  }

  /// The step in which objects of a kind are applied.
  static func place(ofGroup group: String, kind: String) -> Int { places["\(group)/\(kind)"] ?? steps.count }
}

extension ClusterObject {
  /// The API group; empty for the core group.
  var group: String { manifest.group }
}

/// Injects inputs, and gathers their objects.
package struct ObjectGathering {
  private let pipeline: DocumentPipeline

  package init(_ transform: any DocumentTransform) {
    pipeline = DocumentPipeline(transform: transform, scope: .everyInput)
  }

  /// The objects of one input, injected; none where anything of it is refused.
  package func objects(of source: SourceText) -> [ClusterObject] {
    var collector = ObjectCollector()
    let result = pipeline.run(source, into: &collector) { _ in }
    return result.isRefused ? [] : collector.objects
  }

  /// The objects of one input that was read; what became of each is reported.
  func objects(of source: SourceText, _ report: inout Report) -> [ClusterObject] {
    let (objects, entry) = gathered(of: source)
    report.add(entry)
    return objects
  }

  /// The objects of one input that was read, and what there is to report of them.
  package func gathered(of source: SourceText) -> (objects: [ClusterObject], entry: ReportEntry) {
    var collector = ObjectCollector()
    let result = pipeline.run(source, into: &collector) { _ in }
    return (collector.objects, ReportEntry(result, of: source))
  }
}
