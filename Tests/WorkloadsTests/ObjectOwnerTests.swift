import ManifestText
import TestSupport
import Testing
import Workloads

/// What is said to have made an object.
@Suite struct ObjectOwnerTests {
  private func owner(_ references: String, labels: String = "{}") throws -> String? {
    let text = "kind: Pod\nmetadata: {name: p, labels: \(labels), ownerReferences: \(references)}\n"
    let document = try Fixtures.document(Array(text.utf8))
    let object = try #require(try ManifestObject.objects(of: document).first)
    return try ObjectOwner(of: object.node, in: document)?.displayName
  }

  private static func reference(_ kind: String, _ name: String, controls: Bool = true) -> String {
    "{kind: \(kind), name: \(name), controller: \(controls)}"
  }

  @Test(arguments: [
    ("ReplicaSet", "web-5d9", "{pod-template-hash: 5d9}", "Deployment/web"),
    ("ReplicaSet", "web-5d9", "{rollouts-pod-template-hash: 5d9}", "Rollout/web"),
    ("ReplicaSet", "web-5d9", "{pod-template-hash: other}", "ReplicaSet/web-5d9"),
    ("ReplicaSet", "web-5d9", "{pod-template-hash: ~}", "ReplicaSet/web-5d9"),
    ("ReplicaSet", "web", "[]", "ReplicaSet/web"),
    ("ReplicaSet", "'-5d9'", "{pod-template-hash: 5d9}", "ReplicaSet/-5d9"),
    ("StatefulSet", "db-5d9", "{pod-template-hash: 5d9}", "StatefulSet/db-5d9"), ("Job", "once", "{}", "Job/once"),
  ])
  func controllers(_ kind: String, _ name: String, _ labels: String, _ expected: String) throws {
    let references = "[\(Self.reference("Node", "n", controls: false)), \(Self.reference(kind, name))]"
    #expect(try owner(references, labels: labels) == expected)
  }

  @Test(arguments: ["[]", "{}", "x", "[x]", "[{kind: Job, name: a}]", "[{kind: Job, controller: true}]", "~"])
  func nothingControls(_ references: String) throws { #expect(try owner(references) == nil) }
}
