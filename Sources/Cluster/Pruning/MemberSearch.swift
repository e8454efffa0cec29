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
      var unserved: [MemberList] = []
      for (list, answer) in zip(waiting, connection.send(waiting.map { $0.request(selecting: set.selector) })) {
        guard case .success(let response) = answer else { return nil }
        if APIStatus(response)?.code == 404 {
          unserved.append(list)
          continue
        }
        guard let page = page(of: list, response, &report) else { return nil }
        found += page.items.compactMap { PrunableObject($0, list.resource) }
        if let rest = page.rest { next.append(rest) }
      }
      waiting = next + inOtherVersions(unserved, &connection, &report)
    }
    return isOver(connection) ? nil : found
  }

  /// The objects of a page, and the list from the next one on; nil where it cannot be read, which is reported.
  private func page(
    of list: MemberList, _ response: APIResponse, _ report: inout Report
  ) -> (items: [Value], rest: MemberList?)? {
    if let status = APIStatus(response) {
      report.fail(.unavailable, .membersNotListed(list, status.message, isForbidden: status.code == 403))
      return nil
    }
    guard let body = response.json else {
      report.fail(.unavailable, .membersNotListed(list, "the answer is not JSON, or was cut short"))
      return nil
    }
    let rest = list.rest(after: body)
    if rest == nil, list.next(after: body) != nil {
      report.fail(.unavailable, .membersNotListed(list, "the list does not end"))
      return nil
    }
    return (body["items"]?.array ?? [], rest)
  }

  /// Lists that the cluster does not have, in the versions in which it has them; the list of a namespace that is gone is
  /// empty, so that this is about kinds alone.
  private mutating func inOtherVersions(
    _ unserved: [MemberList], _ connection: inout ClusterConnection, _ report: inout Report
  ) -> [MemberList] {
    let groups = Set(unserved.map(\.resource.group)).sorted()
    guard !groups.isEmpty else { return [] }
    let discovery = connection.discover(groups.map { Discovery.Wanted(group: $0, version: nil) })
    var missed: Set<ApplySetContents.Kind> = []
    return unserved.compactMap { list in
      let (group, kind) = (list.resource.group, list.resource.kind)
      if let resource = discovery.resource(group: group, kind: kind), resource != list.resource {
        return MemberList(resource: resource, namespace: resource.isNamespaced ? list.namespace : nil)
      }
      let unknown = ApplySetContents.Kind(group: group, kind: kind)
      if missed.insert(unknown).inserted { miss(unknown, connection, &report) }
      return nil
    }
  }

  /// Leaves a kind that the cluster does not know written down.
  private mutating func miss(
    _ kind: ApplySetContents.Kind, _ connection: ClusterConnection, _ report: inout Report
  ) {
    remains.kinds.insert(kind)
    remains.namespaces.formUnion(before.namespaces)
    if !isOver(connection) { report.add(.unknownMemberKind(kind, set)) }
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
      miss(kind, connection, &report)
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
