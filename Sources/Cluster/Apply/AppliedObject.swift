internal import KubernetesAPI
internal import ManifestText
internal import Workloads

/// An object as the server stored it after it was applied; parsed only where its content matters.
struct AppliedObject {
  /// It contains no character that the server's encoder would escape.
  private static let lastApplied = TextPattern("kubectl.kubernetes.io/last-applied-configuration")

  /// The field manager that applied it.
  private let manager: String
  private let object: ClusterObject
  private let body: [UInt8]
  /// The object; nil where the answer is not JSON.
  lazy var value = Value(json: body)

  init(_ response: APIResponse, of object: ClusterObject, by manager: String) {
    (body, self.object, self.manager) = (response.body, object, manager)
  }

  /// Wraps an object that has already been parsed.
  init(_ value: Value, of object: ClusterObject, by manager: String) {
    (body, self.object, self.manager) = ([], object, manager)
    self.value = value
  }

  /// True where some of its fields seem to belong to managers whose fields its own manager takes over.
  var mayHavePredecessors: Bool {
    mutating get {
      let own = TextPattern("\"manager\":\(ManagedFields.quoted(manager)),\"operation\":\"Update\"")
      guard holds(Self.lastApplied) || holds(own), let value else { return false }
      return !ManagedFields.predecessors(of: manager, in: value).isEmpty
    }
  }

  /// The warning that the object which was applied to is being deleted; nil where it is not.
  var deletionDiagnostic: Diagnostic? {
    mutating get {
      guard holds(Self.deletionTimestamp), let value else { return nil }
      return Deletion(of: value).map { .beingDeleted(object, $0) }
    }
  }

  private static let deletionTimestamp = TextPattern("\"deletionTimestamp\":")

  private func holds(_ pattern: TextPattern) -> Bool { pattern.isHeld(in: body, body.indices) }

  /// What is wrong with the order of its init containers; nil where it is as it was asked for.
  var orderDiagnostic: Diagnostic? {
    mutating get {
      guard let kind = WorkloadKinds().kind(of: object.manifest),
        kind.templates.flatMap({ $0.templates(in: object.body) })
          .contains(where: { $0.value["spec"]?["initContainers"] != nil }),
        let value,
        let order = InitContainerOrder.difference(sent: object.body, answered: value, templates: kind.templates)
      else { return nil }
      return Diagnostic(
        rule: .initOrder,
        message:
          "\(object.displayName): the server keeps the init containers as \(order.answered.joined(separator: ", ")), and not as \(order.sent.joined(separator: ", "))",
        hint: "another manager owns some of them; --force-conflicts, or delete and apply it again", range: object.range)
    }
  }
}

extension Diagnostic {
  static func beingDeleted(_ object: ClusterObject, _ deletion: Deletion) -> Diagnostic {
    Diagnostic(
      rule: .beingDeleted,
      message: "\(object.displayName) \(deletion.predicate): what is applied to it is lost with it",
      hint: "apply it again when it is gone", range: object.range)
  }

  /// The fields that are removed as other managers' fields are taken over.
  static func takenOver(_ fields: [Path], by manager: String, _ object: ClusterObject) -> Diagnostic {
    let names = fields.map { "\($0)" }.listed(first: 10)
    return Diagnostic(
      rule: .takenOver,
      message: "\(object.displayName): taking it over for the field manager \(manager) removes \(names)",
      hint: "they were applied or set before, and the manifest has them no more; write them into it to keep them",
      range: object.range)
  }

  /// A warning of the server's.
  static func fromServer(_ text: String) -> Diagnostic {
    Diagnostic(rule: .serverWarning, message: text)
  }
}
