internal import KubernetesAPI
internal import ManifestText
internal import Output

/// A member of a set that the cluster has.
struct PrunableObject {
  let resource: APIResource
  let name: String
  /// Its namespace; nil for one of the cluster as a whole.
  let namespace: String?
  let uid: Value?
  /// The ids of what owns it.
  let owners: [String]

  /// Takes an object of a list; nil where it has no name.
  init?(_ item: Value, _ resource: APIResource) {
    guard let name = item["metadata"]?["name"]?.string else { return nil }
    (self.resource, self.name) = (resource, name)
    namespace = resource.isNamespaced ? item["metadata"]?["namespace"]?.string : nil
    uid = item["metadata"]?["uid"]
    owners = item["metadata"]?["ownerReferences"]?.array?.compactMap { $0["uid"]?.string } ?? []
  }

  /// `deployment.apps/web`.
  var title: String { resource.objectName(name) }

  /// `Deployment/web in namespace shop`.
  var subject: String { "\(resource.kind)/\(name)\(namespace.map { " in namespace \($0)" } ?? "")" }

  /// ` -n shop`; nothing for an object of the cluster as a whole.
  var namespaceOption: String { namespace.map { " -n \($0)" } ?? "" }

  /// True where this is the set's parent, or the namespace that it is in, with which the set would be lost.
  func holds(_ set: ApplySet) -> Bool {
    if resource.group.isEmpty, resource.kind == "Namespace" { return name == set.namespace }
    return resource.kind == set.resource.kind && resource.group == set.resource.group && name == set.name
      && namespace == set.namespace
  }

  /// Deletes it, if it is still the one that was listed, and then its dependents.
  func deletion(isTrial: Bool) -> APIRequest {
    var options: Value = ["apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background"]
    if let uid { options["preconditions"] = ["uid": uid] }
    // Where there is a body, the server looks for options nowhere else: a dry run in the query alone would delete.
    if isTrial { options["dryRun"] = ["All"] }
    return APIRequest(
      .delete, resource.path(namespace: namespace, name: name),
      query: isTrial ? [APIRequest.Parameter("dryRun", "All")] : [], contentType: "application/json",
      body: JSONWriter.compact(options))
  }
}

/// A list of a set's members of one kind, in one namespace or everywhere.
struct MemberList {
  /// How many objects a page holds.
  private static let pageSize = 500
  /// More pages than any set can fill.
  private static let mostPages = 2000

  let resource: APIResource
  let namespace: String?
  /// Where the next page begins; empty for the first one.
  var start = ""
  var pages = 0

  func request(selecting selector: APIRequest.Parameter) -> APIRequest {
    var query = [selector, APIRequest.Parameter("limit", "\(Self.pageSize)")]
    if !start.isEmpty { query.append(.init("continue", start)) }
    return APIRequest(.get, resource.path(namespace: namespace), query: query)
  }

  /// Where the next page begins; nil after the last.
  func next(after page: Value) -> String? {
    page["metadata"]?["continue"]?.string.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The list from the next page on; nil after the last, and where it leads in a circle.
  func rest(after page: Value) -> MemberList? {
    guard let next = next(after: page), next != start, pages < Self.mostPages else { return nil }
    var rest = self
    (rest.start, rest.pages) = (next, pages + 1)
    return rest
  }

  /// ` in namespace shop`; nothing for the cluster as a whole.
  var place: String { namespace.map { " in namespace \($0)" } ?? "" }
}

extension Diagnostic {
  /// Why nothing is pruned: members that were left out of a list would be lost sight of.
  static func membersNotListed(_ list: MemberList, _ words: String, isForbidden: Bool = false) -> Diagnostic {
    let kind = list.resource.qualifiedPlural
    let option = list.namespace.map { " -n \($0)" } ?? ""
    return Diagnostic(
      rule: .notPruned, message: "nothing is pruned: \(kind)\(list.place) cannot be listed: \(words)",
      hint: isForbidden
        ? "check with kubectl auth can-i list \(kind)\(option), and run the command again" : "run the command again")
  }

  /// A kind of which the cluster knows nothing; what there is of it cannot be found.
  static func unknownMemberKind(_ kind: ApplySetContents.Kind, _ set: ApplySet) -> Diagnostic {
    let rest = "kubectl annotate --overwrite \(set.title)\(set.namespaceOption) \(ApplySet.kindsAnnotation)=KINDS"
    return Diagnostic(
      as: .warning, rule: .notPruned,
      message:
        "the set holds objects of the kind \(kind.text), which the cluster does not know, so none of them is pruned",
      hint: "where its definition is gone, so are they: write down the other kinds alone with \(rest)")
  }

  /// A member that belongs to something else than the set's parent, which may need it.
  static func ownedMember(_ object: PrunableObject) -> Diagnostic {
    Diagnostic(
      rule: .notPruned,
      message:
        "nothing is pruned: \(object.subject) bears the set's label, is not applied any more, and is owned by another object",
      hint:
        "take it out of the set with kubectl label \(object.title)\(object.namespaceOption) \(ApplySet.memberLabel)-, or delete what owns it, and apply again"
    )
  }

  /// The namespace of the parent, with which the set would be lost.
  static func holdsParent(_ object: PrunableObject, _ set: ApplySet) -> Diagnostic {
    Diagnostic(
      as: .warning, rule: .notPruned,
      message: "\(object.subject) was not pruned: the set itself is kept in it (\(set.title))",
      hint:
        "take it out of the set with kubectl label \(object.title)\(object.namespaceOption) \(ApplySet.memberLabel)-, or delete it yourself"
    )
  }

  /// A member that is to be pruned and cannot be shown.
  static func notShown(_ object: PrunableObject, _ status: APIStatus) -> Diagnostic {
    let kind = object.resource.qualifiedPlural
    return Diagnostic(
      rule: .notRead, message: "\(object.subject) would be pruned, and cannot be read: \(status.message)",
      hint: status.code == 403
        ? "check with kubectl auth can-i get \(kind)/\(object.name)\(object.namespaceOption)" : "run the command again")
  }

  /// The server does not delete a member.
  static func notPruned(_ object: PrunableObject, _ status: APIStatus) -> Diagnostic {
    let (kind, option) = (object.resource.qualifiedPlural, object.namespaceOption)
    return Diagnostic(
      rule: .notPruned, message: "\(object.subject) was not pruned: \(status.message)",
      hint: status.code == 403
        ? "check with kubectl auth can-i delete \(kind)/\(object.name)\(option), and apply again: it stays a member until then"
        : "apply again: it stays a member until then")
  }
}
