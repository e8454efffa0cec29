internal import KubernetesAPI
internal import ManifestText
internal import Output
internal import Platform
internal import Workloads

/// Waits until workloads are ready, and finds out why those are not that do not become so.
///
/// Objects are read, then watched, each by itself and without a version: a watch then begins with the object as it is,
/// so that nothing is missed and no version can be too old. Where watching is not possible, or ends, they are read again,
/// less and less often.
struct ReadinessWait {
  /// A workload that is waited for.
  struct Workload {
    let object: ReadinessObject
    let resource: APIResource
    /// How far it is; nil where nobody knows yet.
    var state: Readiness?
    /// The object as the cluster has it.
    var live: Value?
    /// True once it was reported what became of it.
    var isTold = false
  }

  /// How long a watch is at most before what is watched is read again.
  private static let watchSeconds = 30
  private static let shortestPause = 1000
  private static let longestPause = 5000
  /// How long an answer is waited for once the time is over, and for what is only to be told.
  private static let patience = 5000

  private let settings: WaitSettings
  private(set) var workloads: [Workload] = []

  init(_ settings: WaitSettings) { self.settings = settings }

  /// Adds an object that was applied.
  mutating func add(_ object: ReadinessObject, _ resource: APIResource) {
    workloads.append(Workload(object: object, resource: resource))
  }

  /// Waits, and reports what did not become ready, each as soon as that is known; what was interrupted is left as it is.
  mutating func run(_ connection: inout ClusterConnection, _ report: inout Report) {
    noteOthers(&report)
    guard !workloads.isEmpty else { return report.add(.nothingToWaitFor) }
    let start = MonotonicClock.milliseconds
    wait(until: start + settings.milliseconds, &connection, &report)
    if !TerminationSignals.isPending { tell(workloads.indices.filter { !workloads[$0].isTold }, &connection, &report) }
  }

  /// What became of each, for the account.
  var account: [ClusterAccount.Waited] {
    workloads.map { workload in
      let outcome: ClusterAccount.Waited.Outcome =
        switch workload.state {
        case .ready?: .ready
        case .never?: .notWaitedFor
        case .waiting?, .failed?, .untold?, nil: .notReady
        }
      let words: String? = if case .waiting(let words)? = workload.state { words } else { nil }
      return ClusterAccount.Waited(
        name: workload.object.qualifiedName, namespace: workload.object.namespace, outcome: outcome, words: words)
    }
  }

  /// Leaves out what makes no pods, or of which nobody knows when it is ready, which is told.
  private mutating func noteOthers(_ report: inout Report) {
    let others = workloads.filter { !Readiness.knows($0.object.kind) }
    for other in others where other.object.makesPods {
      report.add(.unknownReadiness(other.object), in: other.object.source)
    }
    workloads.removeAll { !Readiness.knows($0.object.kind) }
  }

  // MARK: Waiting

  private var pending: [Int] { workloads.indices.filter { workloads[$0].state?.isFinal != true } }

  private mutating func wait(until deadline: Int, _ connection: inout ClusterConnection, _ report: inout Report) {
    var pause = Self.shortestPause
    while !TerminationSignals.isPending {
      let start = MonotonicClock.milliseconds
      look(&connection, before: deadline)
      tellNews(&connection, &report)
      showProgress(&report)
      guard connection.failure == nil, !pending.isEmpty, MonotonicClock.milliseconds < deadline else { return }
      let end = min(deadline, start + Self.watchSeconds * 1000)
      let isWatched = watch(until: end, &connection, &report)
      tellNews(&connection, &report)
      guard connection.failure == nil, !pending.isEmpty else { return }
      pause = isWatched ? Self.shortestPause : min(pause * 2, Self.longestPause)
      rest(until: min(deadline, start + pause))
    }
  }

  private func rest(until end: Int) {
    while MonotonicClock.milliseconds < end, !TerminationSignals.isPending { MonotonicClock.pause(milliseconds: 50) }
  }

