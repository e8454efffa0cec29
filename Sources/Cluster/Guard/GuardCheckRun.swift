package import Injection
internal import KubernetesAPI
internal import ManifestText
package import Output
internal import Platform
package import Workloads

/// Compares the guard of a cluster with the one it should have, and tells what that one would refuse of what runs.
package struct GuardCheckRun: ~Copyable {
  private let guardian: Guard
  private let judge: GuardJudge
  private let kinds: WorkloadKinds
  private let isEverywhere: Bool
  private var connection: ClusterConnection
  private var product = ClusterProduct(nil)
  private var report: Report
  private var foundDifferences = false
  private var counts = (seen: 0, refused: 0)

  /// Looks at what runs in all namespaces, or in that of the connection.
  package init(
    _ guardian: Guard, kinds: WorkloadKinds, isEverywhere: Bool, over connection: ClusterConnection,
    report: consuming Report
  ) {
    (self.guardian, judge, self.kinds) = (guardian, GuardJudge(guardian), kinds)
    (self.isEverywhere, self.connection) = (isEverywhere, connection)
    self.report = report
    TerminationSignals.hold()
  }

  /// Does it.
  package mutating func all() -> Ending {
    do throws(Fault) {
      tell(try InstalledGuard(guardian, over: &connection).parts)
      let namespaces = try GuardedNamespaces(guardian.exempt, everywhere: isEverywhere, over: &connection, &report)
      if namespaces.isMissing { throw Fault(.missing, .missingNamespace(connection.configuration.namespace)) }
      try judgeWhatRuns(in: namespaces)
      report.end(connection)
    } catch {
      report.fail(error)
    }
    return report.finish(foundDifferences ? .differencesFound : .done)
  }

  // MARK: The guard

  private mutating func tell(_ parts: [InstalledGuard.Part]) {
    var hints: [String] = []
    for part in parts {
      let title = "\(part.kind.lowercased())/\(part.name)"
      if let finding = Diagnostic(of: part) {
        found(finding, in: SourceText(name: title, bytes: []))
        if let hint = finding.hint, !hints.contains(hint) { hints.append(hint) }
      } else {
        product.add("\(title): as it should be", &report)
      }
    }
    for hint in hints { product.add("  hint: \(hint)", &report) }
  }

  private mutating func found(_ finding: Diagnostic, in source: SourceText) {
    foundDifferences = true
    product.add("\(source.name): \(finding.message)", &report)
    report.addVerdict(finding, in: source)
  }

  // MARK: What runs

  private mutating func judgeWhatRuns(in namespaces: GuardedNamespaces) throws(Fault) {
    var objects = LiveObjects(LiveTargets(all: guardedKinds, isEverywhere: isEverywhere), over: connection)
    defer { connection = objects.connection }
    while objects.connection.failure == nil, !TerminationSignals.isPending, let page = try objects.nextPage(&report) {
      for object in page where namespaces.holds(object) && !object.isOver && !isMadeByAnother(object) { judge(object) }
    }
    let noun = guardian.coversWorkloads ? "object" : "pod"
    product.add("\(counts.refused) of \(counts.seen) \(noun)\(counts.seen == 1 ? "" : "s") \(outcome)", &report)
  }

  private var guardedKinds: [WorkloadKind] {
    let rows = [("", "Pod")] + (guardian.coversWorkloads ? GuardedWorkloads.kinds.map { ($0.group, $0.kind) } : [])
    return rows.compactMap { group, kind in kinds.all.first { $0.group == group && $0.kind == kind } }
  }

  private var outcome: String {
    switch guardian.action {
    case .deny: "would be refused if created now"
    case .warn: "would be warned of if created now"
    case .audit: "would be noted in the audit log if created now"
    }
  }

  /// True where what made the object is told in its place.
  private func isMadeByAnother(_ object: LiveObject) -> Bool {
    guard guardian.coversWorkloads else { return false }
    let owner = object.value["metadata"]?["ownerReferences"]?.array?.first { $0["controller"] == true }
    guard let owner, let kind = owner["kind"]?.string else { return false }
    let group = GroupVersion(apiVersion: owner["apiVersion"]?.string ?? "").group
    return GuardedWorkloads.kinds.contains { $0.group == group && $0.kind == kind }
  }

  private mutating func judge(_ object: LiveObject) {
    counts.seen += 1
    guard let sentence = judge.refusal(of: object.value) else { return }
    counts.refused += 1
    found(.refusedByGuard(sentence), in: object.source)
  }
}

