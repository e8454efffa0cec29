internal import AgentTemplates
internal import ManifestText
internal import Workloads

/// Where the agents of HashiCorp's injector find and put things.
enum HashiCorpPaths {
  /// The folder of the secrets unless the pod names another.
  static let secrets = "/vault/secrets"
  /// Where a secret of the pod's own is mounted.
  static let custom = "/vault/custom"
}

/// The volumes an injection brings, and where they are mounted.
struct HashiCorpVolumes {
  /// Where the secrets are mounted: the common folder, and those that single secrets name.
  let secretPaths: [String]
  /// What the volumes are called, in order.
  let names: [String]
  private let sources: [(name: String, source: Source)]
  private let pod: HashiCorpPod

  init(_ pod: HashiCorpPod) {
    self.pod = pod
    let path = pod.annotations[HashiCorpTable.secretsPath]
    var paths = [path]
    var known = NameIndex(paths)
    for secret in pod.secrets where known.add(secret.mountPath) { paths.append(secret.mountPath) }
    secretPaths = paths
    sources = Self.sources(pod, customCount: paths.count - 1)
    names = sources.map(\.name)
  }

  /// The mounts that let a container read the secrets.
  var secretMounts: [Value] {
    secretPaths.enumerated().map { index, path in
      if index == 0, path == HashiCorpPaths.secrets { return pod.settings.constants.mounts.secrets }
      return Value.mount(index == 0 ? pod.brand.secretsVolume : Self.customVolume(index - 1, pod.brand), path)
    }
  }

  /// Every volume, in order.
  var all: [Value] { sources.map(volume) }

  /// Where a volume comes from.
  private enum Source {
    case value(Value)
    case memory(String)
    case configMap(String)
    case secret(String)
  }

  private static func sources(_ pod: HashiCorpPod, customCount: Int) -> [(name: String, source: Source)] {
    let (constants, brand) = (pod.settings.constants, pod.brand)
    let agentSize = Source.memory(pod.settings.operatorSettings.agentVolumeSize)
    let secretsSize = Source.memory(pod.settings.operatorSettings.secretsVolumeSize)
    var sources: [(String, Source)] = []
    sources.reserveCapacity(4 + customCount)
    if pod.request.token.isProjected { sources.append((brand.tokenVolume, .value(constants.token))) }
    if pod.runsInitContainer { sources.append((HashiCorpVolumes.homes[0], .value(constants.initHome))) }
    if pod.runsSidecar { sources.append((HashiCorpVolumes.homes[1], .value(constants.sidecarHome))) }
    sources.append((brand.secretsVolume, .value(constants.secrets)))
    for index in 0..<customCount { sources.append((customVolume(index, brand), secretsSize)) }
    if let name = pod.configMap { sources.append((brand.configMapVolume, .configMap(name))) }
    if let name = pod.annotations[HashiCorpTable.extraSecret] { sources.append(("extra-secrets", .secret(name))) }
    if let source = pod.tlsSource { sources.append((brand.tlsVolume, .value(source))) }
    if pod.keepsCache { sources.append((brand.cacheVolume, agentSize)) }
    return sources
  }

  /// The volumes that the init container and the sidecar have to themselves.
  static let homes = ["home-init", "home-sidecar"]

  private static func customVolume(_ index: Int, _ brand: AgentBrand) -> String {
    "\(brand.secretsVolume)-custom-\(index)"
  }

  private func volume(_ name: String, from source: Source) -> Value {
    switch source {
    case .value(let volume): volume
    case .memory(let size): Self.memory(name, size: size)
    case .configMap(let object): Self.configMap(name, object)
    case .secret(let object): Self.secret(name, object)
    }
  }

  /// What an agent mounts, in order.
  func agentMounts(isSidecar: Bool) throws(Diagnostic) -> [Value] {
    let own = pod.settings.constants.mounts
    let token = pod.request.token.isProjected ? own.token : pod.request.token.mount
    var mounts =
      isSidecar
      ? [token, own.sidecarHome]
      : [own.initHome, token]
    if pod.authType == "aws", let mount = try awsTokenMount() { mounts.append(mount) }
    mounts += secretMounts
    if pod.annotations[HashiCorpTable.extraSecret] != nil {
      mounts.append(Value.mount("extra-secrets", HashiCorpPaths.custom, readOnly: true))
    }
    let copied = try copiedMounts()
    if pod.settings.isExact { mounts += copied }
    if pod.configMap != nil { mounts.append(Value.mount(pod.brand.configMapVolume, "/vault/configs", readOnly: true)) }
    if pod.tlsSource != nil { mounts.append(Value.mount(pod.brand.tlsVolume, HashiCorpPod.tlsPath, readOnly: true)) }
    if pod.keepsCache { mounts.append(Value.mount(pod.brand.cacheVolume, "/vault/agent-cache")) }
    return pod.settings.isExact ? mounts : withCopies(copied, mounts)
  }

  /// The mounts in the webhook's order, with those copies that go where nothing else goes: the API server takes one
  /// mount at a path, and the webhook makes two.
  private func withCopies(_ copies: [Value], _ mounts: [Value]) -> [Value] {
    if copies.isEmpty { return mounts }
    var taken = Set(exactly: mounts.compactMap { $0["mountPath"]?.string })
    let free = copies.filter { taken.add($0["mountPath"]?.string ?? "") }
    let behind = [pod.brand.configMapVolume, pod.brand.tlsVolume, pod.brand.cacheVolume].map(Value.string)
    let index = mounts.firstIndex { mount in mount["name"].map(behind.contains) ?? false } ?? mounts.count
    return Array(mounts[..<index]) + free + mounts[index...]
  }

