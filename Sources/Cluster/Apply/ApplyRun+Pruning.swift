internal import KubernetesAPI
internal import ManifestText
internal import Output

/// Sets of objects: what belongs to one is marked before anything is applied, and what is not applied any more is deleted
/// once everything was accepted.
extension ApplyRun {
  /// What is known of the set that is applied.
  struct Membership {
    /// What the set held when the run began.
    var before = ApplySetContents()
    /// The parent's id in the cluster, if it is there.
    var parentID: Value?
    /// The ids of what was applied, by which it is known under whatever kind it is listed.
    var applied: Set<String> = []
    /// What was to be deleted, with what became of it.
    var pruned: [(object: PrunableObject, outcome: ClusterAccount.Pruned.Outcome)] = []
    /// What is left to the next run, so that it stays written down.
    var remains = ApplySetContents()
  }

  private var isTrial: Bool { plan.settings.dryRun != .none }

  // MARK: Before applying

  /// Reads what the set holds, and writes down what it may hold from now on, so that a run that is cut short leaves
  /// nothing behind that the next one would not find; false where that fails, and nothing may be applied.
  mutating func beginSet() -> Bool {
    guard let set = plan.set else { return true }
    guard case .success(let response)? = connection.send([set.get]).first else { return false }
    membership.parentID = response.json?["metadata"]?["uid"]
    do throws(Diagnostic) {
      membership.before = try ApplySetParent.contents(of: set, in: response)
    } catch {
      report.fail(.unavailable, error)
      return false
    }
    return keep(membership.before.union(plan.contents), of: set, after: false)
  }

  /// Writes down what a set holds; false where that fails, which is reported.
  private mutating func keep(_ contents: ApplySetContents, of set: ApplySet, after isAfter: Bool) -> Bool {
    // What others wrote into the annotations is no more than a mistake: kubectl overwrites it as well.
    for isForced in [false, true] {
      guard
        case .success(let response)? = connection.send([set.keep(contents, isTrial: isTrial, forced: isForced)]).first
      else { return false }
      guard let status = APIStatus(response) else { return true }
      if !isForced, !status.conflicts.isEmpty { continue }
      report.fail(.unavailable, .unwritableParent(set, status, after: isAfter))
      return false
    }
    return false
  }

  // MARK: After applying

  /// Deletes the members that were not applied, where everything else was.
  mutating func prune() {
    guard let set = plan.set, !isOver, outcomes.allSatisfy(\.isDone) else { return }
    guard let members = members(of: set), let condemned = condemned(members, of: set) else { return }
    // What depends on something goes before it.
    let steps = Dictionary(grouping: condemned) {
      ObjectOrder.place(ofGroup: $0.resource.group, kind: $0.resource.kind)
    }
    let ordered = steps.keys.sorted(by: >).flatMap { steps[$0] ?? [] }
    membership.pruned = ordered.map { ($0, .notTried) }
    for place in steps.keys.sorted(by: >) {
      delete(
        ordered.indices.filter { index in
          ObjectOrder.place(ofGroup: ordered[index].resource.group, kind: ordered[index].resource.kind) == place
        })
    }
    guard !isOver, membership.pruned.allSatisfy({ $0.outcome == .pruned }) else { return }
    _ = keep(membership.remains.union(plan.contents), of: set, after: true)
  }

  private mutating func delete(_ indices: [Int]) {
    for batch in indices.batches where !isOver {
      let requests = batch.map { membership.pruned[$0].object.deletion(isTrial: isTrial) }
      let answers = connection.send(requests)
      for text in connection.takeWarnings() { report.add(.fromServer(text)) }
      for (index, answer) in zip(batch, answers) { settle(pruned: index, answer) }
      report.progress(
        "\(membership.pruned.count { $0.outcome == .pruned }) of \(membership.pruned.count) objects pruned")
    }
  }

  private mutating func settle(pruned index: Int, _ answer: ClusterConnection.Answer) {
    let object = membership.pruned[index].object
    switch answer {
    case .failure(let failure):
      membership.pruned[index].outcome = failure.leavesDoubt && !isTrial ? .unknown : .failed
    case .success(let response):
      // What is gone already is what was asked for.
      if let status = APIStatus(response), status.code != 404 {
        membership.pruned[index].outcome = status.code >= 500 && !isTrial ? .unknown : .failed
        return report.fail(.unavailable, .notPruned(object, status))
      }
      membership.pruned[index].outcome = .pruned
      product.add(pruned: object.title, plan.settings.dryRun, &report)
    }
  }

