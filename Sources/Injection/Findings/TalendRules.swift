package import ManifestText

/// What Talend's webhook lets through, and what is advised in its place.
extension Rule {
  package static let talend = [unknownMode, lentOnce, nativeSidecarAdvised, shellNeeded]

  package static let unknownMode = Rule(
    "unknown-mode", .warning, in: "talend", "An annotation names a mode that does not exist.",
    because: "The injector ignores it, and modes that were meant are missing.",
    fails: """
      mode: secrets, proxy
      """,
    passes: """
      mode: secrets,proxy
      """)

  package static let lentOnce = Rule(
    "lent-once", .warning, in: "talend", "Credentials with a lease are fetched once, before the application starts.",
    because: "The init container revokes its token, and Vault revokes with it what it lent to that token.",
    fails: """
      secrets-type: static
      secrets-path: database/creds/web
      """,
    passes: """
      secrets-path: database/creds/web
      """)

  package static let nativeSidecarAdvised = Rule(
    "native-sidecar-advised", .note, in: "talend", "A second container watches a job to end its agent.",
    because: "It needs the API server; a native sidecar ends by itself, from Kubernetes 1.29 on.",
    fails: """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: migrate}
      spec:
        template:
          metadata:
            labels: {com.talend.application: web, com.talend.service: migrate}
            annotations:
              sidecar.vault.talend.org/inject: "true"
              sidecar.vault.talend.org/mode: secrets,job
              sidecar.vault.talend.org/sidecars: container
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
            labels: {com.talend.application: web, com.talend.service: migrate}
            annotations:
              sidecar.vault.talend.org/inject: "true"
              sidecar.vault.talend.org/sidecars: native
          spec:
            restartPolicy: Never
            containers: [{name: migrate, image: example.org/migrate}]
      """)

  package static let shellNeeded = Rule(
    "shell-needed", .note, "A shell script puts the secrets into the environment of containers.",
    because: "An image without /bin/sh cannot run it; a helper program can be put into the pod instead.",
    fails: """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {com.talend.application: web, com.talend.service: api}
        annotations:
          sidecar.vault.talend.org/inject: "true"
          sidecar.vault.talend.org/secrets-type: static
          sidecar.vault.talend.org/secrets-injection-method: env
      spec:
        containers: [{name: web, image: example.org/web, command: [/web]}]
      """,
    passes: """
      secrets-type: static
      """)
}
