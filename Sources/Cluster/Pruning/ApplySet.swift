package import KubernetesAPI
internal import ManifestText
internal import Output

/// A set of objects that are applied together (KEP-3659), kept as kubectl keeps it.
///
/// An object of the cluster, the set's parent, says in which kinds and namespaces its members are, and each member bears
/// the parent's id as a label. Whatever bears the label and is not applied any more is pruned.
package struct ApplySet: Equatable, Sendable {
  /// The label of each member, with the parent's id.
  static let memberLabel = "applyset.kubernetes.io/part-of"
  /// The label of the parent, with its own id.
  static let idLabel = "applyset.kubernetes.io/id"
  /// The annotation of the parent that says which tool the set belongs to.
  static let toolingAnnotation = "applyset.kubernetes.io/tooling"
  /// The annotation of the parent that lists the members' kinds.
  static let kindsAnnotation = "applyset.kubernetes.io/contains-group-kinds"
  /// The annotation of the parent that lists the members' namespaces, but for the parent's own.
  static let namespacesAnnotation = "applyset.kubernetes.io/additional-namespaces"
  /// The label of a definition whose objects may be parents.
  static let parentTypeLabel = "applyset.kubernetes.io/is-parent-type"

  /// The tool that the sets made here belong to; others refuse them, as theirs are refused here.
  static let tool = "kubectl-vault-inject"
  /// What the annotation holds: the tool with its version.
  static let tooling = "\(tool)/v\(Version.number)"
  /// In whose name the parent is written: nobody else's than the set's, whoever applies the members.
  static let fieldManager = "\(tool)-applyset"

  /// The resource of the parent.
  let resource: APIResource
  /// The parent's name.
  let name: String
  /// The parent's namespace; nil for one of the cluster as a whole.
  let namespace: String?

  package init(resource: APIResource, name: String, namespace: String?) {
    (self.resource, self.name, self.namespace) = (resource, name, namespace)
  }

  /// The id: a hash of what the parent is called, so that no set can pretend to be another.
  package var id: String {
    let text = [name, namespace ?? "", resource.kind, resource.group].joined(separator: ".")
    let letters = Base64.encoded(SHA256.hash(Array(text.utf8))).utf8.prefix { $0 != UInt8(ascii: "=") }.map { letter in
      switch letter {
      case UInt8(ascii: "+"): UInt8(ascii: "-")
      case UInt8(ascii: "/"): UInt8(ascii: "_")
      default: letter
      }
    }
    return "applyset-\(String(decoding: letters, as: UTF8.self))-v1"
  }

  /// `secret/web`.
  var title: String { "\(resource.objectName(name))" }

  /// ` -n shop`; nothing for a parent of the cluster as a whole.
  var namespaceOption: String { namespace.map { " -n \($0)" } ?? "" }

  /// ` in namespace shop`; nothing for a parent of the cluster as a whole.
  var place: String { namespace.map { " in namespace \($0)" } ?? "" }

  /// What selects its members.
  var selector: APIRequest.Parameter { .init("labelSelector", "\(Self.memberLabel)=\(id)") }

  /// Makes an object a member.
  func label(_ object: inout Value) {
    guard var metadata = object["metadata"] else { return }
    var labels = metadata["labels"].flatMap { $0 == .null ? nil : $0 } ?? [:]
    labels[Self.memberLabel] = .string(id)
    metadata["labels"] = labels
    object["metadata"] = metadata
  }

  // MARK: Requests

  private var path: String { resource.path(namespace: namespace, name: name) }

  /// The parent as the cluster has it.
  var get: APIRequest { APIRequest(.get, path) }

  /// Writes down what the set holds.
  func keep(_ contents: ApplySetContents, isTrial: Bool, forced: Bool = false) -> APIRequest {
    var query = [APIRequest.Parameter("fieldManager", Self.fieldManager), .init("fieldValidation", "Strict")]
    if forced { query.append(.init("force", "true")) }
    if isTrial { query.append(.init("dryRun", "All")) }
    var metadata: Value = ["name": .string(name)]
    metadata["namespace"] = namespace.map(Value.string)
    metadata["labels"] = .object([.init(key: Self.idLabel, value: .string(id))])
    metadata["annotations"] = .object([
      .init(key: Self.namespacesAnnotation, value: .string(contents.namespaceText(without: namespace))),
      .init(key: Self.kindsAnnotation, value: .string(contents.kindText)),
      .init(key: Self.toolingAnnotation, value: .string(Self.tooling)),
    ])
    let body: Value = [
      "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind), "metadata": metadata,
    ]
    return APIRequest(
      .patch, path, query: query, contentType: "application/apply-patch+yaml", body: JSONWriter.compact(body))
  }
}

/// Where the members of a set are.
package struct ApplySetContents: Equatable, Sendable {
  /// A kind in whatever version.
  package struct Kind: Hashable, Sendable {
    let group: String
    let kind: String

    package init(group: String, kind: String) { (self.group, self.kind) = (group, kind) }

    /// Reads `Deployment.apps`, or `ConfigMap` of the core group.
    init(_ text: some StringProtocol) {
      let dot = text.firstIndex(of: ".") ?? text.endIndex
      self.init(group: String(text[dot...].dropFirst()), kind: String(text[..<dot]))
    }

    /// `Deployment.apps`.
    var text: String { group.isEmpty ? kind : "\(kind).\(group)" }
  }

  package var kinds: Set<Kind> = []
  package var namespaces: Set<String> = []

  package init(kinds: Set<Kind> = [], namespaces: Set<String> = []) {
    (self.kinds, self.namespaces) = (kinds, namespaces)
  }

  /// The kinds, in the order in which they are written.
  var sortedKinds: [Kind] { kinds.sorted { $0.text < $1.text } }

  package var kindText: String { sortedKinds.map(\.text).joined(separator: ",") }

  package func namespaceText(without own: String?) -> String {
    namespaces.filter { $0 != own }.sorted().joined(separator: ",")
  }

  func union(_ other: ApplySetContents) -> ApplySetContents {
    ApplySetContents(kinds: kinds.union(other.kinds), namespaces: namespaces.union(other.namespaces))
  }
}

extension ApplySetContents {
  /// Reads the annotations of a parent.
  package init(kinds: String, namespaces: String) {
    self.kinds = Set(kinds.split(separator: ",").map { Kind($0) })
    self.namespaces = Set(namespaces.split(separator: ",").map(String.init))
  }
}

extension APIResource {
  /// An object of it as kubectl names it: `deployment.apps/web`.
  func objectName(_ name: String) -> String {
    "\(kind.lowercased())\(group.isEmpty ? "" : ".\(group)")/\(name)"
  }
}
