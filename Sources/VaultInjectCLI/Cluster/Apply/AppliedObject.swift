internal import KubernetesAPI
internal import ManifestText
internal import Workloads

/// An object as the server keeps it after it was applied; read only where something in it matters.
struct AppliedObject {
  /// Nothing in it is a character that the server's encoder would write as an escape.
  private static let lastApplied = TextPattern("kubectl.kubernetes.io/last-applied-configuration")

  private let response: APIResponse
  private let object: ClusterObject

  init(_ response: APIResponse, of object: ClusterObject) {
    (self.response, self.object) = (response, object)
  }

  /// The object; nil where the answer is no JSON.
  var value: Value? { response.json }

  /// True where `kubectl apply` seems to own fields of it.
  var mayHaveClientSideManager: Bool {
    guard Self.lastApplied.isHeld(in: response.body, response.body.indices), let value else { return false }
    return !ManagedFields.clientSideManagers(of: value).isEmpty
  }

  /// What is wrong with the order of its init containers; nil where it is as it was asked for.
  var orderDiagnostic: Diagnostic? {
    guard let kind = WorkloadKinds().kind(of: object.manifest),
      kind.templates.contains(where: { $0.places(in: object.body).contains { $0["spec"]?["initContainers"] != nil } }),
      let value,
      let order = InitContainerOrder.difference(sent: object.body, answered: value, templates: kind.templates)
    else { return nil }
    return Diagnostic(
      .warning, rule: "init-order",
      message:
        "\(object.displayName): the server keeps the init containers as \(order.answered.joined(separator: ", ")), and not as \(order.sent.joined(separator: ", "))",
      hint: "another manager owns some of them; --force-conflicts, or delete and apply it again", range: object.range)
  }
}

extension Diagnostic {
  /// A warning of the server's.
  static func fromServer(_ text: String) -> Diagnostic {
    Diagnostic(.warning, rule: "server-warning", message: text)
  }
}
