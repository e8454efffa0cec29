/// The kinds every cluster has, so that nothing needs to be asked about them.
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
    global("admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies"),
    global(
      "admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicyBinding",
      "validatingadmissionpolicybindings"),
  ]
}
