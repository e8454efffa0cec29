import ManifestText
import TestSupport
import Testing

import Cluster

@Suite struct ManagedFieldsTests {
  private static let annotation =
    #""f:metadata": {"f:annotations": {"f:kubectl.kubernetes.io/last-applied-configuration": {}}}"#

  private func object(_ entries: String...) throws -> Value {
    let text = #"{"metadata": {"resourceVersion": "7", "managedFields": [\#(entries.joined(separator: ","))]}}"#
    return try Fixtures.value(Array(text.utf8))
  }

  private func entry(
    _ manager: String, _ operation: String, _ fields: String, apiVersion: String = "apps/v1", subresource: String = ""
  ) -> String {
    let rest = subresource.isEmpty ? "" : #", "subresource": "\#(subresource)""#
    return """
      {"manager": "\(manager)", "operation": "\(operation)", "apiVersion": "\(apiVersion)", "time": "t", \
      "fieldsType": "FieldsV1", "fieldsV1": {\(fields)}\(rest)}
      """
  }

  private func patch(_ entries: String...) throws -> Value {
    let text = """
      [{"op": "replace", "path": "/metadata/managedFields", "value": [\(entries.joined(separator: ","))]}, \
      {"op": "replace", "path": "/metadata/resourceVersion", "value": "7"}]
      """
    return try Fixtures.value(Array("{\"p\": \(text)}".utf8))["p"] ?? .null
  }

  private let spec = #""f:spec": {"f:replicas": {}, "f:template": {"f:a": {}}}"#

  @Test func theClientsEntryBecomesOurs() throws {
    let status = entry("controller", "Update", #""f:status": {}"#, subresource: "status")
    let client = entry("kubectl-client-side-apply", "Update", "\(Self.annotation), \(spec)")
    let live = try object(client, status)
    #expect(ManagedFields.clientSideManagers(of: live) == ["kubectl-client-side-apply"])
    expectEqual(
      try #require(ManagedFields.migration(of: live, to: "me")),
      try patch(entry("me", "Apply", "\(Self.annotation), \(spec)"), status), "migration")
  }

  @Test func theClientsFieldsJoinOurs() throws {
    let ours = entry("me", "Apply", #""f:spec": {"f:template": {"f:b": {}}}"#)
    let client = entry("kubectl-client-side-apply", "Update", "\(Self.annotation), \(spec)")
    expectEqual(
      try #require(ManagedFields.migration(of: try object(client, ours), to: "me")),
      try patch(
        entry(
          "me", "Apply", #""f:spec": {"f:template": {"f:b": {}, "f:a": {}}, "f:replicas": {}}, \#(Self.annotation)"#)
      ).normalized, "migration")
  }

  @Test func fieldsOfAnotherVersionAreDropped() throws {
    let ours = entry("me", "Apply", #""f:spec": {}"#)
    let client = entry("kubectl-client-side-apply", "Update", Self.annotation, apiVersion: "extensions/v1beta1")
    expectEqual(
      try #require(ManagedFields.migration(of: try object(client, ours), to: "me")), try patch(ours), "migration")
  }

  @Test func whoeverOwnsTheAnnotationIsAClient() throws {
    let live = try object(
      entry("before-first-apply", "Update", spec), entry("tool", "Update", Self.annotation),
      entry("kubectl-client-side-apply", "Update", spec), entry("kubectl", "Apply", Self.annotation))
    #expect(ManagedFields.clientSideManagers(of: live) == ["tool"])
  }

  @Test func onesOwnUpdateIsTakenOver() throws {
    let own = entry("me", "Update", spec)
    let live = try object(entry("you", "Apply", spec), own)
    #expect(ManagedFields.predecessors(of: "me", in: live) == ["me"])
    expectEqual(
      try #require(ManagedFields.migration(of: live, to: "me")),
      try patch(entry("you", "Apply", spec), entry("me", "Apply", spec)), "migration")
    let both = try object(entry("me", "Apply", #""f:data": {"f:a": {}}"#), own)
    expectEqual(
      try #require(ManagedFields.migration(of: both, to: "me")),
      try patch(entry("me", "Apply", #""f:data": {"f:a": {}}, \#(spec)"#)), "migration")
    #expect(ManagedFields.predecessors(of: "you", in: live) == [])
  }

  /// An object with two containers, and what its managers have of it.
  private func pod(_ entries: String...) throws -> Value {
    let text = """
      {"metadata": {"managedFields": [\(entries.joined(separator: ","))], "finalizers": ["a", "b"]}, "spec": {"containers":
      [{"name": "a", "image": "i", "args": ["x"]}, {"name": "b", "image": "j"}], "replicas": 1}}
      """
    return try Fixtures.value(Array(text.utf8))
  }

  private func containers(_ text: String) -> String { #""f:spec": {"f:containers": {\#(text)}}"# }

  private let first = #""k:{\"name\":\"a\"}": {".": {}, "f:name": {}, "f:image": {}}"#

  @Test func whatTakingOverRemoves() throws {
    let applied = entry("me", "Apply", containers(first))
    let set = entry(
      "me", "Update",
      #""f:metadata": {"f:finalizers": {".": {}, "v:\"a\"": {}}}, \#(containers(#""k:{\"name\":\"a\"}": {"f:args": {}}, "k:{\"name\":\"b\"}": {".": {}, "f:name": {}, "f:image": {}}"#))"#
    )
    let live = try pod(applied, set)
    let after = ManagedFields.takenOver(live, by: "me")
    #expect(
      ManagedFields.removed(from: live, to: after).map { "\($0)" } == [
        "metadata.finalizers", "spec.containers[0].args", "spec.containers[1]",
      ])
    // What somebody else has stays.
    let other = entry("you", "Apply", containers(#""k:{\"name\":\"b\"}": {".": {}, "f:name": {}}"#))
    let shared = try pod(applied, set, other)
    let rest = ManagedFields.takenOver(shared, by: "me")
    #expect(rest["spec"]?["containers"]?.array?.last == ["name": "b"])
    #expect(ManagedFields.takenOver(live, by: "you") == live)
  }

  @Test func whoElseOwnsWhatGoes() throws {
    let live = try pod(
      entry("me", "Apply", containers(first)), entry("you", "Apply", containers(first)),
      entry("scaler", "Update", #""f:spec": {"f:replicas": {}}"#))
    var after = live
    after["spec"]?["containers"] = [["name": "b", "image": "j"]]
    #expect(ManagedFields.owners(ofWhatGoesFrom: live, to: after, besides: "me") == ["you"])
    after["spec"]?["replicas"] = 2
    #expect(ManagedFields.owners(ofWhatGoesFrom: live, to: after, besides: "me") == ["you", "scaler"])
    #expect(ManagedFields.owners(ofWhatGoesFrom: live, to: live, besides: "me") == [])
  }

  @Test func nothingToDo() throws {
    #expect(ManagedFields.migration(of: try object(entry("me", "Apply", spec)), to: "me") == nil)
    #expect(ManagedFields.migration(of: [:], to: "me") == nil)
  }
}
