package import ManifestText

/// Secrets as variables of an application.
extension Rule {
  package static let environment = [
    environmentImpossible, vaultReference, sameVariable, expandedVariable, expiringVariable, unknownToWebhook,
  ]

  package static let environmentImpossible = Rule(
    fault: "environment-impossible", in: "hashicorp", "A container cannot be started with its variables.",
    "The agent has to have written them before, and a wrapper has to know what it starts.")

  package static let vaultReference = Rule(
    "vault-reference", .warning, in: "hashicorp", "The value of a variable is nearly a reference to a secret.",
    because: "Only `vault:PATH#FIELD` is one; any other text is what the application gets.",
    fails: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/agent-inject-secret-api: secret/data/api
          vault.hashicorp.com/role: web
      spec:
        containers:
          - name: web
            image: example.org/web
            command: [web]
            env: [{name: PASSWORD, value: "vault:secret/data/db"}]
      """,
    passes: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/agent-inject-secret-api: secret/data/api
          vault.hashicorp.com/role: web
      spec:
        containers:
          - name: web
            image: example.org/web
            command: [web]
            env: [{name: PASSWORD, value: "vault:secret/data/db#password"}]
      """)

  package static let sameVariable = Rule(
    "same-variable", .warning, in: "hashicorp", "A variable of a secret has the name of another one.",
    because:
      "The application gets only one: that of its own manifest's reference before those of annotations, in the order "
      + "of the secrets' names, and any of a secret before one that is written out.",
    fails: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/role: web
          vault.hashicorp.com/agent-inject-secret-db: secret/data/db
          vault.hashicorp.com/agent-inject-env-db: PASSWORD=password
          vault.hashicorp.com/agent-inject-secret-api: secret/data/api
          vault.hashicorp.com/agent-inject-env-api: PASSWORD=key
      spec:
        containers: [{name: web, image: example.org/web, command: [web]}]
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
          vault.hashicorp.com/agent-inject-env-db: PASSWORD=password
          vault.hashicorp.com/agent-inject-secret-api: secret/data/api
          vault.hashicorp.com/agent-inject-env-api: KEY=key
      spec:
        containers: [{name: web, image: example.org/web, command: [web]}]
      """)

  package static let expandedVariable = Rule(
    "expanded-variable", .warning, in: "hashicorp",
    "A variable of a secret is wanted where Kubernetes fills variables in.",
    because:
      "Kubernetes replaces `$(NAME)` in `env`, `command` and `args` before the container starts, when no secret has been "
      + "read.",
    fails: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/role: web
      spec:
        containers:
          - name: web
            image: example.org/web
            command: [web, --password=$(PASSWORD)]
            env: [{name: PASSWORD, value: "vault:secret/data/db#password"}]
      """,
    passes: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/role: web
      spec:
        containers:
          - name: web
            image: example.org/web
            command: [sh, -c, 'exec web --password="$PASSWORD"']
            env: [{name: PASSWORD, value: "vault:secret/data/db#password"}]
      """)

  package static let expiringVariable = Rule(
    "expiring-variable", .warning, in: "hashicorp", "Variables hold credentials that expire.",
    because: "A variable stays what it was when the application started, and nothing renews or replaces it.",
    fails: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/role: web
          vault.hashicorp.com/agent-inject-secret-db: database/creds/web
          vault.hashicorp.com/agent-inject-env-db: DB_
      spec:
        containers: [{name: web, image: example.org/web, command: [web]}]
      """,
    passes: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/role: web
          vault.hashicorp.com/agent-native-sidecar: "true"
          vault.hashicorp.com/agent-inject-secret-db: database/creds/web
          vault.hashicorp.com/agent-inject-env-db: DB_
          vault.hashicorp.com/agent-inject-env-on-change: restart
      spec:
        containers: [{name: web, image: example.org/web, command: [web]}]
      """)

  package static let unknownToWebhook = Rule(
    fault: "unknown-to-webhook", as: .note, in: "hashicorp", "A pod wants what HashiCorp's webhook does not know.",
    "Where the webhook injects the pod, the application starts without its variables; lint and migrate say so.")
}
