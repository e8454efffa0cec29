internal import Output
internal import KubernetesAPI
internal import ManifestText
internal import Platform

/// How refusals that need not be final are remedied, and how slow changes are waited for.
extension ApplyRun {
  /// Remedies the refusals that can be remedied, and applies again.
  mutating func remedy() {
    leaveOut()
    let found = remedies
    remedies = Remedies()
    if plan.settings.dryRun == .none {
      migrate(found.takeovers.map { ($0.index, $0.object) } + found.conflicts.map { ($0, nil) })
    } else {
      // A trial changes no owners; forcing shows what would come of it.
      apply(found.conflicts, forced: true, isSecondTry: true)
      tryTakingOver(found.takeovers + remedies.takeovers)
      remedies = Remedies()
    }
    replace(found.replacements)
  }

  // MARK: Leaving out

  /// Applies objects without fields that keep them from being applied; the server names some only after others.
  private mutating func leaveOut() {
    for round in 1...5 where !remedies.omissions.isEmpty {
      let found = remedies.omissions
      remedies.omissions = []
      for omission in found where round == 5 || omission.paths.isEmpty { fail(omission.index, omission.diagnostics) }
      guard round < 5 else { return }
      let hopeful = found.filter { !$0.paths.isEmpty }
      for omission in hopeful {
        note(omission)
        for path in omission.paths.reversed() { plan.leaveOut(path, of: omission.index) }
      }
      apply(hopeful.map(\.index), forced: plan.settings.forcesConflicts)
    }
  }

  /// Keeps the findings about fields that are left out until the object is applied without them.
  private mutating func note(_ omission: Omission) {
    guard plan.settings.validation.warns else { return }
    for var warning in omission.warnings {
      warning.severity = .warning
      omitted[omission.index, default: []].append(warning)
    }
  }

  // MARK: Ownership

  /// Takes over the fields that `kubectl apply`, or this program by other means, set before, as kubectl itself does
  /// when it migrates to server-side apply; then applies again, so that fields that are gone from the manifest are
  /// removed.
  private mutating func migrate(_ migrations: [(index: Int, object: Value?)]) {
    applyTakenOver(migrations.map(\.index), takeOver(migrations))
  }

  /// Changes the owners, and returns the objects as they were.
  @discardableResult
  mutating func takeOver(_ migrations: [(index: Int, object: Value?)]) -> [Int: Value] {
    var (pending, before) = (migrations, [Int: Value]())
    // Somebody may change an object in between; kubectl tries as often.
    for attempt in 1...5 where !pending.isEmpty { pending = takeOver(pending, isLastTry: attempt == 5, &before) }
    return before
  }

  private mutating func applyTakenOver(_ indices: [Int], _ before: [Int: Value]) {
    let (plan, forced) = (plan, plan.settings.forcesConflicts)
    ask(indices) {
      plan.requests($0).apply(forced: forced)
    } each: { run, index, response in
      if response.isSuccess, let old = before[index], let new = response.json {
        run.noteTakenOver(index, ManagedFields.removed(from: old, to: new))
      }
      run.settle(index, response, isSecondTry: true)
    }
  }

  /// Changes the owners once, and returns the objects that changed meanwhile.
  private mutating func takeOver(
    _ migrations: [(index: Int, object: Value?)], isLastTry: Bool, _ before: inout [Int: Value]
  ) -> [(index: Int, object: Value?)] {
    let plan = plan
    var objects: [Int: Value] = [:]
    for (index, object) in migrations { objects[index] = object }
    ask(migrations.filter { $0.object == nil }.map(\.index)) {
      plan.requests($0).get
    } each: { _, index, response in
      if response.isSuccess { objects[index] = response.json }
    }
    let patches = objects.compactMapValues { ManagedFields.migration(of: $0, to: plan.settings.fieldManager) }
    before.merge(objects) { _, new in new }
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

  /// Shows the effect of taking over: fields that were set before and are gone from the manifest are removed, and may
  /// be defaulted.
  private mutating func tryTakingOver(_ takeovers: [(index: Int, object: Value)]) {
    let (plan, manager) = (plan, plan.settings.fieldManager)
    var wanted: [Int: Value] = [:]
    for (index, object) in takeovers { wanted[index] = ManagedFields.takenOver(object, by: manager) }
    var (live, results) = ([Int: Value](), wanted)
    ask(takeovers.map(\.index)) {
      plan.requests($0).get
    } each: { _, index, response in
      if response.isSuccess { live[index] = response.json }
    }
    ask(live.keys.sorted()) {
      plan.requests($0).trial(from: live[$0] ?? .null, to: wanted[$0] ?? .null)
    } each: { _, index, response in
      if response.isSuccess, let value = response.json { results[index] = value }
    }
    for (index, object) in takeovers {
      guard let result = results[index] else { continue }
      noteTakenOver(index, ManagedFields.removed(from: object, to: result))
      var answer = AppliedObject(result, of: plan.items[index].object, by: manager)
      finish(index, &answer)
    }
  }

  // MARK: Waiting

  /// Waits for definitions of one step that later steps use: the server takes a moment until it serves them.
  mutating func waitForDefinitions(_ step: [Int]) {
    guard plan.settings.dryRun == .none else { return }
    let defined = step.filter { outcomes[$0].isDone && plan.items[$0].object.kind == "CustomResourceDefinition" }
    _ = wait(for: defined, milliseconds: 30_000) { _, response in
      response.json.map(CustomResourceDefinition.isEstablished) == true
    }
  }

  /// Asks for objects again and again until each is as it should be, or the time is up; returns those that are not.
  ///
  /// Urgent waiting goes on where requests fail, unless the user has interrupted it again.
  mutating func wait(
    for indices: [Int], milliseconds: Int, isUrgent: Bool = false, until isReady: (Int, APIResponse) -> Bool
  ) -> [Int] {
    let plan = plan
    var waiting = indices
    let deadline = MonotonicClock.milliseconds + milliseconds
    var isGivenUp = false
    while !waiting.isEmpty, isUrgent || !isOver {
      var ready: Set<Int> = []
      exchange(waiting, isUrgent: isUrgent) {
        plan.requests($0).get
      } each: { _, index, answer in
        switch answer {
        case .success(let response): if isReady(index, response) { ready.insert(index) }
        // The next one may be answered.
        case .failure(let failure): isGivenUp = isGivenUp || failure.isCancellation
        }
      }
      waiting.removeAll(where: ready.contains)
      guard !isGivenUp, MonotonicClock.milliseconds < deadline else { break }
      if !waiting.isEmpty { MonotonicClock.pause(milliseconds: 100) }
    }
    return waiting
  }
}
