/// A resource of the API server: the parts of its URLs.
public struct APIResource: Hashable, Sendable {
  /// The API group; empty for the core group.
  public let group: String
  /// The version, such as `v1`.
  public let version: String
  /// The kind, such as `Deployment`.
  public let kind: String
  /// The name in URLs, such as `deployments`.
  public let plural: String
  /// False for cluster-scoped resources.
  public let isNamespaced: Bool

  /// Describes a kind.
  public init(group: String, version: String, kind: String, plural: String, isNamespaced: Bool) {
    self.group = group
    self.version = version
    self.kind = kind
    self.plural = plural
    self.isNamespaced = isNamespaced
  }

  /// What stands in `apiVersion`.
  public var apiVersion: String { groupVersion.apiVersion }

  /// The group with its version.
  var groupVersion: GroupVersion { GroupVersion(group: group, version: version) }

  /// The resource as permissions name it: `deployments.apps`.
  public var qualifiedPlural: String { group.isEmpty ? plural : "\(plural).\(group)" }

  /// The path of the collection; a nil namespace stands for all of them.
  public func path(namespace: String?) -> String {
    let root = groupVersion.path
    let plural = URLPath.encoded(plural)
    guard isNamespaced, let namespace else { return "\(root)/\(plural)" }
    return "\(root)/namespaces/\(URLPath.encoded(namespace))/\(plural)"
  }

  /// The path of one object.
  public func path(namespace: String?, name: String) -> String {
    "\(path(namespace: namespace))/\(URLPath.encoded(name))"
  }
}

/// A version of an API group: what stands in `apiVersion`.
public struct GroupVersion: Hashable, Sendable {
  /// The group; empty for the core group.
  public let group: String
  /// The version, such as `v1beta1`.
  public let version: String

  /// Pairs a group with one of its versions.
  public init(group: String, version: String) { (self.group, self.version) = (group, version) }

  /// Reads what stands in `apiVersion`.
  public init(apiVersion: String) {
    let parts = apiVersion.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    self.init(group: parts.count == 2 ? String(parts[0]) : "", version: parts.last.map { String($0) } ?? "")
  }

  /// What stands in `apiVersion`.
  public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

  /// The path under which all resources of this version are, and at which the server lists them.
  public var path: String {
    let version = URLPath.encoded(version)
    return group.isEmpty ? "/api/\(version)" : "/apis/\(URLPath.encoded(group))/\(version)"
  }
}

/// The kinds that every cluster has, so that they need no discovery.
public enum BuiltInResources: Sendable {
  /// The resource of a built-in kind in this version; nil where it has to be asked for.
  public static func resource(apiVersion: String, kind: String) -> APIResource? {
    rows.first { $0.kind == kind && $0.apiVersion == apiVersion }
  }

  /// The resource of a built-in kind, in the version every cluster has; nil for any other kind.
  public static func resource(group: String, kind: String) -> APIResource? {
    rows.first { $0.group == group && $0.kind == kind }
  }

  /// All of them.
  public static var all: [APIResource] { rows }

  private static let rows: [APIResource] = core + workloads + others

  private static func namespaced(
    _ group: String, _ version: String, _ kind: String, _ plural: String
  ) -> APIResource {
    APIResource(group: group, version: version, kind: kind, plural: plural, isNamespaced: true)
  }

  private static func global(
    _ group: String, _ version: String, _ kind: String, _ plural: String
  ) -> APIResource {
    APIResource(group: group, version: version, kind: kind, plural: plural, isNamespaced: false)
  }

  private static let core = [
    namespaced("", "v1", "Pod", "pods"), namespaced("", "v1", "Service", "services"),
    namespaced("", "v1", "ConfigMap", "configmaps"), namespaced("", "v1", "Secret", "secrets"),
    namespaced("", "v1", "ServiceAccount", "serviceaccounts"),
    namespaced("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims"),
    namespaced("", "v1", "ReplicationController", "replicationcontrollers"),
    namespaced("", "v1", "PodTemplate", "podtemplates"), namespaced("", "v1", "Endpoints", "endpoints"),
    namespaced("", "v1", "LimitRange", "limitranges"),
    namespaced("", "v1", "ResourceQuota", "resourcequotas"),
    global("", "v1", "Namespace", "namespaces"), global("", "v1", "Node", "nodes"),
    global("", "v1", "PersistentVolume", "persistentvolumes"),
  ]

  private static let workloads = [
    namespaced("apps", "v1", "Deployment", "deployments"),
    namespaced("apps", "v1", "StatefulSet", "statefulsets"),
    namespaced("apps", "v1", "DaemonSet", "daemonsets"),
    namespaced("apps", "v1", "ReplicaSet", "replicasets"),
    namespaced("apps", "v1", "ControllerRevision", "controllerrevisions"),
    namespaced("batch", "v1", "Job", "jobs"), namespaced("batch", "v1", "CronJob", "cronjobs"),
  ]

  private static let others = [
    namespaced("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
    namespaced("autoscaling", "v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
    namespaced("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets"),
    namespaced("networking.k8s.io", "v1", "Ingress", "ingresses"),
    namespaced("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies"),
    global("networking.k8s.io", "v1", "IngressClass", "ingressclasses"),
    namespaced("rbac.authorization.k8s.io", "v1", "Role", "roles"),
    namespaced("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"),
    global("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles"),
    global("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings"),
    global("storage.k8s.io", "v1", "StorageClass", "storageclasses"),
    global("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses"),
    global("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses"),
    namespaced("coordination.k8s.io", "v1", "Lease", "leases"),
    namespaced("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices"),
    global("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions"),
    global("apiregistration.k8s.io", "v1", "APIService", "apiservices"),
    global("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations"),
    global("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations"),
  ]
}
