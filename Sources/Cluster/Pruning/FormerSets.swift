internal import KubernetesAPI
internal import ManifestText
internal import Output
internal import Platform

/// The sets that hold objects which are about to be applied to another one.
///
/// Applying moves them without a conflict where both sets are applied by one field manager. What cannot be listed is not
/// told here: pruning, which needs the same right, says so.
struct FormerSets {
  private var ids: [MemberSearch.Identity: String] = [:]

  init() {}

  /// Asks for the members of other sets, of the kinds and in the namespaces of what is applied.
  init(
    than set: ApplySet, of applied: [MemberSearch.Identity: APIResource], _ connection: inout ClusterConnection
  ) {
    let label = ApplySet.memberLabel
    let others = APIRequest.Parameter("labelSelector", "\(label),\(label)!=\(set.id)")
    var waiting = FormerSets.lists(of: applied)
    while !waiting.isEmpty, connection.failure == nil, !TerminationSignals.isPending {
      var next: [MemberList] = []
      for (list, answer) in zip(waiting, connection.send(waiting.map { $0.request(selecting: others) })) {
        guard case .success(let response) = answer, response.isSuccess, let body = response.json else { continue }
        for item in body["items"]?.array ?? [] {
          guard let object = PrunableObject(item, list.resource), applied[object.identity] != nil else { continue }
          ids[object.identity] = item["metadata"]?["labels"]?[label]?.string
        }
        if let rest = list.rest(after: body) { next.append(rest) }
      }
      waiting = next
    }
  }

  /// The id of the set that holds an object; nil where none does but the one it is applied to.
  subscript(identity: MemberSearch.Identity) -> String? { ids[identity] }

  /// The lists in which the objects are, each once and in the same order every time.
  private static func lists(of applied: [MemberSearch.Identity: APIResource]) -> [MemberList] {
    struct Place: Hashable {
      let resource: APIResource
      let namespace: String?
    }
    let places = Set(applied.map { Place(resource: $0.value, namespace: $0.key.namespace) })
    return places.map { MemberList(resource: $0.resource, namespace: $0.namespace) }.sorted {
      ($0.resource.apiVersion, $0.resource.plural, $0.namespace ?? "")
        < ($1.resource.apiVersion, $1.resource.plural, $1.namespace ?? "")
    }
  }
}
