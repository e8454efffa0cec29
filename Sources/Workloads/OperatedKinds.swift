/// Kinds whose operators make pods of them without a template: what is written for the pods is spread over the object.
///
/// Annotations reach such pods, containers and volumes do not, or not in a form that the object shows.
public enum OperatedKinds: Sendable {
  /// True for a kind whose operator makes its pods.
  public static func include(_ object: ManifestObject) -> Bool {
    table.contains { $0.group == object.group && $0.kinds.contains(object.kind) }
  }

  private static let table: [(group: String, kinds: [String])] = [
    ("sparkoperator.k8s.io", ["SparkApplication", "ScheduledSparkApplication"]),
    ("monitoring.coreos.com", ["Prometheus", "PrometheusAgent", "Alertmanager", "ThanosRuler"]),
    (
      "argoproj.io",
      ["Workflow", "CronWorkflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "Sensor", "EventSource", "ArgoCD"]
    ),
    ("tekton.dev", ["Task", "ClusterTask", "TaskRun", "Pipeline", "PipelineRun"]),
    ("kafka.strimzi.io", ["Kafka", "KafkaNodePool", "KafkaConnect", "KafkaBridge", "KafkaMirrorMaker2"]),
    ("actions.summerwind.dev", ["Runner", "RunnerReplicaSet", "RunnerDeployment"]),
    ("opentelemetry.io", ["OpenTelemetryCollector"]),
    ("postgresql.cnpg.io", ["Cluster", "Pooler"]),
    ("postgres-operator.crunchydata.com", ["PostgresCluster"]),
    ("acid.zalan.do", ["postgresql"]),
    ("serving.kserve.io", ["InferenceService"]),
    ("machinelearning.seldon.io", ["SeldonDeployment"]),
    ("jenkins.io", ["Jenkins"]),
  ]
}
