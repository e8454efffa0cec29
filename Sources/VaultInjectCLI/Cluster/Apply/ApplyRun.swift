internal import ArgumentParser
internal import KubernetesAPI
internal import ManifestText

/// Brings objects to the cluster, step by step, and keeps the account of what happened.
///
/// What a refusal can be mended with is in `ApplyRun+Remedies`, the account in `ApplyRun+Account`.
struct ApplyRun: ~Copyable {
  /// Objects that need more than one request.
  struct Remedies {
    /// Objects that `kubectl apply` owns fields of, with the object where it is known.
    var migrations: [(index: Int, object: Value?)] = []
    /// Objects that have to be deleted first.
    var replacements: [Int] = []
  }

  /// How many requests are under way before interrupts are looked for.
  static let chunkSize = 200

  let plan: ApplyPlan
  var connection: ClusterConnection
  var report: Report
  var product: ClusterProduct
  var outcomes: [ApplyOutcome]
  var remedies = Remedies()

  init(_ plan: ApplyPlan, over connection: ClusterConnection, product: ClusterProduct, report: consuming Report) {
    (self.plan, self.connection, self.product) = (plan, connection, product)
    self.report = report
    outcomes = [ApplyOutcome](repeating: .pending, count: plan.items.count)
    TerminationSignals.hold()
  }

  /// Works through the steps; the exit code says what came of it.
  mutating func all() -> ExitCode {
    for step in plan.steps where !isOver {
      apply(step, forced: plan.settings.forcesConflicts)
      remedy()
      if !isOver { waitForDefinitions(step) }
    }
    product.finish(&report)
    account()
    report.finish()
    return report.failure ?? .success
  }

  /// True where nothing more can or shall be asked.
  var isOver: Bool { connection.failure != nil || TerminationSignals.isPending }

  // MARK: Asking

  /// Sends a request for each of some objects, as many at once as is good, and hands over the answers.
  mutating func ask(
    _ indices: [Int], _ request: (Int) -> APIRequest, each: (inout ApplyRun, Int, APIResponse) -> Void
  ) {
    for start in stride(from: 0, to: indices.count, by: Self.chunkSize) where !isOver {
      let chunk = indices[start..<min(start + Self.chunkSize, indices.count)]
      let answers = connection.send(chunk.map(request))
      for text in connection.takeWarnings() { report.add(.fromServer(text)) }
      for (index, answer) in zip(chunk, answers) {
        switch answer {
        case .success(let response): each(&self, index, response)
        case .failure(let failure):
          if outcomes[index] == .pending { outcomes[index] = failure.leavesDoubt ? .unknown : .failed }
        }
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

  private mutating func settle(_ index: Int, _ response: APIResponse, isSecondTry: Bool) {
    if let status = APIStatus(response) { return refuse(index, status, isSecondTry: isSecondTry) }
    let object = plan.items[index].object
    let answer = AppliedObject(response, of: object)
    if let diagnostic = answer.orderDiagnostic { report.add(diagnostic, in: object.source) }
    outcomes[index] = outcomes[index] == .lost ? .replaced : .applied
    if plan.settings.dryRun == .none, !isSecondTry, answer.mayHaveClientSideManager {
      remedies.migrations.append((index, answer.value))
    } else {
      product.add(object, outcomes[index], plan.settings.dryRun, answer, &report)
    }
  }

  private mutating func refuse(_ index: Int, _ status: APIStatus, isSecondTry: Bool) {
    let refusal = plan.refusal(index, status, .applied)
    if !isSecondTry, status.hasOnlyClientSideConflicts {
      remedies.migrations.append((index, nil))
    } else if !isSecondTry, plan.settings.replaces, refusal.isImmutable {
      remedies.replacements.append(index)
    } else {
      fail(index, refusal.diagnostics)
    }
  }

  mutating func fail(_ index: Int, _ diagnostics: [Diagnostic]) {
    if outcomes[index] != .lost { outcomes[index] = .failed }
    for diagnostic in diagnostics { report.fail(.unavailable, diagnostic, in: plan.items[index].object.source) }
  }
}

extension APIStatus {
  /// True where everything in the way of applying was set by `kubectl apply` on the client's side.
  var hasOnlyClientSideConflicts: Bool {
    !conflicts.isEmpty && conflicts.allSatisfy { $0.message.hasPrefix("conflict with \"kubectl-client-side-apply\"") }
  }
}
