internal import Output
internal import KubernetesAPI
internal import ManifestText
internal import Platform

/// Deletes and creates again what cannot be changed: an object is deleted only once its creation is known to succeed.
extension ApplyRun {
  /// Replaces objects whose creation the cluster would accept.
  mutating func replace(_ indices: [Int]) {
    let wasOpen = connection.failure == nil
    let accepted = tried(indices)
    if plan.settings.dryRun == .server {
      for index in accepted {
        move(index, .replaceable)
        product.add(plan.items[index].object, outcomes[index], plan.settings.dryRun, nil, &report)
      }
      return
    }
    read(accepted)
    delete(accepted)
    waitUntilGone(accepted)
    create(accepted.filter { outcomes[$0].isMissing })
    // What was lost on the way, and asked again, was answered.
    if wasOpen, !indices.isEmpty, indices.allSatisfy({ outcomes[$0].isDone }) { connection.recover() }
  }

  /// Those of some objects that could be created: each is tried under another name, as its own is taken.
  private mutating func tried(_ indices: [Int]) -> [Int] {
    let plan = plan
    var accepted: [Int] = []
    ask(indices) {
      plan.requests($0).trialCreation
    } each: { run, index, response in
      guard let status = APIStatus(response) else { return accepted.append(index) }
      let refusal = plan.refusal(index, status, .replaced)
      if plan.settings.dryRun == .server, plan.brought(missingFor: refusal) != nil { return accepted.append(index) }
      run.fail(index, refusal.diagnostics)
    }
    return accepted
  }

  /// Saves the objects as they are; those that are already gone only have to be created.
  private mutating func read(_ indices: [Int]) {
    let plan = plan
    ask(indices) {
      plan.requests($0).get
    } each: { run, index, response in
      if let status = APIStatus(response) {
        guard status.code == 404 else { return run.fail(index, plan.refusal(index, status, .replaced).diagnostics) }
        run.move(index, .notThere)
      } else if let value = response.json {
        do throws(SystemError) {
          try run.kept.keep(value, of: plan.items[index].object, index)
          run.deletions[index] = DeletionRecord(uid: value["metadata"]?["uid"])
        } catch {
          run.fail(index, [.notKept(plan.items[index].object, error)])
        }
      }
    }
  }

  /// Deletes the objects that have been saved.
  private mutating func delete(_ indices: [Int]) {
    let (plan, deletions) = (plan, deletions)
    ask(indices.filter { outcomes[$0] == .pending && deletions[$0] != nil }) {
      plan.requests($0).delete(uid: deletions[$0]?.uid)
    } each: { run, index, response in
      guard let status = APIStatus(response) else { return run.move(index, .deletionAccepted) }
      let refusal = plan.refusal(index, status, .deleted)
      if status.code == 404 {
        run.move(index, .notThere)
      } else if refusal.leavesDoubt {
        run.move(index, .unclear)
        run.deletions[index]?.words = status.message
      } else {
        run.fail(index, refusal.diagnostics)
      }
    }
  }

  /// How long to look for signs of a deletion that had no clear answer.
  private static let doubtMilliseconds = 5000

  /// Waits for objects to be gone, and notes what became of them.
  private mutating func waitUntilGone(_ indices: [Int]) {
    let limit = plan.settings.deletionMilliseconds
    let doubtful = indices.filter { outcomes[$0] == .perhapsDeleted }
    let untouched = look(for: doubtful, milliseconds: min(limit, Self.doubtMilliseconds)) { $0 != .untouched }
    let deleted = indices.filter { outcomes[$0] == .lost || outcomes[$0] == .perhapsDeleted }
    _ = look(for: deleted.filter { !untouched.contains($0) }, milliseconds: limit) { $0 == .gone }
    for index in deleted {
      switch deletions[index]?.sighting {
      case .gone: move(index, .foundGone)
      case .going: move(index, .foundGoing)
      case .untouched: move(index, .foundUntouched)
      // Nobody saw it: what was deleted for certain is created, and may fail where it is not gone yet.
      case nil: continue
      }
    }
  }

  /// Polls for objects until each is in the expected state, and returns those that are not.
  private mutating func look(
    for indices: [Int], milliseconds: Int, until isEnough: (DeletionRecord.Sighting) -> Bool
  ) -> [Int] {
    var records = deletions
    let rest = wait(for: indices, milliseconds: milliseconds, isUrgent: true) { index, answer in
      guard let sighting = records[index]?.sighting(in: answer) else { return false }
      records[index]?.sighting = sighting
      return isEnough(sighting)
    }
    deletions = records
    return rest
  }

