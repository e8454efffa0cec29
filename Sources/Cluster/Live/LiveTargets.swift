package import Output
internal import KubernetesAPI
internal import ManifestText
internal import Platform
package import Workloads

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
    guard words.allSatisfy({ (try? FileStatus(of: $0)) == nil && !URLText.isURL($0) && $0 != "-" }) else { return nil }
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

  private static func kind(_ word: String, _ kinds: WorkloadKinds) -> WorkloadKind? {
    guard let pattern = try? KindPattern(word) else { return nil }
    return kinds.all.first { pattern.matches($0) }
  }
}

extension Diagnostic {
  static func nameInCluster(_ name: String, _ fault: String) -> Diagnostic {
    Diagnostic(
      rule: "usage", message: "`\(name)` names no object of a cluster: a name \(fault)",
      hint: "name objects as kubectl does, such as deployment/web")
  }

  static let everywhereInFiles = Diagnostic(
    rule: "usage", message: "--all-namespaces is about objects of a cluster, and files are named",
    hint: "name a kind instead of files: deployments --all-namespaces")

  static let namesAndSelection = Diagnostic(
    rule: "usage", message: "objects are named, and selected by labels or in all namespaces too",
    hint: "name them, such as deployment/web, or select them, such as deployments -l app=web")
}
