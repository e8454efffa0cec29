package import Output
internal import KubernetesAPI
internal import ManifestText
internal import Platform

/// Applies objects to the cluster, step by step, and records what became of each.
///
/// Remedies for refusals are in `ApplyRun+Remedies` and `ApplyRun+Replacing`, removing injections before applying is in
/// `LiveUndo`, sets are in `ApplyRun+Pruning`, and the account is in `ApplyRun+Account`.
package struct ApplyRun: ~Copyable {
  /// Objects that need more than one request.
  struct Remedies {
    /// Objects that were applied, and have fields of managers whose fields are taken over.
    var takeovers: [(index: Int, object: Value)] = []
    /// Objects that cannot be applied before other managers' fields are taken over.
    var conflicts: [Int] = []
    /// Objects that have to be deleted first.
    var replacements: [Int] = []
    /// Objects that are applied again without some of their fields, with the findings to report if that does not help.
    var omissions: [Omission] = []
  }

  /// Fields that are not sent.
  struct Omission {
    let index: Int
    let paths: [Path]
    /// The findings to report if the object is not applied.
    let diagnostics: [Diagnostic]
    /// The findings to report if it is applied without them.
    let warnings: [Diagnostic]
  }

  var plan: ApplyPlan
  var connection: ClusterConnection
  var report: Report
  var product: ClusterProduct
  private(set) var outcomes: [ApplyOutcome]
  var remedies = Remedies()
  /// The findings about objects without some of their fields, to be reported once they are applied.
  var omitted: [Int: [Diagnostic]] = [:]
  /// Removes injections from live objects; nil where none is to be removed.
  let undo: LiveUndo?
  /// The deleted objects, as they were, until they exist again.
  var kept = KeptManifests()
  /// The state of objects whose deletion was sent.
  var deletions: [Int: DeletionRecord] = [:]
  /// What is waited for; nil where nothing is.
  var waiting: ReadinessWait?
  /// The set that the objects belong to.
  var membership = Membership()

  package init(
    _ plan: ApplyPlan, undo: LiveUndo? = nil, over connection: ClusterConnection, product: ClusterProduct,
    report: consuming Report
  ) {
    (self.plan, self.undo, self.connection, self.product) = (plan, undo, connection, product)
    self.report = report
    outcomes = [ApplyOutcome](repeating: .pending, count: plan.items.count)
    TerminationSignals.hold()
  }

  /// Works through the steps.
  package mutating func all() -> Ending {
    if beginSet() {
      for step in plan.steps where !isOver {
        apply(disentangled(step), forced: plan.settings.forcesConflicts)
        remedy()
        if !isOver { waitForDefinitions(step) }
      }
      prune()
    }
    product.finish(&report)
    waitUntilReady()
    account()
    return report.finish()
  }

  /// True where no more requests can or should be sent.
  var isOver: Bool { connection.failure != nil || TerminationSignals.isPending }

  /// Records what an answer means for an object.
  mutating func move(_ index: Int, _ answer: ApplyAnswer) { outcomes[index] = outcomes[index].after(answer) }

  // MARK: Asking

  /// Sends a request for each of some objects, and hands over the answers that come.
  mutating func ask(
    _ indices: [Int], _ request: (Int) -> APIRequest, each: (inout ApplyRun, Int, APIResponse) -> Void
  ) {
    exchange(indices, request) { run, index, answer in
      if case .success(let response) = answer { each(&run, index, response) }
    }
  }

  /// Sends a request for each of some objects, in batches of a suitable size, and hands over the results.
  ///
  /// Some work has to be finished once it has begun: with `isUrgent`, requests are sent even after the run has been
  /// ended.
  mutating func exchange(
    _ indices: [Int], isUrgent: Bool = false, _ request: (Int) -> APIRequest,
    each: (inout ApplyRun, Int, ClusterConnection.Answer) -> Void
  ) {
    for batch in indices.batches where isUrgent || !isOver {
      let requests = batch.map(request)
      for (index, request) in zip(batch, requests) where request.method == .delete { move(index, .deletionSent) }
      let answers = connection.send(requests)
      for text in connection.takeWarnings() { report.add(.fromServer(text)) }
      for ((index, request), answer) in zip(zip(batch, requests), answers) {
        if case .failure(let failure) = answer { move(index, ApplyAnswer(failure, to: request)) }
        each(&self, index, answer)
      }
      let done = outcomes.count(where: \.isDone)
      report.progress("\(done) of \(plan.items.count) objects")
    }
  }

  mutating func apply(_ indices: [Int], forced: Bool, isSecondTry: Bool = false) {
    let plan = plan
    ask(indices) {
      plan.requests($0).apply(forced: forced)
    } each: { run, index, response in
      run.settle(index, response, isSecondTry: isSecondTry)
    }
  }

  mutating func settle(_ index: Int, _ response: APIResponse, isSecondTry: Bool) {
    if let status = APIStatus(response) { return refuse(index, status, isSecondTry: isSecondTry) }
    let object = plan.items[index].object
    var answer = AppliedObject(response, of: object, by: plan.settings.fieldManager)
    if let diagnostic = answer.orderDiagnostic { report.add(diagnostic, in: object.source) }
    if let diagnostic = answer.deletionDiagnostic { return fail(index, [diagnostic], .acceptedInVain) }
    for warning in omitted.removeValue(forKey: index) ?? [] { report.add(warning, in: object.source) }
    if answer.mayHavePredecessors, !isSecondTry || plan.settings.dryRun != .none, let value = answer.value {
      move(index, .acceptedForNow)
      return remedies.takeovers.append((index, value))
    }
    finish(index, &answer)
  }

  /// Records an object that is as requested.
  mutating func finish(_ index: Int, _ answer: inout AppliedObject) {
    let item = plan.items[index]
    if let undo, let diagnostic = undo.leftover(in: &answer, of: item, isTrial: plan.settings.dryRun != .none) {
      return fail(index, [diagnostic], .acceptedInPart)
    }
    move(index, .accepted)
    noteMove(of: index)
    if plan.set != nil, let uid = answer.value?["metadata"]?["uid"]?.string { membership.applied.insert(uid) }
    product.add(item.object, outcomes[index], plan.settings.dryRun, answer.value, &report)
  }

  private mutating func refuse(_ index: Int, _ status: APIStatus, isSecondTry: Bool) {
    let (settings, object) = (plan.settings, plan.items[index].object)
    let refusal = plan.refusal(index, status, outcomes[index].attempt)
    if !isSecondTry, status.hasOnlyConflicts(ofPredecessorsOf: settings.fieldManager) {
      remedies.conflicts.append(index)
    } else if !isSecondTry, settings.replaces, refusal.isImmutable, object.losesOthers == nil {
      remedies.replacements.append(index)
    } else if !isSecondTry, let paths = omissible(refusal) {
      let warnings = plan.refusal(index, status, .appliedWithout).diagnostics.filter { $0.rule == .unknownField }
      remedies.omissions.append(
        Omission(index: index, paths: paths, diagnostics: refusal.diagnostics, warnings: warnings))
    } else if settings.dryRun == .server, let missing = plan.brought(missingFor: refusal) {
      report.add(.comesWithInput(missing, object), in: object.source)
      move(index, .accepted)
      product.add(object, outcomes[index], settings.dryRun, nil, &report)
    } else {
      fail(index, refusal.diagnostics, refusal.leavesDoubt ? .unclear : .refused)
    }
  }

  /// The fields without which an object can be applied after all; nil where it cannot.
  private func omissible(_ refusal: RefusedObject) -> [Path]? {
    if plan.settings.validation.leavesOutUnknown, let paths = refusal.unknownPaths { return paths }
    guard plan.settings.dryRun == .server, refusal.object.isPod, plan.brought(missingFor: refusal) != nil else {
      return nil
    }
    return refusal.missingReference?.fields.map { Path([.key("spec"), .key($0)]) }
      .filter { refusal.object.body.value(at: $0) != nil }
  }

  /// Reports which fields are removed as other managers' fields are taken over.
  mutating func noteTakenOver(_ index: Int, _ removed: [Path]) {
    guard !removed.isEmpty else { return }
    let object = plan.items[index].object
    report.add(.takenOver(removed, by: plan.settings.fieldManager, object), in: object.source)
  }

  /// Reports why an object is not as requested.
  mutating func fail(_ index: Int, _ diagnostics: [Diagnostic], _ answer: ApplyAnswer = .refused) {
    move(index, answer)
    for diagnostic in diagnostics { report.fail(.unavailable, diagnostic, in: plan.items[index].object.source) }
  }
}

extension ApplyAnswer {
  /// The meaning for an object of a request about it that had no answer.
  init(_ failure: ClusterFailure, to request: APIRequest) {
    if request.isRead || request.isTrial {
      self = .untold
    } else {
      self = failure.leavesDoubt ? .unclear : .refused
    }
  }
}
