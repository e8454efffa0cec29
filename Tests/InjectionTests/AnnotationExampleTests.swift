import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

/// The example of each annotation is one: a pod with it is injected, and nothing is said against it.
@Suite struct AnnotationExampleTests {
  /// An annotation's row, and the dialect that reads it.
  struct Example: CustomTestStringConvertible, Sendable {
    let dialect: any Dialect
    let row: AnnotationSchema.Row
    let value: String

    var key: String { dialect.annotations.fullKey(row.key(of: row.exampleName)) }
    var testDescription: String { "\(key): \(value)" }

    static let all = Dialects.all.flatMap { type -> [Example] in
      let dialect: any Dialect = type.init(Configuration(), DialectOptions(isExact: false))
      return dialect.annotations.rows.compactMap { row in
        row.example.map { Example(dialect: dialect, row: row, value: $0) }
      }
    }
  }

  /// What a pod of each dialect has in any case.
  private static let usual: [String: [String: String]] = [
    "talend": ["inject": "true", "role": "checkout", "secrets-path": "secret/data/checkout/db"],
    "hashicorp": ofHashiCorp, "openbao": ofHashiCorp,
  ]
  private static let ofHashiCorp = [
    "agent-inject": "true", "role": "checkout", "agent-inject-secret-db": "secret/data/db",
  ]

  /// A template whose actions stand in brackets.
  private static let brackets = "[[ with secret \"secret/data/db\" ]][[ .Data.data.password ]][[ end ]]"

  /// What an example needs beside it.
  private static let companions: [String: [String: String]] = [
    "mode": ["secrets-path": ""], "secrets-injection-method": ["secrets-type": "static"],
    "proxy-port": ["mode": "secrets,proxy"],
    "agent-template-left-delim-NAME": ["agent-template-right-delim-db": "]]", "agent-inject-template-db": brackets],
    "agent-template-right-delim-NAME": ["agent-template-left-delim-db": "[[", "agent-inject-template-db": brackets],
    "agent-inject-env-on-change": ["agent-inject-env": "true"],
    "agent-revoke-grace": ["agent-revoke-on-shutdown": "true"],
    "agent-cache-use-auto-auth-token": ["agent-cache-enable": "true"],
    "agent-cache-listener-port": ["agent-cache-enable": "true"],
    "agent-cache-exit-on-err": ["agent-cache-enable": "true"],
    "agent-cache-enable": ["agent-service-account-token-volume-name": ""],
    "auth-config-PARAM": ["role": ""], "agent-configmap": ["role": "", "agent-inject-secret-db": ""],
    "agent-inject-template-file-NAME": ["agent-extra-secret": "checkout-templates"],
    "auth-type": ["auth-config-role-id-file-path": "/vault/custom/role-id"],
    "ca-cert": ["tls-secret": "vault-tls"], "ca-key": ["tls-secret": "vault-tls"],
    "client-cert": ["tls-secret": "vault-tls"], "client-key": ["tls-secret": "vault-tls"],
  ]

  @Test(arguments: Example.all) func exampleIsAccepted(_ example: Example) throws {
    var annotations = Self.usual[example.dialect.name, default: [:]]
    annotations.merge(Self.companions[example.row.key] ?? [:]) { $1 }
    annotations[example.row.key(of: example.row.exampleName)] = example.value
    let plan = Injector(dialects: [example.dialect], policy: FindingPolicy(isStrict: true)).plan(
      for: try Fixtures.document(JSONWriter.pretty(Self.pod(annotations, example.dialect))))
    let object = try #require(plan.objects.first)
    guard case .injected = object.outcome else {
      Issue.record("\(object.outcome)")
      return
    }
    #expect(object.findings.filter { $0.severity != .note }.map(\.message) == [])
  }

  /// Only what an injector sets itself has none.
  @Test(arguments: Dialects.all.map { $0.init(Configuration(), DialectOptions(isExact: false)).annotations })
  func everyAnnotationHasAnExample(_ schema: AnnotationSchema) {
    #expect(schema.rows.filter { $0.example == nil }.map(\.accepted) == ["set by the injector"])
  }

  /// A pod that holds what examples name: a token of its own in a projected volume, a user, labels.
  private static func pod(_ annotations: [String: String], _ dialect: any Dialect) -> Value {
    let members = annotations.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
      .map { Value.Member(key: dialect.annotations.fullKey($0.key), value: .string($0.value)) }
    return [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": ["name": "checkout", "annotations": .object(members)],
      "spec": [
        "shareProcessNamespace": true,
        "containers": [
          [
            "name": "checkout", "image": "checkout:1", "command": ["checkout"],
            "securityContext": ["runAsUser": 1001],
            "volumeMounts": [["name": "vault-token", "mountPath": "/var/run/secrets/vault"]],
          ]
        ],
        "volumes": [
          ["name": "vault-token", "projected": ["sources": [["serviceAccountToken": ["path": "token"]]]]]
        ],
      ],
    ]
  }
}
