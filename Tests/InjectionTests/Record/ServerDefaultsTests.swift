import ManifestText
import Testing

@testable import Injection

/// What was injected is known again when the API server has filled in its defaults.
struct ServerDefaultsTests {
  private static let sent: Value = [
    "name": "agent", "image": "hashicorp/vault:2.0.4",
    "env": [["name": "POD", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]]],
    "ports": [["containerPort": .number("8200")]],
  ]

  private static let kept: Value = [
    "env": [["valueFrom": ["fieldRef": ["fieldPath": "metadata.name", "apiVersion": "v1"]], "name": "POD"]],
    "image": "hashicorp/vault:2.0.4", "imagePullPolicy": "IfNotPresent", "name": "agent",
    "ports": [["protocol": "TCP", "containerPort": .number("8200")]], "resources": .object([]),
    "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
  ]

  @Test func defaultsMakeNoDifference() {
    #expect(Digest(Self.sent) == Digest(Self.kept))
  }

  private static let changes: [(String, Value)] = [
    ("imagePullPolicy", "Always"), ("resources", ["limits": ["cpu": "1"]]),
    ("terminationMessagePolicy", "FallbackToLogsOnError"), ("apiVersion", "v1"), ("image", "other:1"),
  ]

  @Test(arguments: changes)
  func everythingElseDoes(key: String, value: Value) {
    var changed = Self.kept
    changed[key] = value
    #expect(Digest(changed) != Digest(Self.sent))
  }

  @Test(arguments: [
    ("vault", "Always", true), ("vault:latest", "Always", true), ("vault:latest", "IfNotPresent", false),
    ("host:5000/vault", "Always", true), ("host:5000/vault:1", "IfNotPresent", true),
    ("vault@sha256:0", "IfNotPresent", true), ("vault:1", "Always", false),
  ])
  func pullPolicyFollowsTheImage(image: String, policy: String, isDefault: Bool) {
    let sent: Value = ["image": .string(image)]
    let kept: Value = ["image": .string(image), "imagePullPolicy": .string(policy)]
    #expect((Digest(sent) == Digest(kept)) == isDefault)
  }
}