  /// Reads what is not ready yet.
  private mutating func look(_ connection: inout ClusterConnection, before deadline: Int) {
    for batch in pending.batches where connection.failure == nil && !TerminationSignals.isPending {
      let end = max(deadline, MonotonicClock.milliseconds + Self.patience)
      for (index, answer) in zip(batch, connection.send(batch.map { request($0).givenUp(at: end) })) {
        switch answer {
        case .success(let response): note(index, response)
        case .failure(let failure):
          // A server that is not there for a moment may be back in the next.
          if failure.isPassing, MonotonicClock.milliseconds < deadline { connection.recover() }
        }
      }
    }
  }

  private func request(_ index: Int) -> APIRequest {
    let (object, resource) = (workloads[index].object, workloads[index].resource)
    return APIRequest(.get, resource.path(namespace: object.namespace, name: object.name))
  }

  private mutating func note(_ index: Int, _ response: APIResponse) {
    if let status = APIStatus(response) {
      switch status.code {
      case 404 where workloads[index].removesItself: workloads[index].state = .untold(.ended)
      case 404: workloads[index].state = .failed("it is gone")
      case 400..<429: workloads[index].state = .untold(.unreadable(status.message))
      default: workloads[index].state = .waiting("it cannot be read: \(status.message)")
      }
    } else if let value = response.json {
      note(index, value)
    }
  }

  private mutating func note(_ index: Int, _ live: Value) {
    workloads[index].live = live
    workloads[index].state = Readiness(of: live, kind: workloads[index].object.kind)
  }

  /// Watches what is not ready yet; false where that is not possible.
  private mutating func watch(
    until end: Int, _ connection: inout ClusterConnection, _ report: inout Report
  ) -> Bool {
    let indices = pending
    guard indices.count <= settings.mostWatches else { return false }
    // Held by one owner at a time, as both closures see how far things are.
    var found: [(index: Int, event: WatchEvent)] = []
    var copy = self
    let isDone = connection.watch(indices.map(watchRequest)) { place, event in
      found.append((indices[place], event))
    } while: {
      for (index, event) in found { copy.take(index, event) }
      if !found.isEmpty { copy.showProgress(&report) }
      found = []
      return copy.news.isEmpty && !copy.pending.isEmpty && MonotonicClock.milliseconds < end
        && !TerminationSignals.isPending
    }
    for (index, event) in found { copy.take(index, event) }
    self = copy
    return isDone
  }

  private mutating func take(_ index: Int, _ event: WatchEvent) {
    guard workloads[index].state?.isFinal != true else { return }
    note(index, event.object)
    guard event.isDeletion, !Readiness.hasEnded(event.object, kind: workloads[index].object.kind) else { return }
    workloads[index].state = .failed("it was deleted")
  }

  private func watchRequest(_ index: Int) -> APIRequest {
    let (object, resource) = (workloads[index].object, workloads[index].resource)
    return APIRequest(
      .get, resource.path(namespace: object.namespace),
      query: [
        .init("watch", "true"), .init("fieldSelector", "metadata.name=\(object.name)"),
        .init("timeoutSeconds", "\(Self.watchSeconds)"),
      ])
  }

  private func showProgress(_ report: inout Report) {
    let ready = workloads.count { $0.state == .ready }
    let others = workloads.count { $0.state?.isFinal == true && $0.state != .ready }
    let wanted = "\(ready) of \(workloads.count) ready\(others == 0 ? "" : ", \(others) not waited for any more")"
    report.progress("\(wanted)\(pending.first.map { text(of: $0) } ?? "")")
  }

  private func text(of index: Int) -> ShownText {
    guard case .waiting(let words)? = workloads[index].state else { return "" }
    return "; \(workloads[index].object.qualifiedName): \(words)"
  }

  // MARK: Telling

  /// What will not change any more, and was not told.
  private var news: [Int] {
    workloads.indices.filter { !workloads[$0].isTold && workloads[$0].state?.isFinal == true }
  }

  private mutating func tellNews(_ connection: inout ClusterConnection, _ report: inout Report) {
    if !TerminationSignals.isPending { tell(news, &connection, &report) }
  }

