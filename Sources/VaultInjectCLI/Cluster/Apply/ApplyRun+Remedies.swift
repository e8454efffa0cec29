internal import KubernetesAPI
internal import ManifestText

/// What is done about refusals that need not be final, and about what takes time.
extension ApplyRun {
  /// Mends what can be mended, and applies again.
  mutating func remedy() {
    let found = remedies
    remedies = Remedies()
    guard plan.settings.dryRun == .none else { return tryOut(found) }
    migrate(found.migrations)
    replace(found.replacements)
  }

  /// A trial changes no owners and deletes nothing; forcing shows what would come of it.
  private mutating func tryOut(_ found: Remedies) {
    apply(found.migrations.map(\.index), forced: true, isSecondTry: true)
    for index in found.replacements {
      outcomes[index] = .replaced
      product.add(plan.items[index].object, .replaced, plan.settings.dryRun, nil, &report)
    }
  }

  // MARK: Ownership

  /// Takes over from `kubectl apply` what it owns, as kubectl itself does when it changes to the server's side, and
  /// applies again, so that fields that are gone from the manifest go.
  private mutating func migrate(_ migrations: [(index: Int, object: Value?)]) {
    var pending = migrations
    // Somebody may change an object in between; kubectl tries as often.
    for attempt in 1...5 where !pending.isEmpty { pending = takeOver(pending, isLastTry: attempt == 5) }
    apply(migrations.map(\.index), forced: plan.settings.forcesConflicts, isSecondTry: true)
  }

  /// Changes the owners, and returns the objects that changed meanwhile.
  private mutating func takeOver(
    _ migrations: [(index: Int, object: Value?)], isLastTry: Bool
  ) -> [(index: Int, object: Value?)] {
    let plan = plan
    var patches: [Int: Value] = [:]
    for (index, object) in migrations {
      patches[index] = object.flatMap { ManagedFields.migration(of: $0, to: plan.settings.fieldManager) }
    }
    ask(migrations.filter { $0.object == nil }.map(\.index)) {
      plan.requests($0).get
    } each: { _, index, response in
      guard response.isSuccess, let object = response.json else { return }
      patches[index] = ManagedFields.migration(of: object, to: plan.settings.fieldManager)
    }
    var changed: [(index: Int, object: Value?)] = []
    ask(migrations.map(\.index).filter { patches[$0] != nil }) {
      plan.requests($0).patch(patches[$0] ?? [])
    } each: { run, index, response in
      guard let status = APIStatus(response) else { return }
      if status.code == 409, !isLastTry { return changed.append((index, nil)) }
      let object = plan.items[index].object
      run.report.add(.notMigrated(object, status), in: object.source)
    }
    return changed
  }

  // MARK: Replacing

  private mutating func replace(_ indices: [Int]) {
    let plan = plan
    var deleted: [Int] = []
    ask(indices) {
      plan.requests($0).delete
    } each: { run, index, response in
      guard let status = APIStatus(response), status.code != 404 else {
        run.outcomes[index] = .lost
        deleted.append(index)
        return
      }
      run.fail(index, plan.refusal(index, status, .deleted).diagnostics)
    }
    wait(for: deleted, seconds: 60) { !$0.isSuccess }
    apply(deleted, forced: plan.settings.forcesConflicts, isSecondTry: true)
  }

  // MARK: Waiting

  /// What is defined in one step is wanted in a later one, and the server takes a moment to answer for it.
  mutating func waitForDefinitions(_ step: [Int]) {
    guard plan.settings.dryRun == .none else { return }
    let defined = step.filter { outcomes[$0].isDone && plan.items[$0].object.kind == "CustomResourceDefinition" }
    wait(for: defined, seconds: 30) { $0.json.map(CustomResourceDefinition.isEstablished) == true }
  }

  /// Asks for objects again and again until each is as it should be, or the time is up.
  private mutating func wait(for indices: [Int], seconds: Int, until isReady: (APIResponse) -> Bool) {
    let plan = plan
    var waiting = indices
    let deadline = MonotonicClock.milliseconds + seconds * 1000
    while !waiting.isEmpty, !isOver, MonotonicClock.milliseconds < deadline {
      var unready: [Int] = []
      ask(waiting) {
        plan.requests($0).get
      } each: { _, index, response in
        if !isReady(response) { unready.append(index) }
      }
      waiting = unready
      if !waiting.isEmpty { MonotonicClock.pause(milliseconds: 100) }
    }
  }
}
