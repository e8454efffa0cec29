public import ManifestText

/// A pod, or the template of one, seen inside a document.
///
/// A lens: it holds where things are and reads them on demand; nothing is copied.
public final class PodTemplate: Sendable {
  /// The document.
  public let document: Document
  /// The object the template belongs to.
  public let object: ManifestObject
  /// The object's kind.
  public let kind: WorkloadKind
  /// Where the template stands in the document.
  public let path: Path
  /// Where `metadata.annotations` is or would be.
  public let annotationsPath: Path
  /// Where `spec` is.
  public let specPath: Path
  /// The template's node, the parent of `metadata` and `spec`.
  public let node: NodeID
  /// True where mounts that admission brought do not count: they were not there when the pod was injected first.
  private let overlooksAdmittedMounts: Bool

  private init(
    document: Document, object: ManifestObject, kind: WorkloadKind, path: Path, node: NodeID,
    overlooksAdmittedMounts: Bool = false
  ) {
    self.document = document
    self.object = object
    self.kind = kind
    self.path = path
    annotationsPath = PodTemplate.annotationsPath(ofPodAt: path)
    specPath = path.appending("spec")
    self.node = node
    self.overlooksAdmittedMounts = overlooksAdmittedMounts
  }

  /// The same template, in which mounts that admission brought do not count.
  public var withoutAdmittedMounts: PodTemplate {
    PodTemplate(
      document: document, object: object, kind: kind, path: path, node: node, overlooksAdmittedMounts: true)
  }
}

extension PodTemplate {
  /// The pod templates of an object; none where its kind has none or where they are not written out.
  /// - Throws: A `Diagnostic` where a key on the path occurs twice.
  public static func templates(
    of object: ManifestObject, in document: Document, kinds: WorkloadKinds
  ) throws(Diagnostic) -> [PodTemplate] {
    let known = kinds.kind(of: object)
    guard let kind = known == nil ? try bareTemplate(object, in: document) : known else { return [] }
    var templates: [PodTemplate] = []
    for path in kind.templates {
      for (path, node) in try places(path.steps[...], from: object.node, at: object.path, in: document)
      where document.isMapping(node) {
        templates.append(
          PodTemplate(document: document, object: object, kind: kind, path: path, node: node))
      }
    }
    return templates
  }

  /// A pod template by itself, as some tools keep it in a file of its own: with containers, and of no kind.
  private static func bareTemplate(_ object: ManifestObject, in document: Document) throws(Diagnostic) -> WorkloadKind?
  {
    guard object.kind.isEmpty, object.apiVersion.isEmpty, let spec = try document.value("spec", in: object.node),
      let containers = try document.value("containers", in: spec), document.isSequence(containers)
    else { return nil }
    return WorkloadKind("", "", [PodPath(steps: [])])
  }

  private static func places(
    _ steps: ArraySlice<String>, from node: NodeID, at path: Path, in document: Document
  ) throws(Diagnostic) -> [(Path, NodeID)] {
    guard let step = steps.first else { return [(path, node)] }
    let rest = steps.dropFirst()
    guard step == "*" else {
      guard let next = try document.value(step, in: node) else { return [] }
      return try places(rest, from: next, at: path.appending(step), in: document)
    }
    var places: [(Path, NodeID)] = []
    var index = 0
    for item in document.items(of: node) {
      places += try self.places(rest, from: item, at: path.appending(index), in: document)
      index += 1
    }
    for (key, value) in document.entries(of: node) {
      places += try self.places(rest, from: value, at: path.appending(document.text(of: key)), in: document)
    }
    return places
  }
}

extension PodTemplate {
  /// Where `metadata.annotations` is or would be in a template at a path.
  public static func annotationsPath(ofPodAt path: Path) -> Path {
    path.appending("metadata").appending("annotations")
  }

  /// The template's annotations.
  /// - Throws: A `Diagnostic` where `metadata` or `annotations` is not a map.
  public func annotations() throws(Diagnostic) -> Annotations {
    Annotations(document: document, map: try map("annotations", of: metadata(), at: path.appending("metadata")))
  }

  /// The text of a label; nil where it is absent or no string.
  /// - Throws: A `Diagnostic` where `metadata` or `labels` is not a map.
  public func label(_ key: String) throws(Diagnostic) -> String? {
    guard let labels = try map("labels", of: metadata(), at: path.appending("metadata")) else { return nil }
    guard let value = try document.value(key, in: labels), document.isString(value) else { return nil }
    return document.text(of: value)
  }

  /// `spec`; nil where absent or null.
  /// - Throws: A `Diagnostic` where it is not a map.
  public func spec() throws(Diagnostic) -> NodeID? { try map("spec", of: node, at: path) }

  /// True where the pod is to run to completion, and a container that keeps running beside it would stop that.
  /// - Throws: A `Diagnostic` where `spec` is not a map.
  public func isToEnd() throws(Diagnostic) -> Bool {
    if kind.endsItsPods { return true }
    return try restartPolicy().map { PodTemplate.endingPolicies.contains($0) } ?? false
  }

