public import ManifestText

/// A container of a pod, seen inside a document.
public struct Container: Sendable {
  /// One of its volume mounts.
  public struct Mount: Equatable, Sendable {
    /// The volume's name; empty where it is missing.
    public let name: String
    /// Where it is mounted; empty where that is missing.
    public let mountPath: String
    /// The mount's node.
    public let node: NodeID
  }

  /// One of its environment variables.
  public struct Variable: Equatable, Sendable {
    /// Its name; empty where it is missing.
    public let name: String
    /// The value that is written out; empty where it comes from elsewhere.
    public let value: String
  }

  /// The document.
  public let document: Document
  /// Where the container stands in the document.
  public let path: Path
  /// The container's node.
  public let node: NodeID
  /// True where mounts that admission brought do not count.
  let overlooksAdmittedMounts: Bool

  /// Its name; empty where it has none.
  /// - Throws: A `Diagnostic` where the key stands twice.
  public func name() throws(Diagnostic) -> String {
    try document.value("name", in: node).map(document.text(of:)) ?? ""
  }

  /// Its volume mounts, in order.
  /// - Throws: A `Diagnostic` where `volumeMounts` is no list.
  public func volumeMounts() throws(Diagnostic) -> [Mount] {
    guard let list = try self.list("volumeMounts") else { return [] }
    var mounts: [Mount] = []
    for item in document.items(of: list) {
      let mount = Mount(name: try text("name", of: item), mountPath: try text("mountPath", of: item), node: item)
      let isAdmitted = AdmittedMount.isOne(volume: mount.name, mountPath: mount.mountPath)
      if !(overlooksAdmittedMounts && isAdmitted) { mounts.append(mount) }
    }
    return mounts
  }

  /// Its environment variables, in order.
  /// - Throws: A `Diagnostic` where `env` is no list.
  public func environment() throws(Diagnostic) -> [Variable] {
    guard let list = try list("env") else { return [] }
    var variables: [Variable] = []
    for item in document.items(of: list) {
      variables.append(Variable(name: try text("name", of: item), value: try text("value", of: item)))
    }
    return variables
  }

  /// True where `command` is written out with at least one element.
  /// - Throws: A `Diagnostic` where it is no list.
  public func hasCommand() throws(Diagnostic) -> Bool {
    guard let list = try list("command") else { return false }
    return document.items(of: list).contains { _ in true }
  }

  private func list(_ key: String) throws(Diagnostic) -> NodeID? {
    guard let value = try document.value(key, in: node), !document.isNull(value) else { return nil }
    guard document.isSequence(value) else { throw .notA("list", value, at: path.appending(key), in: document) }
    return value
  }

  private func text(_ key: String, of map: NodeID) throws(Diagnostic) -> String {
    guard let value = try document.value(key, in: map), document.isString(value) else { return "" }
    return document.text(of: value)
  }
}

/// The mount of the service account's token, which admission gives every container without one of its own.
public enum AdmittedMount: Sendable {
  private static let volumePrefix = "kube-api-access-"
  private static let path = "/var/run/secrets/kubernetes.io/serviceaccount"

  /// True for such a mount, by its volume and its path.
  public static func isOne(volume: String, mountPath: String) -> Bool {
    mountPath == path && volume.hasPrefix(volumePrefix)
  }
}
