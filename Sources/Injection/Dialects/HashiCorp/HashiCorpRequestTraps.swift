internal import ManifestText
internal import Workloads

/// Requests that come to nothing, or to something else than was meant.
struct HashiCorpRequestTraps {
  private let pod: HashiCorpPod
  private var annotations: HashiCorpAnnotations { pod.annotations }

  init(_ pod: HashiCorpPod) { self.pod = pod }

  func findings() throws(Diagnostic) -> [Diagnostic] {
    guard pod.runsInitContainer || pod.runsSidecar else {
      return [.noAgent(at: annotations.place(HashiCorpTable.prePopulateOnly.row))]
    }
    return try [nothingToFetch(), lateRevocation()].compactMap(\.self) + mistakenSecrets() + unreadableFiles()
  }

  /// Neither a secret, a token, a cache nor a configuration of the pod's own.
  private func nothingToFetch() -> Diagnostic? {
    let request = pod.request
    guard pod.request.secrets.isEmpty, pod.variables.isEmpty, !request.usesAgentBeside, pod.configMap == nil,
      pod.patches.sidecar == nil, pod.patches.initContainer == nil
    else { return nil }
    return .nothingToFetch(at: pod.requestPlace)
  }

  /// The kubelet ends what is still there after the pod's time is over.
  private func lateRevocation() throws(Diagnostic) -> Diagnostic? {
    guard pod.request.revokesOnShutdown, pod.runsSidecar else { return nil }
    let period = try pod.template.gracePeriod() ?? 30
    guard pod.request.revokeGrace >= UInt64(max(0, period)) else { return nil }
    return .lateRevocation(pod.request.revokeGrace, period, at: annotations.place(HashiCorpTable.revokeGrace.row))
  }

  // MARK: Secrets

  private static let detailsInNames: [(beginning: String, row: AnnotationSchema.Row)] = [
    ("template-file-", HashiCorpTable.templateFile.row), ("template-", HashiCorpTable.template.row),
    ("command-", HashiCorpTable.command.row), ("file-", HashiCorpTable.file.row),
    ("perms-", HashiCorpTable.permissions.row), ("permissions-", HashiCorpTable.permissions.row),
  ]

  /// Secrets called as if they were details of another: `agent-inject-secret-command-db` beside a secret `db`.
  private func mistakenSecrets() -> [Diagnostic] {
    let names = NameIndex(pod.request.secrets.map(\.name))
    return pod.request.secrets.compactMap { secret in
      guard !secret.path.isEmpty, !PathText(secret.path).mayBeInVault,
        let key = annotations.entries.first(where: {
          ByteText.isEqual($0.key, HashiCorpTable.secret.row.key(of: secret.name))
        })
      else { return nil }
      for detail in Self.detailsInNames {
        guard let name = ByteText.rest(of: secret.name, after: detail.beginning), names.contains(name) else { continue }
        return .mistakenSecret(
          annotations.fullKey(key.key), annotations.fullKey(detail.row.key(of: name)), secret.name,
          at: key.keyRange)
      }
      return nil
    }
  }

  // MARK: Rights

  /// The mode in which the agent writes a token, whatever is said of secrets.
  private static let tokenMode = 0o640

  /// Files that a container's user cannot read, as far as the manifest names the users.
  private func unreadableFiles() throws(Diagnostic) -> [Diagnostic] {
    guard pod.request.setsSecurityContext, let owner = pod.request.runAsUser else { return [] }
    var findings: [Diagnostic] = []
    let files =
      pod.secrets.compactMap { secret -> (String, Int, Range<Int>?)? in
        guard let mode = FileMode.bits(of: secret.permissions), mode != 0 else { return nil }
        return (
          secret.destination, mode,
          annotations.located(HashiCorpTable.permissions.row, secret.name)?.range ?? secret.place
        )
      }
      + (pod.request.writesToken
        ? [
          (
            GoText.joined(annotations[HashiCorpTable.secretsPath], "token"), Self.tokenMode,
            annotations.place(HashiCorpTable.writesToken.row)
          )
        ] : [])
    for (file, mode, place) in files where mode & 0o004 == 0 {
      for container in try pod.readers() {
        let reader = try FileReader(container, of: pod.template)
        guard let user = reader.user, user != 0, user != owner, !reader.sharesGroup(pod.request.runAsGroup, mode) else {
          continue
        }
        let isFirst =
          try pod.containers.first.map { (first) throws(Diagnostic) in try FileReader(first).user == user } ?? false
        findings.append(
          .unreadable(
            file, owner, try container.name(), user,
            isFirst
              ? "set \(HashiCorpTable.runAsSameUser.key): \"true\""
              : "set \(HashiCorpTable.runAsUser.key): \"\(user)\"",
            at: place))
        break
      }
    }
    return findings
  }
}

/// The user and the groups that a container reads files as; nil or empty where the manifest does not say.
private struct FileReader {
  private(set) var user: Int64?
  private var groups: [Int64] = []
  /// True where the volume's files belong to a group that all containers are in.
  private var sharesVolumeGroup = false

  /// As the container itself says it.
  init(_ container: Container) throws(Diagnostic) {
    let document = container.document
    guard let context = try document.value("securityContext", in: container.node) else { return }
    user = try document.integer("runAsUser", in: context)
    if let group = try document.integer("runAsGroup", in: context) { groups.append(group) }
  }

  /// With what the pod says for all.
  init(_ container: Container, of template: PodTemplate) throws(Diagnostic) {
    try self.init(container)
    let document = template.document
    guard let spec = try template.spec(), let context = try document.value("securityContext", in: spec) else { return }
    if user == nil { user = try document.integer("runAsUser", in: context) }
    if groups.isEmpty, let group = try document.integer("runAsGroup", in: context) { groups.append(group) }
    sharesVolumeGroup = try document.integer("fsGroup", in: context) != nil
    if let others = try document.value("supplementalGroups", in: context) {
      groups += document.items(of: others).compactMap { Int64(document.text(of: $0)) }
    }
  }

  /// True where a file of this mode can be read as one of its group.
  func sharesGroup(_ group: Int64?, _ mode: Int) -> Bool {
    guard mode & 0o040 != 0 else { return false }
    return sharesVolumeGroup || group.map(groups.contains) ?? true
  }
}

/// A path as an annotation names it.
private struct PathText {
  private let text: String

  init(_ text: String) { self.text = text }

  /// False for what is no path of a secret: one without a folder, a command, a template.
  var mayBeInVault: Bool {
    text.utf8.contains(UInt8(ascii: "/")) && !text.utf8.contains { $0 <= ASCII.space || $0 == ASCII.openBrace }
  }
}

extension Document {
  /// A whole number under a key; nil where there is none.
  fileprivate func integer(_ key: String, in map: NodeID) throws(Diagnostic) -> Int64? {
    guard let value = try value(key, in: map) else { return nil }
    return Int64(text(of: value))
  }
}

extension PodTemplate {
  /// How many seconds the pod has to end; nil where it does not say.
  func gracePeriod() throws(Diagnostic) -> Int64? {
    guard let spec = try spec() else { return nil }
    return try document.integer("terminationGracePeriodSeconds", in: spec)
  }
}