/// The namespaces in which a guard counts.
struct GuardedNamespaces {
  private let exempt: ExemptNamespaces
  /// The labels of those that have been read.
  private var labels: [String: Value] = [:]
  /// True where the one namespace that was asked about does not exist.
  private(set) var isMissing = false

  /// Asks for the labels of all namespaces, or of one; where they may not be read, those that are exempt by a label count,
  /// too, which is told.
  init(
    _ exempt: ExemptNamespaces, everywhere: Bool, over connection: inout ClusterConnection, _ report: inout Report
  ) throws(Fault) {
    self.exempt = exempt
    // One namespace is asked about in any case: a list of what runs in one that does not exist is empty, too.
    guard !exempt.labels.isEmpty || !everywhere else { return }
    var path = "/api/v1/namespaces"
    if !everywhere { path += "/\(connection.configuration.namespace)" }
    var start = ""
    repeat {
      var query: [APIRequest.Parameter] = everywhere ? [.init("limit", "500")] : []
      if !start.isEmpty { query.append(.init("continue", start)) }
      let response: APIResponse
      do throws(ClusterFailure) {
        response = try connection.send(APIRequest(.get, path, query: query))
      } catch {
        throw Fault(.unavailable, error.diagnostic(connection.configuration))
      }
      if let status = APIStatus(response) {
        isMissing = status.code == 404 && !everywhere
        if status.code != 404, !exempt.labels.isEmpty { report.add(.namespacesNotRead(status)) }
        return
      }
      guard let body = response.json else { throw Fault(.unavailable, input: "namespaces", .cutShort) }
      for item in everywhere ? body["items"]?.array ?? [] : [body] {
        guard let metadata = item["metadata"], let name = metadata["name"]?.string else { continue }
        labels[name] = metadata["labels"] ?? [:]
      }
      let next = body["metadata"]?["continue"]?.string ?? ""
      start = next == start ? "" : next
    } while everywhere && !start.isEmpty
  }

  /// True for an object in such a namespace.
  func holds(_ object: LiveObject) -> Bool {
    let namespace = object.value["metadata"]?["namespace"]?.string ?? ""
    return !exempt.holds(namespace, labels: labels[namespace])
  }
}

extension Diagnostic {
  /// What there is to say of a part of a guard; nil where it is as it should be.
  fileprivate init?(of part: InstalledGuard.Part) {
    let hint = "kubectl vault-inject guard | kubectl apply -f - puts it in force, with the same options as this check"
    switch part.state {
    case .same: return nil
    case .missing:
      self.init(
        rule: .guardMissing, message: "the cluster does not have it", hint: hint)
    case .different(let places):
      let named = places.prefix(4).map { "spec.\($0)" }.joined(separator: ", ")
      let rest = places.count > 4 ? " and \(places.count - 4) more places" : ""
      self.init(
        rule: .guardDiffers, message: "differs from this guard in \(named)\(rest)", hint: hint)
    case .needless:
      self.init(
        rule: .guardDiffers, message: "binds the policy, and is not part of this guard",
        hint: "delete it, or check with the options that the guard was printed with")
    }
  }

  fileprivate static func refusedByGuard(_ sentence: String) -> Diagnostic {
    Diagnostic(rule: .refusedByGuard, message: sentence)
  }

  fileprivate static func missingNamespace(_ name: String) -> Diagnostic {
    Diagnostic(
      rule: .noNamespace, message: "namespace \(name) does not exist, so nothing runs in it",
      hint: "see kubectl get namespaces, or leave -n out for all of them")
  }

  fileprivate static func namespacesNotRead(_ status: APIStatus) -> Diagnostic {
    Diagnostic(
      rule: .namespacesNotRead,
      message: "the labels of namespaces cannot be read, so those that are exempt by a label are looked at, too: "
        + status.message, hint: "check with kubectl auth can-i list namespaces")
  }
}