  /// The restart policies of pods that are to run to completion.
  package static let endingPolicies = ["Never", "OnFailure"]

  /// When containers that ended are started again; nil where the pod does not say so.
  /// - Throws: A `Diagnostic` where `spec` is not a map.
  public func restartPolicy() throws(Diagnostic) -> String? {
    guard let spec = try spec(), let policy = try document.value("restartPolicy", in: spec) else { return nil }
    return document.text(of: policy)
  }

  /// The containers of one of the pod's lists, in order.
  /// - Throws: A `Diagnostic` where the list is not a list, or an element is not a map.
  public func containers(_ list: ContainerList) throws(Diagnostic) -> [Container] {
    guard let spec = try spec(), let node = try self.list(list.rawValue, of: spec, at: specPath) else { return [] }
    var containers: [Container] = []
    for item in document.items(of: node) {
      let container = Container(
        document: document, node: item, podPath: path, list: list, index: containers.count,
        overlooksAdmittedMounts: overlooksAdmittedMounts)
      guard document.isMapping(item) else { throw .notA("map", item, at: container.path, in: document) }
      containers.append(container)
    }
    return containers
  }

  /// The names of the pod's volumes.
  /// - Throws: A `Diagnostic` where `volumes` is not a list.
  public func volumeNames() throws(Diagnostic) -> [(name: String, node: NodeID)] { try names(in: "volumes") }

  /// The first of the pod's volumes with a name; nil where there is none.
  /// - Throws: A `Diagnostic` where `volumes` is not a list.
  public func volume(_ name: String) throws(Diagnostic) -> NodeID? {
    guard let spec = try spec(), let node = try list("volumes", of: spec, at: specPath) else { return nil }
    for item in document.items(of: node) {
      if let found = try document.value("name", in: item), document.isText(found, equalTo: name) { return item }
    }
    return nil
  }

  /// The names of the secrets the pod's images are pulled with.
  /// - Throws: A `Diagnostic` where `imagePullSecrets` is not a list.
  public func pullSecretNames() throws(Diagnostic) -> [String] { try names(in: "imagePullSecrets").map(\.name) }

  private func names(in key: String) throws(Diagnostic) -> [(name: String, node: NodeID)] {
    guard let spec = try spec(), let node = try list(key, of: spec, at: specPath) else { return [] }
    var names: [(String, NodeID)] = []
    for item in document.items(of: node) {
      guard let name = try document.value("name", in: item) else { continue }
      names.append((document.text(of: name), name))
    }
    return names
  }

  private func metadata() throws(Diagnostic) -> NodeID? { try map("metadata", of: node, at: path) }

  private func map(_ key: String, of parent: NodeID?, at path: @autoclosure () -> Path) throws(Diagnostic) -> NodeID? {
    guard let parent, let value = try document.value(key, in: parent), !document.isNull(value) else { return nil }
    guard document.isMapping(value) else { throw .notA("map", value, at: path().appending(key), in: document) }
    return value
  }

  private func list(
    _ key: String, of parent: NodeID, at path: @autoclosure () -> Path
  ) throws(Diagnostic) -> NodeID? {
    guard let value = try document.value(key, in: parent), !document.isNull(value) else { return nil }
    guard document.isSequence(value) else { throw .notA("list", value, at: path().appending(key), in: document) }
    return value
  }
}

/// The lists of containers a pod has.
public enum ContainerList: String, CaseIterable, Sendable {
  /// Those that run to completion, or as native sidecars, before the pod's own.
  case initContainers
  /// The pod's own.
  case containers
}

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
  /// The container's node.
  public let node: NodeID
  private let podPath: Path
  private let list: ContainerList
  private let index: Int
  /// True where mounts that admission brought do not count.
  let overlooksAdmittedMounts: Bool

  init(
    document: Document, node: NodeID, podPath: Path, list: ContainerList, index: Int, overlooksAdmittedMounts: Bool
  ) {
    (self.document, self.node, self.podPath) = (document, node, podPath)
    (self.list, self.index, self.overlooksAdmittedMounts) = (list, index, overlooksAdmittedMounts)
  }

  /// Where the container stands in the document.
  public var path: Path { podPath.appending("spec").appending(list.rawValue).appending(index) }

  /// Its name; empty where it has none.
  /// - Throws: A `Diagnostic` where the key stands twice.
  public func name() throws(Diagnostic) -> String {
    try document.value("name", in: node).map(document.text(of:)) ?? ""
  }

  /// Its volume mounts, in order.
  /// - Throws: A `Diagnostic` where `volumeMounts` is not a list.
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
  /// - Throws: A `Diagnostic` where `env` is not a list.
  public func environment() throws(Diagnostic) -> [Variable] {
    guard let list = try list("env") else { return [] }
    var variables: [Variable] = []
    for item in document.items(of: list) {
      variables.append(Variable(name: try text("name", of: item), value: try text("value", of: item)))
    }
    return variables
  }

  /// True where `command` is written out with at least one element.
  /// - Throws: A `Diagnostic` where it is not a list.
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
