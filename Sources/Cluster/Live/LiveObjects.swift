internal import KubernetesAPI
package import ManifestText
package import Output
internal import Platform
package import Workloads

/// Objects of a cluster, page by page, so that no more of them are in memory than a page holds.
package struct LiveObjects {
  /// How many objects a page holds, as kubectl asks for them.
  private static let pageSize = 500

  package internal(set) var connection: ClusterConnection
  private let labels: String?
  private let isEverywhere: Bool
  /// True where it is nothing to tell that there are none.
  private let mayBeNone: Bool
  private let namespace: String
  private var waiting: ArraySlice<LiveTargets.Target>
  /// The kind that is being listed, and where the next page begins.
  private var current: (resource: APIResource, next: String)?
  private var foundAny = false
  /// Keeps a list from going on for ever.
  private var progress = ListProgress()

  /// Prepares to list these objects; no request is sent yet.
  package init(_ targets: LiveTargets, over connection: ClusterConnection) {
    self.connection = connection
    (labels, isEverywhere, waiting) = (targets.labels, targets.isEverywhere, targets.targets[...])
    mayBeNone = targets.mayBeNone
    namespace = connection.configuration.namespace
  }

  /// The next objects, perhaps none; nil after the last.
  package mutating func nextPage(_ report: inout Report) throws(Fault) -> [LiveObject]? {
    report.nameObjects()
    defer { for text in connection.takeWarnings() { report.add(.fromServer(text)) } }
    if let current { return try page(of: current.resource, from: current.next) }
    guard let target = waiting.popFirst() else {
      if !foundAny, !mayBeNone, report.failure == nil { report.add(.noObjects(place)) }
      return nil
    }
    let resource = try resource(of: target)
    let objects =
      if let names = target.names { try objects(named: names, of: resource, &report) } else {
        try page(of: resource, from: "")
      }
    foundAny = foundAny || !objects.isEmpty
    return objects
  }

  /// Sends requests about objects, with the connection the objects come from.
  mutating func send(_ requests: [APIRequest]) -> [ClusterConnection.Answer] { connection.send(requests) }

  /// Waits until objects are ready, over the connection they come from.
  mutating func wait(with wait: inout ReadinessWait, _ report: inout Report) { wait.run(&connection, &report) }

  // MARK: Asking

  private mutating func page(of resource: APIResource, from start: String) throws(Fault) -> [LiveObject] {
    let response = try answer(listing(resource, from: start))
    if let status = APIStatus(response) {
      // The list as it was is forgotten, and the server offers the rest as it is now. No object is taken for another
      // by that: each is changed only in the version that was read.
      if status.code == 410, let rest = response.json?["metadata"]?["continue"]?.string, !rest.isEmpty, rest != start {
        current = (resource, rest)
        return []
      }
      throw Fault(.unavailable, input: resource.qualifiedPlural, .notListed(status, resource, place + user))
    }
    guard let list = response.json else { throw Fault(.unavailable, input: resource.qualifiedPlural, .cutShort) }
    let next = list["metadata"]?["continue"]?.string ?? ""
    let items = list["items"]?.array ?? []
    current = next.isEmpty ? nil : (resource, next)
    if start.isEmpty { progress = ListProgress() }
    guard next.isEmpty || progress.goesOn(items, from: start, to: next) else {
      throw Fault(.unavailable, input: resource.qualifiedPlural, .endlessList)
    }
    return items.map { LiveObject($0, resource, namesNamespace: isEverywhere) }
  }

  /// kubectl's options for impersonation.
  private var user: String { connection.configuration.user.impersonation.options }

  private func listing(_ resource: APIResource, from start: String) -> APIRequest {
    var query = [APIRequest.Parameter("limit", "\(Self.pageSize)")]
    if let labels { query.append(.init("labelSelector", labels)) }
    if !start.isEmpty { query.append(.init("continue", start)) }
    return APIRequest(.get, resource.path(namespace: isEverywhere ? nil : namespace), query: query)
  }

  private mutating func objects(
    named names: [String], of resource: APIResource, _ report: inout Report
  ) throws(Fault) -> [LiveObject] {
    let requests = names.map { APIRequest(.get, resource.path(namespace: namespace, name: $0)) }
    var objects: [LiveObject] = []
    for (name, answer) in zip(names, connection.send(requests)) {
      let response = try response(answer)
      let title = "\(resource.kind.lowercased())\(resource.group.isEmpty ? "" : ".\(resource.group)")/\(name)"
      if let status = APIStatus(response) {
        let kind: Fault.Kind = status.code == 404 ? .missing : .unavailable
        report.fail(Fault(kind, input: title, .notRead(status, resource, name, place, user)))
      } else if let value = response.json {
        objects.append(LiveObject(value, resource, namesNamespace: false))
      } else {
        report.fail(Fault(.unavailable, input: title, .cutShort))
      }
    }
    return objects
  }

  private var place: String { isEverywhere ? "--all-namespaces" : "-n \(namespace)" }

  /// The resource of a kind; for one that not every cluster has, in the version the server prefers.
  private mutating func resource(of target: LiveTargets.Target) throws(Fault) -> APIResource {
    let (group, kind) = (target.kind.group, target.kind.kind)
    if let known = BuiltInResources.resource(group: group, kind: kind) { return known }
    let found = connection.discover([Discovery.Wanted(group: group, version: nil)]).resource(group: group, kind: kind)
    if let failure = connection.failure {
      throw Fault(.unavailable, failure.diagnostic(connection.configuration))
    }
    guard let found else { throw Fault(.unavailable, .kindNotServed(kind, group)) }
    return found
  }

  private mutating func answer(_ request: APIRequest) throws(Fault) -> APIResponse {
    guard let answer = connection.send([request]).first else { throw Fault(.unavailable, .cutShort) }
    return try response(answer)
  }

  private func response(_ answer: ClusterConnection.Answer) throws(Fault) -> APIResponse {
    do throws(ClusterFailure) {
      return try answer.get()
    } catch {
      throw Fault(.unavailable, error.diagnostic(connection.configuration))
    }
  }
}

