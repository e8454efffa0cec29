internal import ManifestText
internal import Workloads

/// The service-account token an agent logs in with, and how it gets to it.
struct HashiCorpToken {
  /// What our own volume is called, which a pod gets where none of its containers mounts a token.
  static let projectedVolume = "vault-agent-token"

  let volume: String
  let mountPath: String
  let file: String
  /// True where the volume is our own.
  var isProjected = false

  /// The token's full path.
  var path: String { GoText.joined(mountPath, file) }

  /// The same volume mounted in an agent.
  var mount: Value { .mount(volume, mountPath, readOnly: true) }
}

extension HashiCorpToken {
  /// Where Kubernetes mounts it.
  static let kubernetesPath = "/var/run/secrets/kubernetes.io/serviceaccount"
  private static let unmountedPath = "/var/run/secrets/vault.hashicorp.com/serviceaccount"

  /// Looks for the token as the webhook does, among the containers and never the init containers.
  ///
  /// The webhook sees pods after Kubernetes has mounted the token; in a manifest nothing is mounted yet, which is no
  /// reason to refuse it.
  static func find(
    in template: PodTemplate, _ containers: [Container], _ annotations: HashiCorpAnnotations
  ) throws(Diagnostic) -> HashiCorpToken {
    if let name = annotations.located(HashiCorpTable.tokenVolume.row), !name.text.isEmpty {
      return try named(name, in: template, containers)
    }
    for container in containers {
      for mount in try container.volumeMounts() where ByteText.holds(mount.mountPath, "serviceaccount") {
        return HashiCorpToken(volume: mount.name, mountPath: mount.mountPath, file: "token")
      }
    }
    guard !containers.isEmpty else {
      throw .hashicorp(
        .parsing, "failed to find service account volume mount", hint: "add a container under spec.containers",
        at: template.document.range(of: try template.spec() ?? template.node))
    }
    return HashiCorpToken(volume: projectedVolume, mountPath: kubernetesPath, file: "token", isProjected: true)
  }

  private static func named(
    _ name: Annotations.Located, in template: PodTemplate, _ containers: [Container]
  ) throws(Diagnostic) -> HashiCorpToken {
    let volume = try template.volume(name.text)
    let quoted = GoQuote.quoted(name.text)
    var mounts: [Container.Mount] = []
    for container in containers { mounts += try container.volumeMounts() }
    if let mount = mounts.first(where: { ByteText.isEqual($0.name, name.text) }) {
      guard let volume else {
        let pod = GoQuote.quoted(try template.podName())
        throw .hashicorp(
          .parsing, "failed to find volume \(quoted) in Pod \(pod) volumes",
          hint: "a container mounts it: add it under spec.volumes", at: name.range)
      }
      return HashiCorpToken(
        volume: name.text, mountPath: mount.mountPath, file: try file(of: volume, name, in: template))
    }
    guard let volume else {
      throw .hashicorp(
        .parsing, "failed to find service account volume \(quoted)",
        hint: "add a projected volume of this name under spec.volumes, or leave \(HashiCorpTable.tokenVolume.key) out",
        at: name.range)
    }
    return HashiCorpToken(
      volume: name.text, mountPath: unmountedPath, file: try file(of: volume, name, in: template))
  }

  /// The token's file among the sources of a projected volume.
  private static func file(
    of volume: NodeID, _ name: Annotations.Located, in template: PodTemplate
  ) throws(Diagnostic) -> String {
    let document = template.document
    if let sources = try document.node(at: Path([.key("projected"), .key("sources")]), from: volume) {
      let path = Path([.key("serviceAccountToken"), .key("path")])
      for source in document.items(of: sources) {
        guard let file = try document.node(at: path, from: source), document.isString(file) else { continue }
        let text = document.text(of: file)
        if !text.isEmpty { return text }
      }
    }
    throw .hashicorp(
      .parsing, "failed to find tokenPath for projected volume \(GoQuote.quoted(name.text))",
      hint: "give the volume a projected source serviceAccountToken with a path", at: name.range)
  }
}

extension PodTemplate {
  /// The pod's own name; empty where it has none yet.
  fileprivate func podName() throws(Diagnostic) -> String {
    try document.node(at: Path([.key("metadata"), .key("name")]), from: node).map(document.text(of:)) ?? ""
  }
}
