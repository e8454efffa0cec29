internal import KubernetesAPI
internal import ManifestText

/// Deleting and creating again what cannot be changed: never one without being sure of the other.
extension ApplyRun {
  /// Replaces objects whose creation the cluster would accept.
  mutating func replace(_ indices: [Int]) {
    let accepted = tried(indices)
    if plan.settings.dryRun == .server {
      for index in accepted {
        outcomes[index] = .replaced
        product.add(plan.items[index].object, .replaced, plan.settings.dryRun, nil, &report)
      }
      return
    }
    let deleted = delete(read(accepted))
    create(waitUntilGone(deleted))
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

  /// The objects as they are, kept until they are there again; those that are gone already are created at once.
  private mutating func read(_ indices: [Int]) -> [Int: Value] {
    let plan = plan
    var objects: [Int: Value] = [:]
    ask(indices) {
      plan.requests($0).get
    } each: { run, index, response in
      if let status = APIStatus(response) {
        guard status.code == 404 else { return run.fail(index, plan.refusal(index, status, .replaced).diagnostics) }
        objects[index] = .null
      } else if let value = response.json {
        objects[index] = value
        do throws(SystemError) {
          try run.kept.keep(value, of: plan.items[index].object, index)
        } catch {
          objects[index] = nil
          run.fail(index, [.notKept(plan.items[index].object, error)])
        }
      }
    }
    return objects
  }

  /// Deletes objects, and returns those that are gone, or going.
  private mutating func delete(_ objects: [Int: Value]) -> [Int: Value] {
    let plan = plan
    var deleted = objects.filter { $0.value == .null }
    for index in deleted.keys { outcomes[index] = .lost }
    ask(objects.keys.filter { objects[$0] != .null }.sorted()) {
      plan.requests($0).delete(uid: objects[$0]?["metadata"]?["uid"])
    } each: { run, index, response in
      guard let status = APIStatus(response), status.code != 404 else {
        run.outcomes[index] = .lost
        deleted[index] = objects[index]
        return
      }
      run.fail(index, plan.refusal(index, status, .deleted).diagnostics)
    }
    return deleted
  }

  /// Waits for objects to be gone, and says of those that are not what they wait for.
  private mutating func waitUntilGone(_ deleted: [Int: Value]) -> [Int] {
    var last: [Int: Value] = [:]
    let indices = deleted.keys.sorted()
    let waiting = wait(for: indices, milliseconds: plan.settings.deletionMilliseconds, isUrgent: true) {
      index, answer in
      guard answer.isSuccess, let value = answer.json else { return answer.status == 404 }
      last[index] = value
      // Another one of the same name is there already: this one is gone.
      return value["metadata"]?["uid"] != deleted[index]?["metadata"]?["uid"]
    }
    for index in waiting {
      guard let deletion = last[index].flatMap(Deletion.init(of:)) else { continue }
      let object = plan.items[index].object
      report.fail(.unavailable, .notGone(object, deletion, kept.path(index)), in: object.source)
      outcomes[index] = .deleting
    }
    return indices.filter { !waiting.contains($0) }
  }

  /// Creates what was deleted, even if the user has ended the run by now; what may pass is tried again.
  private mutating func create(_ indices: [Int]) {
    var pending = indices
    for attempt in 1...3 where !pending.isEmpty {
      let plan = plan
      var again: [Int] = []
      ask(pending, isUrgent: true) {
        plan.requests($0).apply(forced: plan.settings.forcesConflicts)
      } each: { run, index, response in
        if attempt < 3, response.status == 409 || response.status == 429 || response.status >= 500 {
          return again.append(index)
        }
        run.settle(index, response, isSecondTry: true)
      }
      pending = again
      if !pending.isEmpty { MonotonicClock.pause(milliseconds: 500 * attempt) }
    }
    for index in indices where outcomes[index] != .lost { kept.release(index) }
  }

  /// Says of each object that was deleted and is not there again where it is kept.
  mutating func accountForLost() {
    for index in outcomes.indices where outcomes[index] == .lost {
      let object = plan.items[index].object
      report.fail(.unavailable, .lost(object, kept.path(index)), in: object.source)
    }
  }
}

extension Diagnostic {
  fileprivate static func lost(_ object: ClusterObject, _ path: String?) -> Diagnostic {
    Diagnostic(
      rule: "deleted", message: "\(object.displayName) was deleted, and is not there again",
      hint: restoring(path, "fix that and apply \(object.place) again"), range: object.range)
  }

  fileprivate static func notGone(_ object: ClusterObject, _ deletion: Deletion, _ path: String?) -> Diagnostic {
    Diagnostic(
      rule: "being-deleted", message: "\(object.displayName) \(deletion.predicate): it was not created again",
      hint: restoring(path, "apply \(object.place) again when it is gone (--timeout waits longer)"),
      range: object.range)
  }

  /// How to get an object back, or the one that was to take its place.
  private static func restoring(_ path: String?, _ way: String) -> String {
    path.map { "\(way); as it was, kubectl create -f \($0) brings it back" } ?? way
  }

  fileprivate static func notKept(_ object: ClusterObject, _ error: SystemError) -> Diagnostic {
    Diagnostic(
      rule: "not-kept",
      message: "\(object.displayName) was not deleted, as it cannot be kept as it is: \(error.reason)",
      hint: "TMPDIR names the folder it is kept in", range: object.range)
  }
}