/// Detects lists whose pages go in circles.
struct ListProgress {
  /// More pages than any cluster can hold.
  private static let mostPages = 20_000
  /// A page may be empty where a selection leaves nothing of it.
  private static let mostEmptyPages = 100

  private var firstNames: Set<ExactText> = []
  private var pages = 0
  private var emptyPages = 0

  /// True where a page is another one than those before it, and does not lead back to itself.
  mutating func goesOn(_ items: [Value], from start: String, to next: String) -> Bool {
    pages += 1
    emptyPages = items.isEmpty ? emptyPages + 1 : 0
    let metadata = items.first?["metadata"]
    let name = "\(metadata?["namespace"]?.string ?? "")/\(metadata?["name"]?.string ?? "")"
    return next != start && pages < Self.mostPages && emptyPages < Self.mostEmptyPages
      && (items.isEmpty || firstNames.add(name))
  }
}

extension Diagnostic {
  /// What was named in a cluster is not there.
  package static let noLiveObjects = Diagnostic(
    rule: .noObjects, message: "the cluster has no such objects, so there is nothing to do",
    hint: "check the namespace (-n, or -A for all of them), and the labels of -l")

  fileprivate static let endlessList = Diagnostic(
    rule: .endlessList, message: "the API server's list does not end: it leads to the same page again and again",
    hint: "the server, or a proxy in between, is at fault; name the objects one by one instead")

  static let cutShort = Diagnostic(
    rule: .answer, message: "the API server's answer is not JSON, or was cut short", hint: "run the command again")

  fileprivate static func noObjects(_ place: String) -> Diagnostic {
    Diagnostic(as: .note, rule: .noObjects, message: "the cluster has no such objects (\(place))")
  }

  fileprivate static func notListed(_ status: APIStatus, _ resource: APIResource, _ place: String) -> Diagnostic {
    let expired = status.code == 410
    return Diagnostic(
      rule: .notListed, message: "cannot be listed: \(status.message)",
      hint: expired
        ? "the cluster forgot where the list was; run the command again"
        : "check with kubectl auth can-i list \(resource.qualifiedPlural) \(place)")
  }

  fileprivate static func notRead(
    _ status: APIStatus, _ resource: APIResource, _ name: String, _ place: String, _ user: String
  ) -> Diagnostic {
    guard status.code == 404 else {
      return Diagnostic(
        rule: .notRead, message: "cannot be read: \(status.message)",
        hint: "check with kubectl auth can-i get \(resource.qualifiedPlural)/\(name) \(place)\(user)")
    }
    return Diagnostic(
      rule: .notFound, message: "the cluster has no such object",
      hint: "see kubectl get \(resource.qualifiedPlural) \(place) for those there are")
  }

  fileprivate static func kindNotServed(_ kind: String, _ group: String) -> Diagnostic {
    Diagnostic(
      rule: .unknownKind, message: "the cluster knows no \(kind) of \(group)",
      hint: "see kubectl api-resources --api-group=\(group)")
  }
}

