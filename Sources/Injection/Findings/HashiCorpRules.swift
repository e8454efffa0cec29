package import ManifestText

/// What HashiCorp's webhook lets through and then hurts its users.
extension Rule {
  package static let hashiCorp = [
    annotationKey, annotationWithoutSecret, unknownContainer, sameDestination, fetchedTwice, runsAsRoot,
    fluxSubstitution, cacheToken, revocationWithoutSetting, tokenOfAws, telemetryDropped,
  ]

  package static let annotationKey = Rule(
    "annotation-key", .warning, in: "hashicorp", "The API server does not take the key of an annotation.",
    because: "A key has 63 characters at most after its slash, and few of them may be other than letters and digits.",
    fails: """
      role: web
      agent-inject-secret-: secret/data/db
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      """)

  package static let annotationWithoutSecret = Rule(
    "annotation-without-secret", .warning, in: "hashicorp", "An annotation belongs to a secret that nothing asks for.",
    because: "The name at the end of its key is that of no secret and no template, so it has no effect.",
    fails: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-inject-perms-database: "0440"
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-inject-perms-db: "0440"
      """)

  package static let unknownContainer = Rule(
    "unknown-container", .warning, in: "hashicorp", "An annotation names a container that the pod does not have.",
    because: "The container that was meant does not get the secrets.",
    fails: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-inject-containers: wbe
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-inject-containers: web
      """)

  package static let sameDestination = Rule(
    "same-destination", .warning, in: "hashicorp", "Two secrets are rendered into one file.",
    because: "Each is written over the other, over and over.",
    fails: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-inject-secret-api: secret/data/api
      agent-inject-file-api: db
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-inject-secret-api: secret/data/api
      """)

  package static let fetchedTwice = Rule(
    "fetched-twice", .warning, in: "hashicorp", "A secret that Vault makes for each who asks is fetched twice.",
    because: "The application starts with the credentials of the init container, which nobody renews.",
    fails: """
      role: web
      agent-inject-secret-db: database/creds/web
      """,
    passes: """
      role: web
      agent-inject-secret-db: database/creds/web
      agent-cache-enable: "true"
      """)

  package static let runsAsRoot = Rule(
    "runs-as-root", .warning, in: "hashicorp", "The agents run as root.",
    because: "The restricted Pod Security level refuses such pods.",
    fails: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-run-as-user: "0"
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-run-as-user: "1000"
      """)

  package static let fluxSubstitution = Rule(
    fault: "flux-substitution", as: .warning, in: "hashicorp",
    "Flux's variable substitution stops at what is injected with `--exact`.",
    "The webhook's start command holds `${VAULT_CONFIG?}`, which Flux takes for a variable of its own.")

  package static let cacheToken = Rule(
    "cache-token", .warning, in: "hashicorp", "The agent's cache looks for a token where there is none.",
    because: "It uses the service account's token in its usual place only, and the agent does not start without it.",
    fails: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/agent-inject-secret-db: secret/data/db
          vault.hashicorp.com/role: web
          vault.hashicorp.com/agent-cache-enable: "true"
          vault.hashicorp.com/agent-service-account-token-volume-name: token
      spec:
        containers: [{name: web, image: example.org/web}]
        volumes:
          - name: token
            projected: {sources: [{serviceAccountToken: {path: token}}]}
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-cache-enable: "true"
      """)

  package static let revocationWithoutSetting = Rule(
    "revocation-without-setting", .warning, in: "hashicorp",
    "The command that revokes the token does not get to know a setting.",
    because: "It is run with Vault's address and certificate authority alone, and may fail without the others.",
    fails: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-revoke-on-shutdown: "true"
      namespace: team-a
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-revoke-on-shutdown: "true"
      """)

  package static let tokenOfAws = Rule(
    "token-of-aws", .warning, in: "hashicorp", "The agent logs in with a token that is meant for AWS.",
    because:
      "Vault refuses a token of another audience; with `--exact` the first token that a container mounts is taken.",
    fails: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          vault.hashicorp.com/agent-inject: "true"
          vault.hashicorp.com/agent-inject-secret-db: secret/data/db
          vault.hashicorp.com/role: web
          vault.hashicorp.com/agent-service-account-token-volume-name: aws-iam-token
      spec:
        containers:
          - name: web
            image: example.org/web
            volumeMounts: [{name: aws-iam-token, mountPath: /var/run/secrets/eks.amazonaws.com/serviceaccount}]
        volumes:
          - name: aws-iam-token
            projected: {sources: [{serviceAccountToken: {audience: sts.amazonaws.com, path: token}}]}
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      """)

  package static let telemetryDropped = Rule(
    "telemetry-dropped", .warning, in: "hashicorp", "The agents get no telemetry at all.",
    because: "One of its annotations has a value of the wrong type, and the injector drops all of them.",
    fails: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-telemetry-prometheus_retention_time: "30"
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-telemetry-prometheus_retention_time: 30s
      """)
}
