import ManifestText
import TestSupport
import Testing

import VaultInjectCLI

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

  @Test func nothingToDo() throws {
    #expect(ManagedFields.migration(of: try object(entry("me", "Apply", spec)), to: "me") == nil)
    #expect(ManagedFields.migration(of: [:], to: "me") == nil)
  }
}