/// What the command line names in a cluster rather than in files: `deployment/web`, `deployments -l app=web`.
package struct LiveTargets: Sendable {
  /// Objects of one kind.
  package struct Target: Sendable {
    package let kind: WorkloadKind
    /// Their names; nil for all there are.
    package let names: [String]?
  }

  /// The kinds meant where labels alone are given: those whose pods are created again when they change.
  private static let usualKinds = ["Deployment", "StatefulSet", "DaemonSet", "CronJob"]

  package let targets: [Target]
  /// What the labels have to be, as kubectl selects them; nil for any.
  let labels: String?
  /// True for the objects of all namespaces.
  let isEverywhere: Bool

  /// True where it is nothing to tell that there are none.
  private(set) var mayBeNone = false

  /// All objects of some kinds, of which there may be none.
  init(all kinds: [WorkloadKind], isEverywhere: Bool) {
    targets = kinds.map { Target(kind: $0, names: nil) }
    (labels, self.isEverywhere, mayBeNone) = (nil, isEverywhere, true)
  }

  /// Reads the command line; nil where it names manifests.
  /// - Throws: A usage error where it names both, or where what it names makes no sense together.
  package init?(
    words: [String], namesManifests: Bool, labels: String?, isEverywhere: Bool, kinds: WorkloadKinds
  ) throws(Fault) {
    (self.labels, self.isEverywhere) = (labels, isEverywhere)
    if namesManifests || words.isEmpty && labels == nil && !isEverywhere {
      if isEverywhere { throw Fault(.usage, .everywhereInFiles) }
      return nil
    }
    if words.isEmpty {
      let usual = LiveTargets.usualKinds
      targets = kinds.all.filter { usual.contains($0.kind) && ["apps", "batch"].contains($0.group) }
        .map { Target(kind: $0, names: nil) }
      return
    }
    let found = LiveTargets.targets(words, kinds)
    guard let found else {
      if isEverywhere { throw Fault(.usage, .everywhereInFiles) }
      return nil
    }
    let named = found.filter { $0.names != nil }
    if !named.isEmpty, isEverywhere || labels != nil { throw Fault(.usage, .namesAndSelection) }
    for name in named.flatMap({ $0.names ?? [] }) {
      if let fault = RequestText.fault(ofPathPart: name) { throw Fault(.usage, .nameInCluster(name, fault)) }
    }
    targets = found
  }

  /// The targets; nil where a word names a file, or nothing in a cluster.
  private static func targets(_ words: [String], _ kinds: WorkloadKinds) -> [Target]? {
    guard words.allSatisfy({ !isManifest($0) && $0 != "-" }) else { return nil }
    if words.allSatisfy({ $0.contains("/") }) {
      return words.reduce(into: [Target]?([])) { targets, word in
        let parts = word.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty, let kind = kind(parts[0], kinds) else { return targets = nil }
        targets?.append(Target(kind: kind, names: [parts[1]]))
      }
    }
    guard let first = words.first, !first.contains("/") else { return nil }
    let names = Array(words.dropFirst())
    var targets: [Target] = []
    for word in first.split(separator: ",") {
      guard let kind = kind(String(word), kinds) else { return nil }
      targets.append(Target(kind: kind, names: names.isEmpty ? nil : names))
    }
    return targets.isEmpty ? nil : targets
  }

  /// True for what is there, or is called as manifests are: `deploy/web.yaml` is a file that is missing.
  private static func isManifest(_ word: String) -> Bool {
    Format.isOfManifest(word) || URLText.isURL(word) || (try? FileStatus(of: word)) != nil
  }

  private static func kind(_ word: String, _ kinds: WorkloadKinds) -> WorkloadKind? {
    guard let pattern = try? KindPattern(word) else { return nil }
    return kinds.all.first { pattern.matches($0) }
  }
}

extension Diagnostic {
  static func nameInCluster(_ name: String, _ fault: String) -> Diagnostic {
    Diagnostic(
      rule: .usage, message: "`\(name)` names no object of a cluster: a name \(fault)",
      hint: "name objects as kubectl does, such as deployment/web")
  }

  static let everywhereInFiles = Diagnostic(
    rule: .usage, message: "--all-namespaces is about objects of a cluster, and files are named",
    hint: "name a kind instead of files: deployments --all-namespaces")

  static let namesAndSelection = Diagnostic(
    rule: .usage, message: "objects are named, and selected by labels or in all namespaces too",
    hint: "name them, such as deployment/web, or select them, such as deployments -l app=web")
}
