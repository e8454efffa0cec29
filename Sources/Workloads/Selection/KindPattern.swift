public import ManifestText

/// A kind as kubectl lets one name it: `Deployment`, `deployments`, `deploy`, `deployment.apps`, `deployments.v1.apps`.
public struct KindPattern: Sendable {
  /// The kind as it was written.
  public let text: String
  /// What was written of it without a group, in small letters.
  public let name: String
  /// The group, with or without a version before it; nil for any.
  private let group: String?

  /// Reads a kind's name.
  /// - Throws: A `Diagnostic` where this is no name of a kind.
  public init(_ text: String) throws(Diagnostic) {
    let parts = text.lowercased().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, !first.isEmpty, first.utf8.allSatisfy(KindPattern.isLetterOrDigit) else {
      throw .notAKind(text)
    }
    self.text = text
    name = String(first)
    group = parts.count > 1 ? String(parts[1]) : nil
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }

  /// True where the object is of this kind.
  public func matches(_ object: ManifestObject) -> Bool {
    guard let group else { return isNamed(object.kind, object.group) }
    let isOfGroup = group == object.group || group == "\(object.version).\(object.group)" || group == object.apiVersion
    return isOfGroup && isNamed(object.kind, object.group)
  }

  /// True where this names the kind, in whatever version.
  public func matches(_ kind: WorkloadKind) -> Bool {
    guard let group else { return isNamed(kind.kind, kind.group) }
    return isNamed(kind.kind, kind.group) && (group == kind.group || group.hasSuffix(".\(kind.group)"))
  }

  private func isNamed(_ kind: String, _ group: String) -> Bool {
    let word = kind.lowercased()
    guard !word.isEmpty else { return false }
    return name == word || name == KindPattern.plural(of: word)
      || KindPattern.shortNames[kind]?.contains { $0.name == name && $0.group == group } == true
  }

  /// What the API server calls many of a kind, by the rule that all kinds in use follow.
  private static func plural(of kind: String) -> String {
    if kind.hasSuffix("endpoints") { return kind }
    if kind.hasSuffix("s") { return kind + "es" }
    if kind.hasSuffix("y") { return kind.dropLast() + "ies" }
    return kind + "s"
  }

  /// The short names of the kinds that make pods, as their API servers announce them.
  private static let shortNames: [String: [(group: String, name: String)]] = [
    "Pod": [("", "po")],
    "ReplicationController": [("", "rc")],
    "ReplicaSet": [("apps", "rs"), ("extensions", "rs")],
    "Deployment": [("apps", "deploy"), ("extensions", "deploy")],
    "StatefulSet": [("apps", "sts"), ("apps.kruise.io", "sts"), ("apps.kruise.io", "asts")],
    "DaemonSet": [
      ("apps", "ds"), ("extensions", "ds"), ("apps.kruise.io", "daemon"), ("apps.kruise.io", "ads"),
    ],
    "CronJob": [("batch", "cj")],
    "Rollout": [("argoproj.io", "ro")],
    "Service": [("serving.knative.dev", "ksvc"), ("serving.knative.dev", "kservice")],
    "Configuration": [("serving.knative.dev", "cfg"), ("serving.knative.dev", "config")],
    "Revision": [("serving.knative.dev", "rev")],
    "DeploymentConfig": [("apps.openshift.io", "dc"), ("", "dc")],
    "CloneSet": [("apps.kruise.io", "clone")],
  ]
}

extension KindPattern {
  /// The names a kind goes by: its own, in the plural, and short.
  static func words(for kind: WorkloadKind) -> [String] {
    let short = shortNames[kind.kind]?.filter { $0.group == kind.group }.map(\.name) ?? []
    return [kind.kind, plural(of: kind.kind.lowercased())] + short
  }
}

extension WorkloadKinds {
  /// The names the kinds go by.
  public var words: [String] { all.flatMap(KindPattern.words) }
}

extension ManifestObject {
  /// The API version without its group: `v1` of `apps/v1`.
  fileprivate var version: Substring {
    apiVersion.utf8.firstIndex(of: UInt8(ascii: "/")).map { apiVersion[$0...].dropFirst() } ?? apiVersion[...]
  }
}
