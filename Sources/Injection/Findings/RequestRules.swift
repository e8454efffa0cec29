package import ManifestText

/// Requests that come to nothing, and ways on which agents do not get to Vault.
extension Rule {
  package static let requests = [
    noAgent, nothingToFetch, mistakenSecret, lateRevocation, authPathPrefix, missingAuthParameter, plainHTTP,
    builtInAddress, initBeforeAgent, meshBeforeAgent, signalOutOfReach, podInText, noMode, surplusCommands,
  ]

  package static let noAgent = Rule(
    "no-agent", .warning, in: "hashicorp", "Both agents are turned off.",
    because: "One annotation takes the init container away and another the sidecar, so nothing fetches the secrets.",
    fails: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-pre-populate: "false"
      agent-pre-populate-only: "true"
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-pre-populate-only: "true"
      """)

  package static let nothingToFetch = Rule(
    "nothing-to-fetch", .note, in: "hashicorp", "A pod asks for injection and for nothing that is injected.",
    because: "The agents log in, and there is no file that the application could read.",
    fails: """
      role: web
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      """)

  package static let mistakenSecret = Rule(
    "mistaken-secret", .warning, in: "hashicorp", "A detail of a secret is written as if it were a secret.",
    because: "The agent would read its value as a path in Vault, and write a file nobody asked for.",
    fails: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-inject-secret-command-db: pkill -HUP nginx
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-inject-command-db: nginx -s reload
      """)

  package static let lateRevocation = Rule(
    "late-revocation", .warning, in: "hashicorp", "The token is to be revoked after the pod has ended.",
    because: "The kubelet kills what is left when terminationGracePeriodSeconds are over, and the token lives on.",
    fails: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-revoke-on-shutdown: "true"
      agent-revoke-grace: "60"
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-revoke-on-shutdown: "true"
      agent-revoke-grace: "10"
      """)

  // MARK: Login

  package static let authPathPrefix = Rule(
    "auth-path-prefix", .warning, in: "hashicorp", "The path of an auth method does not begin with auth/.",
    because: "Vault mounts its auth methods below auth/, and the agent puts nothing before the path.",
    fails: """
      role: web
      auth-path: kubernetes/prod
      agent-inject-secret-db: secret/data/db
      """,
    passes: """
      role: web
      auth-path: auth/kubernetes/prod
      agent-inject-secret-db: secret/data/db
      """)

  package static let missingAuthParameter = Rule(
    "missing-auth-parameter", .warning, in: "hashicorp", "An auth method lacks a parameter that it needs.",
    because: "The agent ends at once, saying which parameter is missing.",
    fails: """
      auth-type: approle
      auth-path: auth/approle
      auth-config-role-id: 5d3f
      agent-inject-secret-db: secret/data/db
      """,
    passes: """
      auth-type: approle
      auth-path: auth/approle
      agent-extra-secret: web-approle
      auth-config-role-id-file-path: /vault/custom/role-id
      auth-config-secret-id-file-path: /vault/custom/secret-id
      agent-inject-secret-db: secret/data/db
      """)

  package static let plainHTTP = Rule(
    "plain-http", .warning, "Vault is addressed with plain HTTP where that is not safe.",
    because: "Outside of the cluster anybody on the way can read every secret; a certificate authority has no effect.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/service: http://vault.example.com:8200
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/service: https://vault.example.com:8200
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      """)

  package static let builtInAddress = Rule(
    "built-in-address", .note, "Nobody says where Vault is.",
    because: "Agents then ask at the address that is built in, where Vault's Helm chart puts it if its release and its "
      + "namespace are called vault, or OpenBao's if they are called openbao; anywhere else they wait for ever. It is said "
      + "once a run.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/service: http://vault.secrets.svc:8200
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      """)

  // MARK: Order

  package static let initBeforeAgent = Rule(
    "init-before-agent", .warning, in: "hashicorp", "An init container uses the secrets and runs before the agent.",
    because: "The agent comes after the pod's own init containers unless it is told otherwise.",
    fails: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/role: web
          vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      spec:
        initContainers:
          - {name: migrate, image: registry.example.com/web:1, command: [migrate, --config, /vault/secrets/db]}
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
          vault.hashicorp.com/agent-init-first: "true"
          vault.hashicorp.com/role: web
          vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      spec:
        initContainers:
          - {name: migrate, image: registry.example.com/web:1, command: [migrate, --config, /vault/secrets/db]}
        containers:
          - {name: web, image: registry.example.com/web:1}
      """)

  package static let meshBeforeAgent = Rule(
    "mesh-before-agent", .warning, in: "hashicorp", "A service mesh redirects traffic before the agent starts.",
    because: "The mesh's proxy is not running yet, so that the agent does not get to Vault, and the pod never starts.",
    fails: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/role: web
          vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      spec:
        initContainers:
          - {name: istio-init, image: docker.io/istio/proxyv2:1.30.0}
        containers:
          - {name: web, image: registry.example.com/web:1}
          - {name: istio-proxy, image: docker.io/istio/proxyv2:1.30.0}
      """,
    passes: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/agent-init-first: "true"
          vault.hashicorp.com/role: web
          vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      spec:
        initContainers:
          - {name: istio-init, image: docker.io/istio/proxyv2:1.30.0}
        containers:
          - {name: web, image: registry.example.com/web:1}
          - {name: istio-proxy, image: docker.io/istio/proxyv2:1.30.0}
      """)

  package static let signalOutOfReach = Rule(
    "signal-out-of-reach", .warning, "A command sends a signal to a process that it cannot see.",
    because: "It runs in the agent's container, which sees its own processes alone unless the pod shares them.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-inject-command-db: pkill -HUP nginx
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-inject-command-db: pkill -HUP nginx
      vault.hashicorp.com/agent-share-process-namespace: "true"
      """)

  // MARK: Talend

  package static let noMode = Rule(
    "no-mode", .error, in: "talend", "An annotation names modes, and none that exists.",
    because:
      "Nothing fetches the secrets then: modes are secrets, proxy and job, with commas and no spaces between them.",
    fails: """
      mode: secret
      """,
    passes: """
      mode: secrets
      """)

  package static let surplusCommands = Rule(
    "surplus-commands", .error, in: "talend", "There are more commands than files.",
    because: "Command n runs after file n; those that are left over never run. A comma in a command ends it.",
    fails: """
      secrets-path: secret/data/db
      notify: nginx -s reload,nginx -t
      """,
    passes: """
      secrets-path: secret/data/db
      notify: nginx -s reload
      """)

  // MARK: Text

  package static let podInText = Rule(
    "pod-in-text", .note, "A pod that asks for injection is text in another object.",
    because: "What makes pods of that text is not known here, so the pods are left to the webhook.",
    fails: """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: agents}
      data:
        pod.yaml: |
          apiVersion: v1
          kind: Pod
          metadata:
            annotations:
              vault.hashicorp.com/agent-inject: "true"
          spec:
            containers: [{name: jnlp, image: registry.example.com/agent:1}]
      """,
    passes: """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: agents}
      data:
        pod.yaml: |
          apiVersion: v1
          kind: Pod
          spec:
            containers: [{name: jnlp, image: registry.example.com/agent:1}]
      """)
}