  /// Creates the deleted objects again, even if the user has ended the run by now; failures that may be temporary are
  /// retried.
  private mutating func create(_ indices: [Int]) {
    var pending = indices
    for attempt in 1...3 where !pending.isEmpty {
      let plan = plan
      var again: [Int] = []
      exchange(pending, isUrgent: true) {
        plan.requests($0).apply(forced: plan.settings.forcesConflicts)
      } each: { run, index, answer in
        switch answer {
        case .failure(let failure): if !failure.isCancellation { again.append(index) }
        case .success(let response):
          guard attempt < 3, let status = APIStatus(response), status.mayPass else {
            return run.settle(index, response, isSecondTry: true)
          }
          if plan.refusal(index, status, .recreated).leavesDoubt { run.move(index, .unclear) }
          again.append(index)
        }
      }
      pending = again
      if !pending.isEmpty, attempt < 3 { MonotonicClock.pause(milliseconds: 500 * attempt) }
    }
  }

  /// Reports, for each object that was or may have been deleted and is not certain to exist again, where it is saved.
  mutating func accountForDeleted() {
    for index in outcomes.indices where outcomes[index].isMissing || outcomes[index].mayBeGoing {
      guard let diagnostic = deletionDiagnostic(index) else { continue }
      report.fail(.unavailable, diagnostic, in: plan.items[index].object.source)
    }
  }

  private func deletionDiagnostic(_ index: Int) -> Diagnostic? {
    let (object, record) = (plan.items[index].object, deletions[index])
    let again = "apply \(object.place) again"
    let check = "check with kubectl get \(object.qualifiedName)\(object.namespaceOption), and \(again)"
    let fix = "fix what keeps it from being created, and \(again)"
    switch outcomes[index] {
    case .perhapsDeleted:
      let rest = record?.sighting == .untouched ? "; it is still there" : ""
      let words = record?.words ?? "no answer came"
      return missing(index, .perhapsDeleted, "may have been deleted: \(words)\(rest)", check, "if it is gone, ")
    case .lost: return missing(index, .deleted, "was deleted, and is not there again", fix)
    case .gone: return missing(index, .deleted, "is gone, and is not there again", fix)
    case .perhapsLost:
      let what = "may not be there again: there was no clear answer when it was created"
      return missing(index, .perhapsDeleted, what, check, "if it is gone, ")
    case .deleting:
      let state = record?.deletion?.predicate ?? "is being deleted"
      return missing(
        index, .beingDeleted, "\(state): it was not created again",
        "\(again) when it is gone (--timeout waits longer)")
    case .pending, .applied, .unfinished, .replaced, .patched, .failed, .unknown: return nil
    }
  }

  /// What is said of an object that is missing, with how to get it back as it was.
  private func missing(
    _ index: Int, _ rule: Rule, _ what: String, _ way: String, _ condition: String = ""
  ) -> Diagnostic {
    let object = plan.items[index].object
    let back = kept.path(index).map {
      "; \(condition)kubectl create -f \(ShellText.word($0, bare: "%+,-./:=@_")) brings it back as it was"
    }
    var diagnostic = Diagnostic(
      rule: rule, message: "\(object.displayName) \(what)", hint: way + (back ?? ""), range: object.range)
    diagnostic.hidesText = object.kind == "Secret"
    return diagnostic
  }
}

/// The state of an object whose deletion has been sent.
struct DeletionRecord {
  /// The result of looking for the object in the cluster.
  enum Sighting: Equatable {
    /// It is gone.
    case gone
    /// It is being deleted.
    case going(Deletion)
    /// It is there as before.
    case untouched
  }

  /// Its id before it is deleted.
  let uid: Value?
  /// The server's message in place of a clear answer; nil where there was none.
  var words: String?
  /// The last result; nil where there is none yet.
  var sighting: Sighting?

  init(uid: Value?) { self.uid = uid }

  /// What its deletion is waiting for; nil where it is not seen to be deleted.
  var deletion: Deletion? {
    guard case .going(let deletion) = sighting else { return nil }
    return deletion
  }

  /// The state of the object that an answer shows; nil where it shows none.
  func sighting(in answer: APIResponse) -> Sighting? {
    if answer.status == 404 { return .gone }
    guard answer.isSuccess, let value = answer.json else { return nil }
    // Another one of the same name is there already: this one is gone.
    if value["metadata"]?["uid"] != uid { return .gone }
    return Deletion(of: value).map(Sighting.going) ?? .untouched
  }
}

extension APIStatus {
  /// True where the same request may be taken a moment later.
  fileprivate var mayPass: Bool { code == 409 || code == 429 || code >= 500 }
}

extension Diagnostic {
  fileprivate static func notKept(_ object: ClusterObject, _ error: SystemError) -> Diagnostic {
    Diagnostic(
      rule: .notKept,
      message: "\(object.displayName) was not deleted, as it cannot be kept as it is: \(error.reason)",
      hint: "TMPDIR names the folder it is kept in", range: object.range)
  }
}
