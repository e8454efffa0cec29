public import ManifestText

/// A kind of object that makes pods, and where its pod templates are.
public struct WorkloadKind: Equatable, Sendable {
  /// How the pods of a kind end.
  public enum Lifetime: Equatable, Sendable {
    /// They run until they are stopped.
    case service
    /// They run to completion, one container each at least, as a Job's do.
    case job
    /// They run to completion under a controller that has its own idea of when they are done.
    case task
  }

  /// The API group; empty for the core group.
  public let group: String
  /// The kind.
  public let kind: String
  /// The path to each pod template; a template has `metadata` and `spec`.
  public let templates: [PodPath]
  /// How its pods end.
  public let lifetime: Lifetime

  /// Describes a kind.
  public init(_ group: String, _ kind: String, _ templates: [PodPath], lifetime: Lifetime = .service) {
    self.group = group
    self.kind = kind
    self.templates = templates
    self.lifetime = lifetime
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
  public static let known: [WorkloadKind] = coreKinds + addOnKinds

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
    WorkloadKind("batch", "Job", template, lifetime: .job),
    WorkloadKind(
      "batch", "CronJob", [PodPath(steps: ["spec", "jobTemplate", "spec", "template"])], lifetime: .job),
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
      "jobset.x-k8s.io", "JobSet",
      [PodPath(steps: ["spec", "replicatedJobs", "*", "template", "spec", "template"])], lifetime: .task),
    training("TFJob", "tfReplicaSpecs"),
    training("PyTorchJob", "pytorchReplicaSpecs"),
    training("MPIJob", "mpiReplicaSpecs"),
    training("XGBoostJob", "xgbReplicaSpecs"),
    training("PaddleJob", "paddleReplicaSpecs"),
    training("MXJob", "mxReplicaSpecs"),
    training("JAXJob", "jaxReplicaSpecs"),
  ]

  private static func training(_ kind: String, _ replicas: String) -> WorkloadKind {
    WorkloadKind("kubeflow.org", kind, [PodPath(steps: ["spec", replicas, "*", "template"])], lifetime: .task)
  }
}
