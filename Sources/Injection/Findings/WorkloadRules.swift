package import ManifestText

/// What is found in objects and pods, whatever the dialect: where the pods come from, and how they end.
extension Rule {
  package static let podSources = [
    unknownWorkload, podsOfOperator, podsOfReference, annotatedPatch, annotatedKustomization, annotatedValues,
    operatorContainer, mergedTemplates, containerWithoutName, podOfWindows, statusWithoutAgent, jobNeverCompletes,
    jobRunsNatively,
  ]

  /// Those about what is no manifest yet, as another program builds one from it.
  static let builtByOthers = [annotatedPatch, annotatedKustomization, annotatedValues]

  package static let unknownWorkload = Rule(
    "unknown-workload", .warning, "An object asks for injection and is not known to make pods.",
    because: "Where its pod template is has to be told, and some objects have none at all.",
    fails: """
      apiVersion: example.com/v1
      kind: Widget
      metadata: {name: web}
      spec:
        pods:
          metadata:
            annotations:
              vault.hashicorp.com/agent-inject: "true"
          spec:
            containers: [{name: web, image: example.org/web}]
      """,
    passes: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/agent-inject-secret-db: secret/data/db
          vault.hashicorp.com/role: web
      spec:
        containers: [{name: web, image: example.org/web}]
      """)

  package static let podsOfOperator = Rule(
    "pods-of-operator", .warning, "An object asks for injection, and an operator makes its pods without a template.",
    because: "Nothing can be injected into a manifest that holds no pod: only the webhook sees these pods.",
    fails: """
      apiVersion: monitoring.coreos.com/v1
      kind: Prometheus
      metadata: {name: metrics}
      spec:
        podMetadata:
          annotations:
            vault.hashicorp.com/agent-inject: "true"
      """,
    passes: """
      apiVersion: monitoring.coreos.com/v1
      kind: Prometheus
      metadata: {name: metrics}
      """)

  package static let podsOfReference = Rule(
    "pods-of-reference", .warning, "An object asks for injection, and takes its pods from another object.",
    because: "The pod template of the object that it refers to is what counts.",
    fails: """
      apiVersion: argoproj.io/v1alpha1
      kind: Rollout
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
      spec:
        workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}
      """,
    passes: """
      apiVersion: argoproj.io/v1alpha1
      kind: Rollout
      metadata: {name: web}
      spec:
        workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}
      """)

  package static let annotatedPatch = Rule(
    "annotated-patch", .warning, "A patch asks for injection.",
    because: "It holds no pod yet: there is one in what kustomize builds with it.",
    fails: """
      ---
      spec:
        template:
          metadata:
            annotations:
              vault.hashicorp.com/agent-inject: "true"
      """,
    passes: """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata:
            labels: {app: web}
            annotations:
              vault.hashicorp.com/agent-inject: "true"
              vault.hashicorp.com/agent-inject-secret-db: secret/data/db
              vault.hashicorp.com/role: web
          spec:
            containers: [{name: web, image: example.org/web}]
      """)

  package static let annotatedKustomization = Rule(
    "annotated-kustomization", .warning, "A Kustomization asks for injection.",
    because: "It makes no pods; its annotations are in what kustomize builds of it.",
    fails: """
      apiVersion: kustomize.config.k8s.io/v1beta1
      kind: Kustomization
      resources: [base]
      commonAnnotations:
        vault.hashicorp.com/agent-inject: "true"
      """,
    passes: """
      apiVersion: kustomize.config.k8s.io/v1beta1
      kind: Kustomization
      resources: [base]
      """)

  package static let annotatedValues = Rule(
    "annotated-values", .warning,
    "Something that is no Kubernetes object asks for injection, such as the values of a Helm chart.",
    because: "There are pods in what Helm renders with them.",
    fails: """
      ---
      podAnnotations:
        vault.hashicorp.com/agent-inject: "true"
      """,
    passes: """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata:
            labels: {app: web}
            annotations:
              vault.hashicorp.com/agent-inject: "true"
              vault.hashicorp.com/agent-inject-secret-db: secret/data/db
              vault.hashicorp.com/role: web
          spec:
            containers: [{name: web, image: example.org/web}]
      """)

  package static let operatorContainer = Rule(
    "operator-container", .warning, "An operator adds its own container to a pod that is injected.",
    because: "It gets no mount of the secrets unless the template lists it.",
    fails: """
      apiVersion: kibana.k8s.elastic.co/v1
      kind: Kibana
      metadata: {name: logs}
      spec:
        podTemplate:
          metadata:
            annotations:
              vault.hashicorp.com/agent-inject: "true"
              vault.hashicorp.com/agent-inject-secret-db: secret/data/db
              vault.hashicorp.com/role: web
          spec:
            containers: [{name: proxy, image: example.org/proxy}]
      """,
    passes: """
      apiVersion: kibana.k8s.elastic.co/v1
      kind: Kibana
      metadata: {name: logs}
      spec:
        podTemplate:
          metadata:
            annotations:
              vault.hashicorp.com/agent-inject: "true"
              vault.hashicorp.com/agent-inject-secret-db: secret/data/db
              vault.hashicorp.com/role: web
          spec:
            containers: [{name: kibana}, {name: proxy, image: example.org/proxy}]
      """)

  package static let mergedTemplates = Rule(
    "merged-templates", .warning,
    "Flink merges pod templates by the position of list elements, and one of them is injected.",
    because: "What is injected is merged with a container or volume that has nothing to do with it.",
    fails: """
      apiVersion: flink.apache.org/v1beta1
      kind: FlinkDeployment
      metadata: {name: stream}
      spec:
        podTemplate:
          metadata:
            annotations:
              vault.hashicorp.com/agent-inject: "true"
              vault.hashicorp.com/agent-inject-secret-db: secret/data/db
              vault.hashicorp.com/role: web
          spec:
            containers: [{name: flink-main-container}]
        taskManager:
          podTemplate:
            spec:
              volumes: [{name: scratch, emptyDir: {}}]
      """,
    passes: """
      apiVersion: flink.apache.org/v1beta1
      kind: FlinkDeployment
      metadata: {name: stream}
      spec:
        flinkConfiguration: {kubernetes.operator.pod-template.merge-arrays-by-name: "true"}
        podTemplate:
          metadata:
            annotations:
              vault.hashicorp.com/agent-inject: "true"
              vault.hashicorp.com/agent-inject-secret-db: secret/data/db
              vault.hashicorp.com/role: web
          spec:
            containers: [{name: flink-main-container}]
        taskManager:
          podTemplate:
            spec:
              volumes: [{name: scratch, emptyDir: {}}]
      """)

  package static let containerWithoutName = Rule(
    "container-without-name", .error, "A container of a pod that is injected has no name.",
    because: "The API server refuses it.",
    fails: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/agent-inject-secret-db: secret/data/db
          vault.hashicorp.com/role: web
      spec:
        containers: [{image: example.org/web}]
      """,
    passes: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/agent-inject-secret-db: secret/data/db
          vault.hashicorp.com/role: web
      spec:
        containers: [{name: web, image: example.org/web}]
      """)

  package static let podOfWindows = Rule(
    "windows-pod", .warning, "A pod that is injected runs on Windows.",
    because: "The images of agents are built for Linux: the agent never starts, and neither does the pod.",
    fails: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/agent-inject-secret-db: secret/data/db
          vault.hashicorp.com/role: web
      spec:
        os: {name: windows}
        containers: [{name: web, image: example.org/web}]
      """,
    passes: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/agent-inject-secret-db: secret/data/db
          vault.hashicorp.com/role: web
      spec:
        os: {name: linux}
        containers: [{name: web, image: example.org/web}]
      """)

  package static let statusWithoutAgent = Rule(
    "status-without-agent", .warning, "A status says that a pod was injected, and it has no agent.",
    because: "Injectors pass over such a pod: it starts without secrets, for ever.",
    fails: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/agent-inject-secret-db: secret/data/db
          vault.hashicorp.com/role: web
          vault.hashicorp.com/agent-inject-status: injected
      spec:
        containers: [{name: web, image: example.org/web}]
      """,
    passes: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/agent-inject-secret-db: secret/data/db
          vault.hashicorp.com/role: web
      spec:
        containers: [{name: web, image: example.org/web}]
      """)

  package static let jobNeverCompletes = Rule(
    "job-never-completes", .warning, "A pod that is to end never does, as its agent keeps running.",
    because: "A pod has completed when all its containers have; an agent in a container of its own waits for ever.",
    fails: """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: migrate}
      spec:
        template:
          metadata:
            annotations:
              vault.hashicorp.com/agent-inject: "true"
              vault.hashicorp.com/agent-inject-secret-db: secret/data/db
              vault.hashicorp.com/role: web
              vault.hashicorp.com/agent-native-sidecar: "false"
          spec:
            restartPolicy: Never
            containers: [{name: migrate, image: example.org/migrate}]
      """,
    passes: """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: migrate}
      spec:
        template:
          metadata:
            annotations:
              vault.hashicorp.com/agent-inject: "true"
              vault.hashicorp.com/agent-inject-secret-db: secret/data/db
              vault.hashicorp.com/role: web
          spec:
            restartPolicy: Never
            containers: [{name: migrate, image: example.org/migrate}]
      """)

  package static let jobRunsNatively = Rule(
    "job-runs-natively", .note, "The agent of a pod that ends is a native sidecar.",
    because: "It takes Kubernetes 1.29, and the pod would never end with any other.",
    fails: """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: migrate}
      spec:
        template:
          metadata:
            annotations:
              vault.hashicorp.com/agent-inject: "true"
              vault.hashicorp.com/agent-inject-secret-db: secret/data/db
              vault.hashicorp.com/role: web
          spec:
            restartPolicy: Never
            containers: [{name: migrate, image: example.org/migrate}]
      """,
    passes: """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: migrate}
      spec:
        template:
          metadata:
            annotations:
              vault.hashicorp.com/agent-inject: "true"
              vault.hashicorp.com/agent-inject-secret-db: secret/data/db
              vault.hashicorp.com/role: web
              vault.hashicorp.com/agent-native-sidecar: "true"
          spec:
            restartPolicy: Never
            containers: [{name: migrate, image: example.org/migrate}]
      """)
}