  // MARK: Mounts of the pod's own

  private func awsTokenMount() throws(Diagnostic) -> Value? {
    for container in pod.containers {
      for mount in try container.volumeMounts() where ByteText.holds(mount.mountPath, "eks.amazonaws.com") {
        return Value.mount(mount.name, mount.mountPath, readOnly: true)
      }
    }
    return nil
  }

  /// The mounts of the containers an annotation names, without those of service-account tokens.
  private func copiedMounts() throws(Diagnostic) -> [Value] {
    guard let name = pod.annotations[HashiCorpTable.copyVolumeMounts] else { return [] }
    var mounts: [Value] = []
    for container in pod.containers + pod.initContainers where try container.name() == name {
      for mount in try container.volumeMounts()
      where !ByteText.holds(GoText.lowercased(mount.mountPath), "serviceaccount") {
        let value = try container.document.value(of: mount.node)
        mounts.append(pod.settings.isExact ? value : PodPlace.mount.stored(value))
      }
    }
    return mounts
  }

  // MARK: Values

  /// What Kubernetes mounts at admission, brought along by the manifest for the agents alone; the application's own
  /// containers still get theirs, or none, as their service account has it.
  static func projectedToken(_ operatorSettings: HashiCorpSettings, _ brand: AgentBrand) -> Value {
    var source: Value = [
      "path": "token", "expirationSeconds": .number(String(operatorSettings.tokenExpirationSeconds)),
    ]
    if !operatorSettings.tokenAudience.isEmpty { source["audience"] = .string(operatorSettings.tokenAudience) }
    return [
      "name": .string(brand.tokenVolume), "projected": ["sources": [["serviceAccountToken": source]]],
    ]
  }

  static func configMap(_ volume: String, _ name: String) -> Value {
    ["name": .string(volume), "configMap": ["name": .string(name)]]
  }

  static func secret(_ volume: String, _ name: String) -> Value {
    ["name": .string(volume), "secret": ["secretName": .string(name)]]
  }

  static func memory(_ name: String, size: String = "") -> Value {
    var volume: Value = ["medium": "Memory"]
    if !size.isEmpty { volume["sizeLimit"] = .string((try? Quantity.canonical(size)) ?? size) }
    return ["name": .string(name), "emptyDir": volume]
  }
}

/// The service-account token an agent logs in with, and how it gets to it.
struct HashiCorpToken {
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
  /// On our own volume, which a pod gets where none of its containers mounts a token.
  static func projected(_ brand: AgentBrand) -> HashiCorpToken {
    HashiCorpToken(volume: brand.tokenVolume, mountPath: kubernetesPath, file: "token", isProjected: true)
  }

  /// Where Kubernetes mounts it.
  static let kubernetesPath = "/var/run/secrets/kubernetes.io/serviceaccount"

  /// Looks for the token as the webhook does, among the containers and never the init containers.
  ///
  /// The webhook sees pods after Kubernetes has mounted the token; in a manifest nothing is mounted yet, which is no
  /// reason to refuse it.
  static func find(
    in template: PodTemplate, _ containers: [Container], _ annotations: HashiCorpAnnotations, isExact: Bool
  ) throws(Diagnostic) -> HashiCorpToken {
    if let name = annotations.located(HashiCorpTable.tokenVolume.row), !name.text.isEmpty {
      return try named(name, in: template, containers, annotations.settings.brand)
    }
    for container in containers {
      for mount in try container.volumeMounts()
      where ByteText.holds(mount.mountPath, "serviceaccount") {
        guard !isExact else {
          return HashiCorpToken(volume: mount.name, mountPath: mount.mountPath, file: "token")
        }
        let mounted = HashiCorpMountedToken(
          template: template, mount: mount, audience: annotations.settings.operatorSettings.tokenAudience)
        if let token = try mounted.usable() { return token }
      }
    }
    guard !containers.isEmpty else {
      let absence = try PodContainers(template).absence()
      throw .hashicorp(
        .parsing, "failed to find service account volume mount", hint: absence.hint, at: absence.range,
        saying: absence.message)
    }
    return projected(annotations.settings.brand)
  }

  /// True for the token that AWS wants, which Vault's Kubernetes auth method does not take.
  static func isOfAWS(_ path: String) -> Bool { ByteText.holds(path, "eks.amazonaws.com") }

  private static func named(
    _ name: Annotations.Located, in template: PodTemplate, _ containers: [Container], _ brand: AgentBrand
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
          hint: "add it under spec.volumes", at: name.range,
          saying: "a container mounts the volume `\(name.text)`, and the pod has none of this name")
      }
      return HashiCorpToken(
        volume: name.text, mountPath: mount.mountPath, file: try file(of: volume, name, in: template))
    }
    guard let volume else {
      throw .hashicorp(
        .parsing, "failed to find service account volume \(quoted)",
        hint: "add a projected volume of this name under spec.volumes, or leave \(HashiCorpTable.tokenVolume.key) out",
        at: name.range, saying: "the pod has no volume `\(name.text)`")
    }
    return HashiCorpToken(
      volume: name.text, mountPath: brand.unmountedTokenPath, file: try file(of: volume, name, in: template))
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
      hint: "give the volume a projected source serviceAccountToken with a path", at: name.range,
      saying: "the volume `\(name.text)` brings no service account token")
  }
}

extension PodTemplate {
  /// The pod's own name; empty where it has none yet.
  fileprivate func podName() throws(Diagnostic) -> String {
    try document.node(at: Path([.key("metadata"), .key("name")]), from: node).map(document.text(of:)) ?? ""
  }
}
