package import ManifestText

/// Values and amounts that the injector passes on, and that the agents or the API server refuse.
extension Rule {
  package static let values = [
    refusedValue, spacesAroundValue, credentialsInAddress, requestOverLimit, memoryTooSmall, mountPathTwice, unfitName,
    fileOutsideVolumes,
  ]

  package static let refusedValue = Rule(
    "refused-value", .error, "A value is none that its reader in the pod takes.",
    because: "The injector passes it on unread; the agent does not start with it, or the API server refuses the pod.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-inject-perms-db: rw-r-----
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-inject-perms-db: "0640"
      """)

  package static let spacesAroundValue = Rule(
    "spaces-around-value", .warning, "A value has white space before or after it.",
    because: "It counts as a part of the value: no role and no path is called so.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: " web"
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      """)

  package static let credentialsInAddress = Rule(
    "credentials-in-address", .warning, "An address holds a user name or password.",
    because: "Whoever may read the manifest or the pod reads it, and it stays in the history of a repository.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/service: https://web:p4ssw0rd@vault.example.com:8200
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/service: https://vault.example.com:8200
      """)

  package static let requestOverLimit = Rule(
    "request-over-limit", .error, "A container asks for more than it may take.",
    because: "The API server refuses the pod. What no annotation says comes from the settings.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-limits-mem: 64Mi
      vault.hashicorp.com/agent-requests-mem: 256Mi
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-limits-mem: 256Mi
      vault.hashicorp.com/agent-requests-mem: 256Mi
      """)

  package static let memoryTooSmall = Rule(
    "memory-too-small", .warning, "A container may take less memory than any program needs.",
    because: "`m` stands for thousandths, so that `128m` is less than a byte: no container starts with that.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-limits-mem: 128m
      vault.hashicorp.com/agent-requests-mem: 64m
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-limits-mem: 128Mi
      vault.hashicorp.com/agent-requests-mem: 64Mi
      """)

  package static let mountPathTwice = Rule(
    "mount-path-twice", .error, "A container would mount two volumes at one path.",
    because: "The API server refuses the pod.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/secret-volume-path: /home/vault
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/secret-volume-path: /home/vault/secrets
      """)

  package static let unfitName = Rule(
    "unfit-name", .error, "A name in the pod is none that the API server takes.",
    because: "It refuses the pod. Small letters, digits and dashes are accepted, and 63 characters.",
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
        containers:
          - {name: Web_App, image: registry.example.com/web:1}
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
      spec:
        containers:
          - {name: web-app, image: registry.example.com/web:1}
      """)

  package static let fileOutsideVolumes = Rule(
    "file-outside-volumes", .error, in: "hashicorp",
    "A secret's file is in none of the volumes that secrets are written to.",
    because: "The agents' own file system is read-only, and no other container would see the file.",
    fails: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-inject-file-db: ../app/db
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-inject-file-db: app/db
      """)
}
