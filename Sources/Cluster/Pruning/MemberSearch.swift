internal import KubernetesAPI
internal import ManifestText
internal import Output
internal import Platform

/// Finds the members of a set that are not applied any more.
struct MemberSearch {
  /// An object that is applied.
  struct Identity: Hashable {
    let kind: ApplySetContents.Kind
    let namespace: String?
    let name: String
  }

  private let set: ApplySet
  private let before: ApplySetContents
  private let parentID: Value?
  private let applied: [Identity: APIResource]
  /// What is left to the next run, so that it stays written down.
  private(set) var remains = ApplySetContents()

  /// `before` is what the set holds, by its parent of this id; `applied` is what is applied to it.
  init(_ set: ApplySet, _ before: ApplySetContents, parentID: Value?, _ applied: [Identity: APIResource]) {
    (self.set, self.before, self.parentID, self.applied) = (set, before, parentID, applied)
  }

  /// The members that may be deleted; nil where none may be, which is reported.
  ///
  /// `ids` are those of what was applied, by which it is known under whatever kind it is listed.
  mutating func condemned(
    besides ids: Set<String>, _ connection: inout ClusterConnection, _ report: inout Report
  ) -> [PrunableObject]? {
    guard let members = members(&connection, &report) else { return nil }
    var found: [PrunableObject] = []
    var known = ids
    var isRefused = false
    for member in members where applied[member.identity] == nil {
      // One object may be listed under several groups.
      if let uid = member.uid?.string, !known.insert(uid).inserted { continue }
      if member.holds(set) {
        if member.resource.kind == "Namespace" {
          report.add(.holdsParent(member, set))
          remains.kinds.insert(member.identity.kind)
        }
      } else if member.owners.contains(where: { .string($0) != parentID }) {
        isRefused = true
        report.fail(.unavailable, .ownedMember(member))
      } else {
        found.append(member)
      }
    }
    return isRefused ? nil : found
  }

  private func isOver(_ connection: ClusterConnection) -> Bool {
    connection.failure != nil || TerminationSignals.isPending
  }

  // MARK: Lists

  /// All members that the cluster has; nil where some cannot be listed, which is reported.
  private mutating func members(
    _ connection: inout ClusterConnection, _ report: inout Report
  ) -> [PrunableObject]? {
    let namespaces = before.namespaces.union(set.namespace.map { [$0] } ?? []).sorted()
    var waiting: [MemberList] = []
    for resource in resources(&connection, &report) {
      let places = resource.isNamespaced ? namespaces.map(String?.some) : [nil]
      waiting += places.map { MemberList(resource: resource, namespace: $0) }
    }
    var found: [PrunableObject] = []
    while !waiting.isEmpty, !isOver(connection) {
      var next: [MemberList] = []
      for (list, answer) in zip(waiting, connection.send(waiting.map { $0.request(for: set) })) {
        guard case .success(let response) = answer, let page = page(of: list, response, &report) else { return nil }
        found += page.items.compactMap { PrunableObject($0, list.resource) }
        if let rest = page.rest { next.append(rest) }
      }
      waiting = next
    }
    return isOver(connection) ? nil : found
  }

  /// The objects of a page, and the list from the next one on; nil where it cannot be read, which is reported.
  private func page(
    of list: MemberList, _ response: APIResponse, _ report: inout Report
  ) -> (items: [Value], rest: MemberList?)? {
    if let status = APIStatus(response) {
      // A namespace that is gone took its objects along.
      if status.code == 404 { return ([], nil) }
      report.fail(.unavailable, .membersNotListed(list, status.message))
      return nil
    }
    guard let body = response.json else {
      report.fail(.unavailable, .membersNotListed(list, "the answer is not JSON, or was cut short"))
      return nil
    }
    guard let start = body["metadata"]?["continue"]?.string, !start.isEmpty else {
      return (body["items"]?.array ?? [], nil)
    }
    guard start != list.start, list.pages < MemberList.mostPages else {
      report.fail(.unavailable, .membersNotListed(list, "the list does not end"))
      return nil
    }
    var rest = list
    (rest.start, rest.pages) = (start, list.pages + 1)
    return (body["items"]?.array ?? [], rest)
  }

  /// The resources of the kinds that the set held; those the cluster does not know stay written down.
  private mutating func resources(
    _ connection: inout ClusterConnection, _ report: inout Report
  ) -> [APIResource] {
    var known: [ApplySetContents.Kind: APIResource] = [:]
    for (identity, resource) in applied { known[identity.kind] = resource }
    for kind in before.kinds where known[kind] == nil {
      known[kind] = BuiltInResources.resource(group: kind.group, kind: kind.kind)
    }
    let groups = Set(before.kinds.filter { known[$0] == nil }.map(\.group)).sorted()
    let wanted = groups.map { Discovery.Wanted(group: $0, version: nil) }
    let discovery = wanted.isEmpty ? Discovery() : connection.discover(wanted)
    return before.sortedKinds.compactMap { kind in
      if let resource = known[kind] ?? discovery.resource(group: kind.group, kind: kind.kind) { return resource }
      remains.kinds.insert(kind)
      remains.namespaces.formUnion(before.namespaces)
      if !isOver(connection) { report.add(.unknownMemberKind(kind, set)) }
      return nil
    }
  }
}

extension PrunableObject {
  /// What it is known by, in whatever version.
  var identity: MemberSearch.Identity {
    MemberSearch.Identity(
      kind: ApplySetContents.Kind(group: resource.group, kind: resource.kind), namespace: namespace, name: name)
  }

  /// The object as it is.
  var get: APIRequest { APIRequest(.get, resource.path(namespace: namespace, name: name)) }
}
