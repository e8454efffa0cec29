public import ManifestText

/// A kind of object that makes pods, and where its pod templates are.
public struct WorkloadKind: Equatable, Sendable {
  /// How an operator finds the container of a pod template that is its own to fill in.
  public enum OperatorContainer: Equatable, Sendable {
    /// By this name; where the template lists no such container, the operator adds it.
    case named(String)
    /// It is the first one.
    case first
  }

  /// The API group; empty for the core group.
  public let group: String
  /// The kind.
  public let kind: String
  /// The path to each pod template; a template has `metadata` and `spec`.
  public let templates: [PodPath]
  /// True where its pods run to completion whatever their templates say.
  public let endsItsPods: Bool
  /// The container that an operator fills in; nil where none does.
  public let operatorContainer: OperatorContainer?

  /// Describes a kind.
  public init(
    _ group: String, _ kind: String, _ templates: [PodPath], endsItsPods: Bool = false,
    operatorContainer: OperatorContainer? = nil
  ) {
    self.group = group
    self.kind = kind
    self.templates = templates
    self.endsItsPods = endsItsPods
    self.operatorContainer = operatorContainer
  }
}

/// The path from an object to its pod templates: keys, and `*` for every element of a list or map.
public struct PodPath: Equatable, Sendable {
  /// The steps; `*` means each element.
  public let steps: [String]

  /// Reads a path such as `spec.tasks[*].template`; nil where a step is empty.
  ///
  /// `.` alone is the object itself, for kinds that are pods. `[*]` and `.*` mean the same.
  public init?(_ text: String) {
    guard text != "." else {
      steps = []
      return
    }
    var dotted = ""
    for character in text {
      switch character {
      case "[": dotted += "."
      case "]": break
      default: dotted.append(character)
      }
    }
    steps = dotted.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard !steps.contains("") else { return nil }
  }

  init(steps: [String]) { self.steps = steps }

  /// The pod templates of an object, and where each stands in it.
  public func templates(in object: Value) -> [(path: Path, value: Value)] {
    steps.reduce([(Path(), object)]) { found, step in
      found.flatMap { path, value -> [(Path, Value)] in
        guard step == "*" else { return value[step].map { [(path.appending(step), $0)] } ?? [] }
        let elements = value.array?.enumerated().map { (path.appending($0.offset), $0.element) }
        return elements ?? value.members?.map { (path.appending($0.key), $0.value) } ?? []
      }
    }
  }
}

/// The kinds whose pod templates are known, those a user added first.
public struct WorkloadKinds: Sendable {
  private let added: [WorkloadKind]

  /// The built-in kinds, and others that take precedence over them.
  public init(adding kinds: [WorkloadKind] = []) { added = kinds }

  /// Every kind, those a user added first.
  public var all: [WorkloadKind] { added + WorkloadKinds.known }

  /// The kind of an object; nil where it is not known to make pods.
  public func kind(of object: ManifestObject) -> WorkloadKind? {
    let group = object.group
    return added.first { $0.group == group && $0.kind == object.kind }
      ?? WorkloadKinds.builtIn[object.kind]?.first { $0.group == group }
  }

  /// Every kind known without being told, in the order they are documented.
  public static let known: [WorkloadKind] = coreKinds + addOnKinds + operatorKinds

  private static let builtIn = Dictionary(grouping: known, by: \.kind)

  private static let template = [PodPath(steps: ["spec", "template"])]

  private static let coreKinds: [WorkloadKind] = [
    WorkloadKind("", "Pod", [PodPath(steps: [])]),
    WorkloadKind("", "PodTemplate", [PodPath(steps: ["template"])]),
    WorkloadKind("", "ReplicationController", template),
    WorkloadKind("apps", "ReplicaSet", template),
    WorkloadKind("apps", "Deployment", template),
    WorkloadKind("apps", "StatefulSet", template),
    WorkloadKind("apps", "DaemonSet", template),
    WorkloadKind("extensions", "ReplicaSet", template),
    WorkloadKind("extensions", "Deployment", template),
    WorkloadKind("extensions", "DaemonSet", template),
    WorkloadKind("batch", "Job", template, endsItsPods: true),
    WorkloadKind(
      "batch", "CronJob", [PodPath(steps: ["spec", "jobTemplate", "spec", "template"])], endsItsPods: true),
  ]

