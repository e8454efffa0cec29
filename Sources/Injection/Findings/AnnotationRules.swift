package import ManifestText

/// What is found in annotations, whatever the dialect.
extension Rule {
  package static let annotations = [
    unknownAnnotation, injectionNotAsked, otherInjector, emptyAnnotation, unclearRequest, misplacedAnnotation,
    annotationValue, settingWithoutEffect, mountPathTaken, nameClash, convertedDifferently,
  ]

  package static let unknownAnnotation = Rule(
    "unknown-annotation", .warning, "An annotation is read by no injector.",
    because: "A misspelt annotation is silently ignored: the pod starts without what it asked for.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-role: web
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/role: web
      """)

  package static let injectionNotAsked = Rule(
    "injection-not-asked", .warning, "Annotations are set, and the one that asks for injection is not.",
    because: "Injectors pass over the pod, which starts without its secrets.",
    fails: """
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/role: web
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/role: web
      """)

  package static let otherInjector = Rule(
    "other-injector", .note, "Annotations are those of an injector that is not served.",
    because: "Nothing is injected for them here.",
    fails: """
      vault.security.banzaicloud.io/vault-role: web
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/role: web
      """)

  package static let emptyAnnotation = Rule(
    "empty-annotation", .warning, "An annotation is there and empty, which means something else than its absence.",
    because: "A template whose value is missing often writes an empty text, and the injector takes it for an answer.",
    fails: """
      vault.hashicorp.com/agent-inject: ""
      vault.hashicorp.com/role: web
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/role: web
      """)

  package static let unclearRequest = Rule(
    "unclear-request", .warning, in: "talend", "The annotation that asks for injection is neither a yes nor a no.",
    because: "The injector takes every word that it does not know for a no: the pod starts without its secrets.",
    fails: """
      sidecar.vault.talend.org/inject: "ture"
      sidecar.vault.talend.org/role: web
      """,
    passes: """
      sidecar.vault.talend.org/inject: "true"
      sidecar.vault.talend.org/role: web
      """)

  package static let misplacedAnnotation = Rule(
    "misplaced-annotation", .warning, "An annotation is set where no injector reads it.",
    because: "Injectors see pods. What stands in the metadata of a Deployment does not reach the pods it makes.",
    fails: """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers: [{name: web, image: example.org/web}]
      """,
    passes: """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
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

  package static let annotationValue = Rule(
    "annotation-value", .error, "An annotation has a value that cannot work.",
    because: "The agent or the API server would refuse it once the pod is created.",
    fails: """
      sidecar.vault.talend.org/inject: "true"
      sidecar.vault.talend.org/mode: proxy
      sidecar.vault.talend.org/proxy-port: http
      """,
    passes: """
      sidecar.vault.talend.org/inject: "true"
      sidecar.vault.talend.org/mode: proxy
      sidecar.vault.talend.org/proxy-port: "8300"
      """)

  package static let settingWithoutEffect = Rule(
    "setting-without-effect", .warning, "An annotation or a setting has no effect.",
    because: "Something else that is set decides, so what was meant does not happen.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-pre-populate: "false"
      vault.hashicorp.com/agent-share-process-namespace: "true"
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-share-process-namespace: "true"
      """)

  package static let mountPathTaken = Rule(
    "mount-path-taken", .error, "A container mounts something of its own where the secrets are mounted.",
    because: "The API server refuses two mounts at one path.",
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
        containers:
          - name: web
            image: example.org/web
            volumeMounts: [{name: own, mountPath: /vault/secrets}]
        volumes: [{name: own, emptyDir: {}}]
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
        containers:
          - name: web
            image: example.org/web
            volumeMounts: [{name: own, mountPath: /srv/own}]
        volumes: [{name: own, emptyDir: {}}]
      """)

  package static let nameClash = Rule(
    "name-clash", .error, "The pod has a container or a volume of the name of one that is injected.",
    because: "The API server refuses two of one name.",
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
        containers: [{name: web, image: example.org/web}, {name: vault-agent, image: example.org/agent}]
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
        containers: [{name: web, image: example.org/web}, {name: agent, image: example.org/agent}]
      """)

  package static let convertedDifferently = Rule(
    fault: "converted-differently", as: .warning, "An annotation was converted into one that means nearly the same.",
    "The two injectors differ here, and a person should look at what that changes.")
}
