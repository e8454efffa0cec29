package import ManifestText

/// Folders and files that are not where they are meant to be, or that nobody can read.
extension Rule {
  package static let files = [
    relativeFolder, hiddenFolder, hiddenApplication, absoluteFile, unmountedFile, configMapFile, unreadableFile,
  ]

  package static let relativeFolder = Rule(
    "relative-folder", .warning, in: "hashicorp", "The folder of the secrets is no whole path.",
    because: "Kubernetes mounts it below the root, and not below the working directory of a container.",
    fails: """
      role: web
      agent-inject-secret-db: secret/data/db
      secret-volume-path: storage/secrets
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      secret-volume-path: /storage/secrets
      """)

  package static let hiddenFolder = Rule(
    "hidden-folder", .warning, in: "hashicorp", "The secrets' volume hides what containers need.",
    because: "A volume takes the place of everything that the image has in that folder, in the agents as well.",
    fails: """
      role: web
      agent-inject-secret-db: secret/data/db
      secret-volume-path: /etc/ssl/certs
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      secret-volume-path: /etc/ssl/certs/vault
      """)

  package static let hiddenApplication = Rule(
    "hidden-application", .note, in: "hashicorp", "The secrets' volume is where many images keep the application.",
    because: "A volume takes the place of everything that the image has in that folder.",
    fails: """
      role: web
      agent-inject-secret-db: secret/data/db
      secret-volume-path: /app
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      secret-volume-path: /app/secrets
      """)

  package static let absoluteFile = Rule(
    "absolute-file", .note, in: "hashicorp", "A secret's file is given with a whole path.",
    because: "The path is taken below the folder of the secrets, slash or not.",
    fails: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-inject-file-db: /etc/web/db.toml
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      secret-volume-path-db: /etc/web
      agent-inject-file-db: db.toml
      """)

  package static let unmountedFile = Rule(
    "unmounted-file", .warning, in: "hashicorp",
    "The agents are to read a file that nothing brings into their containers.",
    because: "An agent ends where its certificate authority or a template is missing.",
    fails: """
      role: web
      agent-inject-secret-db: secret/data/db
      ca-cert: /vault/tls/ca.crt
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      service: https://vault.vault.svc:8200
      tls-secret: vault-tls
      ca-cert: /vault/tls/ca.crt
      """)

  package static let configMapFile = Rule(
    "config-map-file", .warning, in: "hashicorp", "The ConfigMap of the agents lacks a file that they read.",
    because: "In place of a generated configuration the sidecar reads config.hcl, and the init container "
      + "config-init.hcl; an agent ends where its own is missing.",
    fails: podWithConfigMap,
    passes: podWithConfigMap + "\n" + """
        config-init.hcl: |
          auto_auth {}
          exit_after_auth = true
      """)

  private static let podWithConfigMap = """
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      annotations:
        vault.hashicorp.com/agent-inject: "true"
        vault.hashicorp.com/agent-configmap: web-agent
    spec:
      containers: [{name: web, image: registry.example.com/web:1}]
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: web-agent}
    data:
      config.hcl: |
        auto_auth {}
    """

  package static let unreadableFile = Rule(
    "unreadable-file", .note, in: "hashicorp", "A container runs as a user who cannot read a file of the agents.",
    because: "Files are the agents' user's, with the mode that is asked for; the token's is 0640.",
    fails: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/role: web
          vault.hashicorp.com/agent-inject-secret-db: secret/data/db
          vault.hashicorp.com/agent-inject-perms-db: "0400"
      spec:
        securityContext: {runAsUser: 1001}
        containers:
          - {name: web, image: registry.example.com/web:1}
      """,
    passes: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/role: web
          vault.hashicorp.com/agent-inject-secret-db: secret/data/db
          vault.hashicorp.com/agent-inject-perms-db: "0400"
          vault.hashicorp.com/agent-run-as-user: "1001"
      spec:
        securityContext: {runAsUser: 1001}
        containers:
          - {name: web, image: registry.example.com/web:1}
      """)
}
