internal import KubernetesAPI
internal import ManifestText
internal import Output
internal import Platform

/// The account at the end of a run in which not everything was done.
extension ApplyRun {
  /// Waits for what was applied, where everything was.
  mutating func waitUntilReady() {
    guard let settings = plan.settings.wait, !isOver, outcomes.allSatisfy(\.isDone) else { return }
    var wait = ReadinessWait(settings)
    for item in plan.items { wait.add(ReadinessObject(item.object), item.resource) }
    wait.run(&connection, &report)
    waiting = wait
  }

  /// Reports which objects the cluster has now and which it has not.
  mutating func account() {
    report.end(connection)
    accountForDeleted()
    // Where no request went through there is nothing to tell apart.
    if connection.failure != nil, !outcomes.contains(where: \.isSettled) { return }
    let entries = zip(plan.items, outcomes).map { item, outcome in
      ClusterAccount.Entry(
        name: item.object.qualifiedName, namespace: item.object.namespace, place: item.object.place, outcome: outcome)
    }
    let pruned = membership.pruned.map { object, outcome in
      ClusterAccount.Pruned(name: object.title, namespace: object.namespace, outcome: outcome)
    }
    report.add(
      ClusterAccount(
        entries: entries, pruned: plan.set == nil ? nil : pruned, waited: waiting?.account,
        isCutShort: TerminationSignals.isPending || connection.failure != nil, isTrial: plan.settings.dryRun != .none))
  }
}

extension ClusterObject {
  /// `file:line`.
  var place: String {
    let location = source.location(of: start)
    return "\(location.file):\(location.line)"
  }
}

extension Diagnostic {
  static func notMigrated(_ object: ClusterObject, _ status: APIStatus) -> Diagnostic {
    Diagnostic(
      rule: .notMigrated,
      message: "\(object.displayName): what kubectl apply owns could not be taken over: \(status.message)",
      hint: "fields that are gone from the manifest stay until kubectl apply removes them", range: object.range)
  }
}

/// The text for an outcome.
extension ApplyOutcome {
  /// The name of an attempt to apply it, for use in sentences.
  var attempt: ClusterOperation {
    switch self {
    case .lost, .perhapsLost: .recreated
    case .gone: .created
    default: .applied
    }
  }

  /// kubectl's word for it, with the kind of dry run.
  func words(_ dryRun: ApplySettings.DryRun) -> String {
    let verb = self == .applied ? "serverside-applied" : rawValue
    return switch dryRun {
    case .none: verb
    case .client: "\(verb) (dry run)"
    case .server: "\(verb) (server dry run)"
    }
  }
}