  private static let addOnKinds: [WorkloadKind] = [
    WorkloadKind("argoproj.io", "Rollout", template),
    WorkloadKind("serving.knative.dev", "Service", template),
    WorkloadKind("serving.knative.dev", "Configuration", template),
    WorkloadKind("serving.knative.dev", "Revision", [PodPath(steps: [])]),
    WorkloadKind("apps.openshift.io", "DeploymentConfig", template),
    WorkloadKind("", "DeploymentConfig", template),
    WorkloadKind("apps.kruise.io", "CloneSet", template),
    WorkloadKind("apps.kruise.io", "StatefulSet", template),
    WorkloadKind("apps.kruise.io", "DaemonSet", template),
    WorkloadKind(
      "keda.sh", "ScaledJob", [PodPath(steps: ["spec", "jobTargetRef", "template"])], endsItsPods: true),
    WorkloadKind(
      "jobset.x-k8s.io", "JobSet",
      [PodPath(steps: ["spec", "replicatedJobs", "*", "template", "spec", "template"])], endsItsPods: true),
    training("TFJob", "tfReplicaSpecs"),
    training("PyTorchJob", "pytorchReplicaSpecs"),
    training("MPIJob", "mpiReplicaSpecs"),
    training("XGBoostJob", "xgbReplicaSpecs"),
    training("PaddleJob", "paddleReplicaSpecs"),
    training("MXJob", "mxReplicaSpecs"),
    training("JAXJob", "jaxReplicaSpecs"),
  ]

  private static func training(_ kind: String, _ replicas: String) -> WorkloadKind {
    WorkloadKind("kubeflow.org", kind, [PodPath(steps: ["spec", replicas, "*", "template"])], endsItsPods: true)
  }

  /// Kinds whose operators complete the pods: each with a container of its own, which the template may list or not.
  private static let operatorKinds: [WorkloadKind] = [
    elastic("elasticsearch", "Elasticsearch", [["nodeSets", "*"]], container: .named("elasticsearch")),
    elastic("kibana", "Kibana", container: .named("kibana")),
    elastic("apm", "ApmServer", container: .named("apm-server")),
    elastic("enterprisesearch", "EnterpriseSearch", container: .named("enterprise-search")),
    elastic("logstash", "Logstash", container: .named("logstash")),
    elastic("maps", "ElasticMapsServer", container: .named("maps")),
    // A Beat's container is called what the Beat is.
    elastic("beat", "Beat", [["deployment"], ["daemonSet"]], container: nil),
    elastic("agent", "Agent", [["deployment"], ["daemonSet"], ["statefulSet"]], container: .named("agent")),
    WorkloadKind(
      "flink.apache.org", "FlinkDeployment",
      [
        PodPath(steps: ["spec", "podTemplate"]), PodPath(steps: ["spec", "jobManager", "podTemplate"]),
        PodPath(steps: ["spec", "taskManager", "podTemplate"]),
      ], operatorContainer: .named("flink-main-container")),
    ray("RayCluster", ["spec"]),
    ray("RayJob", ["spec", "rayClusterSpec"], others: [PodPath(steps: ["spec", "submitterPodTemplate"])]),
    ray("RayService", ["spec", "rayClusterConfig"]),
    WorkloadKind(
      "pkg.crossplane.io", "DeploymentRuntimeConfig",
      [PodPath(steps: ["spec", "deploymentTemplate", "spec", "template"])],
      operatorContainer: .named("package-runtime")),
    WorkloadKind("actions.github.com", "AutoscalingRunnerSet", template, operatorContainer: .named("runner")),
    WorkloadKind("actions.summerwind.dev", "RunnerSet", template, operatorContainer: .named("runner")),
  ]

  private static func elastic(
    _ group: String, _ kind: String, _ owners: [[String]] = [[]], container: WorkloadKind.OperatorContainer?
  ) -> WorkloadKind {
    WorkloadKind(
      "\(group).k8s.elastic.co", kind, owners.map { PodPath(steps: ["spec"] + $0 + ["podTemplate"]) },
      operatorContainer: container)
  }

  private static func ray(_ kind: String, _ cluster: [String], others: [PodPath] = []) -> WorkloadKind {
    WorkloadKind(
      "ray.io", kind,
      [
        PodPath(steps: cluster + ["headGroupSpec", "template"]),
        PodPath(steps: cluster + ["workerGroupSpecs", "*", "template"]),
      ] + others, operatorContainer: .first)
  }
}