  /// Reports what became of workloads: why one is not waited for, or is not ready, with what its pods say.
  private mutating func tell(_ indices: [Int], _ connection: inout ClusterConnection, _ report: inout Report) {
    for index in indices {
      workloads[index].isTold = true
      guard case .never(let reason)? = workloads[index].state else { continue }
      report.add(.neverReady(workloads[index].object, reason), in: workloads[index].object.source)
    }
    let bad = indices.filter { !workloads[$0].isSettledWell }
    if !bad.isEmpty { explain(bad, &connection, &report) }
    if !indices.isEmpty { report.flush() }
  }

  private func explain(_ indices: [Int], _ connection: inout ClusterConnection, _ report: inout Report) {
    let wasOpen = connection.failure == nil
    let troubles = wasOpen ? troubles(of: indices, &connection) : [:]
    let lines = wasOpen ? lines(troubles, &connection) : [:]
    // What cannot be read of pods is no failure of the run's own.
    if wasOpen { connection.recover() }
    for index in indices {
      let workload = workloads[index]
      report.fail(
        .unavailable,
        .notReady(
          workload, within: settings.milliseconds, troubles[index], says: lines[index], workload.failedCreation),
        in: workload.object.source)
    }
  }

  private func troubles(of indices: [Int], _ connection: inout ClusterConnection) -> [Int: PodTrouble] {
    var found: [Int: PodTrouble] = [:]
    let selected = indices.compactMap { index in workloads[index].podRequest.map { (index: index, request: $0) } }
    for batch in selected.batches where connection.failure == nil {
      let end = MonotonicClock.milliseconds + Self.patience
      for ((index, _), answer) in zip(batch, connection.send(batch.map { $0.request.givenUp(at: end) })) {
        guard case .success(let response) = answer, response.isSuccess, let body = response.json else { continue }
        found[index] = PodTrouble.newest(of: body["items"]?.array ?? [body], agents: settings.agents)
      }
    }
    return found
  }

  private func lines(_ troubles: [Int: PodTrouble], _ connection: inout ClusterConnection) -> [Int: String] {
    var found: [Int: String] = [:]
    let asked = troubles.keys.sorted().compactMap { index in
      troubles[index]?.log(inNamespace: workloads[index].object.namespace).map { (index: index, request: $0) }
    }
    for batch in asked.batches where connection.failure == nil {
      let end = MonotonicClock.milliseconds + Self.patience
      for ((index, _), answer) in zip(batch, connection.send(batch.map { $0.request.givenUp(at: end) })) {
        guard case .success(let response) = answer, response.isSuccess else { continue }
        found[index] = AgentLine.last(of: response.body)
      }
    }
    return found
  }
}

extension ReadinessWait.Workload {
  /// True where there is nothing to report of it.
  fileprivate var isSettledWell: Bool {
    switch state {
    case .ready?, .never?: true
    case .waiting?, .failed?, .untold?, nil: false
    }
  }

  /// True for a job that the cluster removes once it has ended, however it did.
  fileprivate var removesItself: Bool {
    object.kind == "batch/Job" && live?["spec"]?["ttlSecondsAfterFinished"]?.count != nil
  }

  /// Why its controller makes no pods; nil where it does not say so.
  fileprivate var failedCreation: String? {
    live?["status"]?["conditions"]?.array?.first {
      $0["type"]?.string == "ReplicaFailure" && $0["status"]?.string == "True"
    }?["message"]?.string
  }

  /// Asks for its pods, or for itself where it is one; nil where nothing says which they are.
  fileprivate var podRequest: APIRequest? {
    guard let pods = BuiltInResources.resource(apiVersion: "v1", kind: "Pod"), live != nil else { return nil }
    if resource == pods { return APIRequest(.get, pods.path(namespace: object.namespace, name: object.name)) }
    guard let selector = live?["spec"]?["selector"].flatMap(PodSelector.text) else { return nil }
    return APIRequest(
      .get, pods.path(namespace: object.namespace),
      query: [.init("labelSelector", selector), .init("limit", "200")])
  }
}

extension APIRequest {
  /// The same, for which nobody waits longer than until then.
  fileprivate func givenUp(at deadline: Int) -> APIRequest {
    var request = self
    request.deadline = deadline
    return request
  }
}
