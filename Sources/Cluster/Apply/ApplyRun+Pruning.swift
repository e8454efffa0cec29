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
    /// The sets from which objects are moved.
    var former = FormerSets()
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
    guard keep(membership.before.union(plan.contents), of: set, after: false) else { return false }
    membership.former = FormerSets(than: set, of: plan.memberships, &connection)
    return true
  }

  /// Tells of an object that was applied what it was a member of before.
  mutating func noteMove(of index: Int) {
    guard plan.set != nil, let id = membership.former[plan.identity(of: index)] else { return }
    report.add(.movedHere(plan.items[index].object, from: id), in: plan.items[index].object.source)
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
    var search = MemberSearch(set, membership.before, parentID: membership.parentID, plan.memberships)
    guard let condemned = search.condemned(besides: membership.applied, &connection, &report) else { return }
    membership.remains = search.remains
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
      noteFinalizers(of: object, response)
      product.add(pruned: object.title, plan.settings.dryRun, &report)
    }
  }

  /// Keeps a member in the set that the server deletes only once its finalizers are done.
  private mutating func noteFinalizers(of object: PrunableObject, _ response: APIResponse) {
    guard !isTrial, let deletion = response.json.flatMap(Deletion.init), !deletion.finalizers.isEmpty else { return }
    membership.remains.kinds.insert(object.identity.kind)
    membership.remains.namespaces.formUnion(object.namespace.map { [$0] } ?? [])
    report.add(.prunedLater(object, deletion))
  }
}

extension Diagnostic {
  /// An object that another set prunes no longer, as this one does.
  fileprivate static func movedHere(_ object: ClusterObject, from id: String) -> Diagnostic {
    Diagnostic(
      as: .warning, rule: .setMember,
      message: "\(object.displayName) is moved here from another set, \(id), which prunes it no longer",
      hint:
        "where it belongs there, take it out of these manifests and apply that set again; "
        + "kubectl get secrets,configmaps -A -l \(ApplySet.idLabel)=\(id) shows where it is kept", range: object.range)
  }

  /// A member that the server deletes only once something else has done its part.
  fileprivate static func prunedLater(_ object: PrunableObject, _ deletion: Deletion) -> Diagnostic {
    Diagnostic(
      as: .note, rule: .notPruned,
      message: "\(object.subject) \(deletion.predicate); it stays a member of the set until it is gone",
      hint: "what has set the finalizers removes them: see kubectl describe \(object.title)\(object.namespaceOption)")
  }
}