  /// What may be deleted; nil where nothing may be.
  private mutating func condemned(_ members: [PrunableObject], of set: ApplySet) -> [PrunableObject]? {
    var found: [PrunableObject] = []
    var isRefused = false
    var uids: Set<String> = []
    let own = Set(plan.items.map { identity($0.resource, $0.object.namespace, $0.object.name) })
    for member in members {
      if let uid = member.uid?.string, membership.applied.contains(uid) { continue }
      if own.contains(identity(member.resource, member.namespace, member.name)) { continue }
      if member.holds(set) {
        if member.resource.kind == "Namespace" {
          report.add(.holdsParent(member, set))
          membership.remains.kinds.insert(.init(group: member.resource.group, kind: member.resource.kind))
        }
      } else if member.owners.contains(where: { .string($0) != membership.parentID }) {
        isRefused = true
        report.fail(.unavailable, .ownedMember(member))
      } else if uids.insert(member.uid?.string ?? member.title).inserted {
        // One object may be listed under several groups.
        found.append(member)
      }
    }
    return isRefused ? nil : found
  }

  private func identity(_ resource: APIResource, _ namespace: String?, _ name: String) -> String {
    "\(resource.qualifiedPlural)/\(namespace ?? "")/\(name)"
  }

  // MARK: Members

  /// All members that the cluster has; nil where some cannot be listed, which is reported.
  private mutating func members(of set: ApplySet) -> [PrunableObject]? {
    let namespaces = membership.before.namespaces.union(set.namespace.map { [$0] } ?? []).sorted()
    var waiting: [MemberList] = []
    for resource in memberResources(set) {
      let places = resource.isNamespaced ? namespaces.map(String?.some) : [nil]
      waiting += places.map { MemberList(resource: resource, namespace: $0) }
    }
    var found: [PrunableObject] = []
    while !waiting.isEmpty, !isOver {
      var next: [MemberList] = []
      for (list, answer) in zip(waiting, connection.send(waiting.map { $0.request(for: set) })) {
        guard case .success(let response) = answer else { return nil }
        guard let (items, rest) = page(of: list, response) else { return nil }
        found += items.compactMap { PrunableObject($0, list.resource) }
        if let rest { next.append(rest) }
      }
      waiting = next
    }
    return isOver ? nil : found
  }

  /// The objects of a page, and the list from the next one on; nil where it cannot be read, which is reported.
  private mutating func page(of list: MemberList, _ response: APIResponse) -> (items: [Value], rest: MemberList?)? {
    if let status = APIStatus(response) {
      // A namespace that is gone took its objects along.
      if status.code == 404 { return ([], nil) }
      report.fail(.unavailable, .membersNotListed(list, status.message))
      return nil
    }
    guard let body = response.json else {
      report.fail(.unavailable, .cutShortList(list))
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
  private mutating func memberResources(_ set: ApplySet) -> [APIResource] {
    let kinds = membership.before.sortedKinds
    let unknown = kinds.filter { known($0) == nil }
    let wanted = Set(unknown.map(\.group)).sorted().map { Discovery.Wanted(group: $0, version: nil) }
    let discovery = wanted.isEmpty ? Discovery() : connection.discover(wanted)
    return kinds.compactMap { kind in
      if let resource = known(kind) ?? discovery.resource(group: kind.group, kind: kind.kind) { return resource }
      membership.remains.kinds.insert(kind)
      membership.remains.namespaces.formUnion(membership.before.namespaces)
      if !isOver { report.add(.unknownMemberKind(kind, set)) }
      return nil
    }
  }

  private func known(_ kind: ApplySetContents.Kind) -> APIResource? {
    plan.items.first { $0.resource.group == kind.group && $0.resource.kind == kind.kind }?.resource
      ?? BuiltInResources.resource(group: kind.group, kind: kind.kind)
  }
}

extension Diagnostic {
  fileprivate static func cutShortList(_ list: MemberList) -> Diagnostic {
    .membersNotListed(list, "the answer is not JSON, or was cut short")
  }
}
