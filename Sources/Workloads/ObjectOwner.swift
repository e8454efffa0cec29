public import ManifestText

/// What has made an object in a cluster, as far as the object says: of a pod its Deployment, not the ReplicaSet between.
public struct ObjectOwner: Hashable, Sendable {
  /// The owner's kind, such as `Deployment`.
  public let kind: String
  /// The owner's name.
  public let name: String

  /// The owner as a person names it: `Deployment/web`.
  public var displayName: String { "\(kind)/\(name)" }

  /// The labels by which controllers tell the ReplicaSets they make from each other, with the kind of the controller.
  private static let revisionLabels = ["pod-template-hash": "Deployment", "rollouts-pod-template-hash": "Rollout"]

  /// Looks at the owner that controls an object; nil where none does.
  /// - Throws: A `Diagnostic` where a key on the way stands twice.
  public init?(of object: NodeID, in document: Document) throws(Diagnostic) {
    guard let metadata = try document.value("metadata", in: object),
      let references = try document.value("ownerReferences", in: metadata), document.isSequence(references)
    else { return nil }
    var controller: (kind: String, name: String)?
    for reference in document.items(of: references) where document.isMapping(reference) {
      guard let flag = try document.value("controller", in: reference), document.text(of: flag) == "true",
        let kind = try document.value("kind", in: reference), let name = try document.value("name", in: reference)
      else { continue }
      controller = (document.text(of: kind), document.text(of: name))
    }
    guard let (kind, name) = controller, !kind.isEmpty, !name.isEmpty else { return nil }
    (self.kind, self.name) = try ObjectOwner.maker(ofReplicaSet: name, kind, metadata, in: document) ?? (kind, name)
  }

  /// What makes a ReplicaSet, which is called after it and its own label; nil for others.
  private static func maker(
    ofReplicaSet name: String, _ kind: String, _ metadata: NodeID, in document: Document
  ) throws(Diagnostic) -> (kind: String, name: String)? {
    guard kind == "ReplicaSet", let labels = try document.value("labels", in: metadata), document.isMapping(labels)
    else { return nil }
    for (label, maker) in revisionLabels.sorted(by: { $0.key < $1.key }) {
      guard let hash = try document.value(label, in: labels).map(document.text), !hash.isEmpty,
        name.hasSuffix("-\(hash)"), name.utf8.count > hash.utf8.count + 1
      else { continue }
      return (maker, String(name.dropLast(hash.count + 1)))
    }
    return nil
  }
}
