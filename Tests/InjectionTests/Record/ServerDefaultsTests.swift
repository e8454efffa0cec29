import ManifestText
import Testing

@testable import Injection

/// What was injected is known again when the API server has filled in its defaults.
struct ServerDefaultsTests {
  private static func value(_ json: String) -> Value { Value(json: Array(json.utf8)) ?? .null }

  private static let sent = value(
    #"""
    {"name": "agent", "image": "hashicorp/vault:2.0.4",
     "env": [{"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}, {"name": "NONE", "value": ""}],
     "ports": [{"containerPort": 8200}],
     "resources": {"limits": {"cpu": "0.5", "memory": "1024Mi"}, "requests": {"memory": "64Mi"}},
     "args": [], "stdin": false, "workingDir": null}
    """#)

  private static let kept = value(
    #"""
    {"env": [{"valueFrom": {"fieldRef": {"fieldPath": "metadata.name", "apiVersion": "v1"}}, "name": "POD"},
             {"name": "NONE"}],
     "image": "hashicorp/vault:2.0.4", "imagePullPolicy": "IfNotPresent", "name": "agent",
     "ports": [{"protocol": "TCP", "containerPort": 8200}],
     "resources": {"limits": {"cpu": "500m", "memory": "1Gi"}, "requests": {"cpu": "500m", "memory": "64Mi"}},
     "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File", "securityContext": {},
     "volumeMounts": [
       {"name": "kube-api-access-x", "readOnly": true, "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}]}
    """#)

  private func digest(_ value: Value) -> Digest { Digest(value, at: .container) }

  @Test func defaultsMakeNoDifference() {
    #expect(digest(Self.sent) == digest(Self.kept))
  }

  private static let changes: [(String, String)] = [
    ("imagePullPolicy", #""Always""#), ("resources", #"{"limits": {"cpu": "1"}}"#),
    ("terminationMessagePolicy", #""FallbackToLogsOnError""#), ("apiVersion", #""v1""#), ("image", #""other:1""#),
    ("protocol", #""TCP""#), ("defaultMode", "420"), ("restartPolicy", #""Always""#), ("stdin", "true"),
    ("volumeMounts", #"[{"name": "kube-api-access-x", "mountPath": "/elsewhere"}]"#),
  ]

  @Test(arguments: changes)
  func everythingElseDoes(key: String, json: String) {
    var changed = Self.kept
    changed[key] = Self.value(json)
    #expect(digest(changed) != digest(Self.sent))
  }

  /// What is a default in one type of object says something in another.
  private static let places: [(PodPlace, String, String, Bool)] = [
    (.volume, #"{"name": "a"}"#, #"{"name": "a", "emptyDir": {}}"#, true),
    (.volume, #"{"name": "a", "configMap": {}}"#, #"{"name": "a", "configMap": {"defaultMode": 420}}"#, true),
    (.volume, #"{"name": "a", "emptyDir": {}}"#, #"{"name": "a", "configMap": {}}"#, false),
    (.volume, #"{"emptyDir": {"sizeLimit": "1024Ki"}}"#, #"{"emptyDir": {"sizeLimit": "1Mi", "medium": ""}}"#, true),
    (.volume, #"{"emptyDir": {"sizeLimit": "0"}}"#, #"{"emptyDir": {}}"#, false),
    (
      .volume, #"{"projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}}"#,
      #"{"projected": {"sources": [{"serviceAccountToken": {"path": "t", "expirationSeconds": 3600}}]}}"#, true
    ),
    (.volume, #"{"hostPath": {"path": "/a"}}"#, #"{"hostPath": {"path": "/a", "type": ""}}"#, true),
    (.mount, #"{"mountPath": "/a"}"#, #"{"mountPath": "/a", "readOnly": false, "subPath": ""}"#, true),
    (.mount, #"{"mountPath": "/a"}"#, #"{"mountPath": "/a", "protocol": "TCP"}"#, false),
    (.hook, #"{"httpGet": {"port": 1}}"#, #"{"httpGet": {"port": 1, "path": "/", "scheme": "HTTP"}}"#, true),
    (.hook, #"{"httpGet": {"port": 1}}"#, #"{"httpGet": {"port": "1"}}"#, false),
    (.container, #"{}"#, #"{"lifecycle": {}, "resources": {"limits": {}, "requests": {}}}"#, true),
    (.container, #"{}"#, #"{"securityContext": {"privileged": false}}"#, false),
    (.container, #"{"startupProbe": {"exec": {}}}"#, #"{"startupProbe": {"exec": {}, "periodSeconds": 10}}"#, true),
    (.container, #"{"startupProbe": {"exec": {}}}"#, #"{}"#, false),
    (.elsewhere, #"{"protocol": "TCP"}"#, #"{}"#, false),
    (.elsewhere, #"{"a": null}"#, #"{}"#, true),
  ]

  @Test(arguments: places)
  func placesCount(place: PodPlace, first: String, second: String, isSame: Bool) throws {
    let (first, second) = (try #require(Value(json: Array(first.utf8))), try #require(Value(json: Array(second.utf8))))
    #expect((Digest(first, at: place) == Digest(second, at: place)) == isSame)
  }

  @Test(arguments: [
    ("vault", "Always", true), ("vault:latest", "Always", true), ("vault:latest", "IfNotPresent", false),
    ("host:5000/vault", "Always", true), ("host:5000/vault:1", "IfNotPresent", true),
    ("vault@sha256:0", "IfNotPresent", true), ("vault:1", "Always", false),
  ])
  func pullPolicyFollowsTheImage(image: String, policy: String, isDefault: Bool) {
    let sent: Value = ["image": .string(image)]
    let kept: Value = ["image": .string(image), "imagePullPolicy": .string(policy)]
    #expect((digest(sent) == digest(kept)) == isDefault)
  }
}
