internal import ManifestText
internal import Workloads

/// What the webhook lets through and then hurts its users: pointed at, while the result stays what the webhook makes.
struct HashiCorpTraps {
  private let pod: HashiCorpPod
  private let volumes: HashiCorpVolumes
  private let annotations: HashiCorpAnnotations
  private let request: HashiCorpRequest
  private let configMaps: InputConfigMaps

  init(_ pod: HashiCorpPod, _ volumes: HashiCorpVolumes, beside configMaps: InputConfigMaps) {
    self.pod = pod
    self.volumes = volumes
    self.configMaps = configMaps
    annotations = pod.annotations
    request = pod.request
  }

  /// Every trap the pod walks into, from the top of the manifest to its bottom.
  func findings() throws(Diagnostic) -> [Diagnostic] {
    let secrets = HashiCorpSecretTraps(pod)
    let findings =
      try HashiCorpKeyTraps(pod).findings() + rows() + containerNames() + secrets.findings()
      + HashiCorpTemplates(pod, volumes).findings() + agents() + connection() + nameClashes() + mountClashes()
    let others =
      try HashiCorpValueTraps(pod).findings() + HashiCorpFileTraps(pod, volumes).findings()
      + HashiCorpLoginTraps(pod).findings() + HashiCorpOrderTraps(pod, volumes).findings()
      + HashiCorpRequestTraps(pod).findings() + HashiCorpConfigMapTraps(pod, configMaps).findings()
      + HashiCorpVariableTraps(pod).findings()
    return (findings + others).sorted { ($0.range?.lowerBound ?? 0) < ($1.range?.lowerBound ?? 0) }
  }

  /// What there is to say about the agents' containers as they are injected: both are of one making, so each thing is
  /// said once.
  func findings(on agents: [Value]) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for agent in agents {
      let found = InjectedContainer(agent).findings(at: pod.requestPlace) { list, resource in
        HashiCorpTable.amounts[list]?[resource].flatMap { annotations.located($0)?.range }
      }
      findings += found.filter { one in !findings.contains { $0.rule == one.rule && $0.range == one.range } }
    }
    return findings
  }

  // MARK: Values

  /// What the table has to say: empty texts that mean something else than no annotation, and conditions that do not
  /// hold.
  private func rows() -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for (row, empty) in HashiCorpTable.toldWhereEmpty {
      guard let found = annotations.located(row), found.text.isEmpty, empty.matters(pod) else { continue }
      findings.append(.emptyAnnotation(annotations.fullKey(row.key), empty.meaning, at: found.range))
    }
    findings += HashiCorpTable.judgements.compactMap { $0.finding(on: pod, at: annotations.place($0.row)) }
    return findings + ineffective()
  }

  /// Annotations that the pod has for nothing.
  private func ineffective() -> [Diagnostic] {
    var ineffective = IneffectiveAnnotations()
    for (found, known) in zip(annotations.entries, annotations.known).sorted(by: {
      $0.0.keyRange.lowerBound < $1.0.keyRange.lowerBound
    }) {
      guard let (entry, name) = known else { continue }
      let place = AnnotationPlace(key: found.key, name: name, range: found.keyRange)
      guard let obstacle = entry.obstacle(in: pod, place, found.value.text) else { continue }
      ineffective.add(annotations.fullKey(found.key), obstacle, at: found.keyRange)
    }
    return ineffective.findings
  }

  private func containerNames() throws(Diagnostic) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    let key = annotations.fullKey(HashiCorpTable.containers.key)
    if let list = annotations.located(HashiCorpTable.containers.row), !list.text.isEmpty {
      let known = try names(of: pod.containers)
      let (names, isKnown) = (GoText.split(list.text, at: ","), NameIndex(known))
      let initNames = try self.names(of: pod.initContainers)
      let candidates = names.count * known.count <= NearestName.mostComparisons ? known : []
      let fix = spacing(of: list.text, allowing: isKnown)
      for name in names where !isKnown.contains(name) {
        findings.append(
          name.isEmpty
            ? .surplusComma(key, at: list.range)
            : initNames.contains(name)
              ? .namesInitContainer(name, key, mountsSecrets: request.prePopulates, at: list.range)
              : .unknownContainer(name, key, among: candidates, at: list.range).fixed(by: fix))
      }
    }
    let copied = HashiCorpTable.copyVolumeMounts
    if let name = annotations[copied] {
      let known = try names(of: pod.containers + pod.initContainers)
      if !known.holdsExactly(name) {
        findings.append(
          .unknownContainer(
            name, annotations.fullKey(copied.key), among: known, at: annotations.place(copied.row)))
      }
    }
    return findings
  }

  /// What removes the spaces from a list of containers, where that is all there is wrong with it.
  private func spacing(of list: String, allowing known: NameIndex) -> Fix? {
    let compact = CommaList(list).compact
    guard compact != list, GoText.split(compact, at: ",").allSatisfy(known.contains) else { return nil }
    let key = annotations.fullKey(HashiCorpTable.containers.key)
    return .text(at: pod.template.annotationsPath.appending(key), compact)
  }

  private func names(of containers: [Container]) throws(Diagnostic) -> [String] {
    try containers.map { (container) throws(Diagnostic) in try container.name() }
  }

  // MARK: Agents

  private func agents() throws(Diagnostic) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    let user = annotations.located(HashiCorpTable.runAsUser.row)
    if request.setsSecurityContext, request.runAsUser == 0, user?.text.isEmpty != true {
      findings.append(.runsAsRoot(pod.brand, isAnnotated: user != nil, at: user?.range ?? pod.requestPlace))
    }
    if try holdsSubstitution() { findings.append(.stopsFlux(pod.brand.variables.configuration, at: pod.requestPlace)) }
    return findings + jobs()
  }

  /// True where the agents start as the webhook's do, which Flux takes for variables of its own, and nobody told it
  /// not to.
  private func holdsSubstitution() throws(Diagnostic) -> Bool {
    guard pod.settings.isExact, pod.configMap == nil, pod.runsInitContainer || pod.runsSidecar else { return false }
    let template = pod.template
    let key = "kustomize.toolkit.fluxcd.io/substitute"
    for map in ["annotations", "labels"] {
      let path = Path([.key("metadata"), .key(map), .key(key)])
      guard let node = try template.document.node(at: path, from: template.object.node) else { continue }
      if template.document.text(of: node) == "disabled" { return false }
    }
    return true
  }

  /// An agent in a container of its own never ends, and neither does its Job then.
  private func jobs() -> [Diagnostic] {
    let kind = pod.template.kind
    guard annotations.isToEnd, pod.runsSidecar else { return [] }
    let choice = annotations.located(HashiCorpTable.nativeSidecar.row)
    let place = choice?.range ?? pod.requestPlace
    if !pod.isNative { return [.agentNeverEnds(kind.kind, knowsNative: !pod.settings.isExact, at: place)] }
    let isChosen = choice != nil || pod.settings.operatorSettings.sidecars == .native
    return isChosen ? [] : [.jobRunsNatively(kind.kind, at: pod.requestPlace)]
  }

  // MARK: Connection

  private func connection() -> [Diagnostic] {
    var findings: [Diagnostic] = []
    if pod.authType == "kubernetes", HashiCorpToken.isOfAWS(request.token.mountPath) {
      findings.append(.tokenOfAWS(request.token.mountPath, at: annotations.range))
    }
    if let first = HashiCorpTelemetry.droppedPlace(annotations) { findings.append(.telemetryDropped(at: first)) }
    return findings
  }

  // MARK: Names

  private func nameClashes() throws(Diagnostic) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    let names = NameIndex(volumes.names)
    for (name, node) in try pod.template.volumeNames() where names.contains(name) {
      let range = pod.template.document.range(of: node)
      findings.append(.clash("volume", name, at: range).fixed(by: try removal(ofOwn: name)))
    }
    let added = [
      pod.runsInitContainer ? pod.brand.initContainer : nil,
      pod.runsSidecar ? pod.brand.sidecar : nil,
    ].compactMap(\.self)
    for container in pod.initContainers + pod.containers {
      let name = try container.name()
      if added.holdsExactly(name) {
        findings.append(.clash("container", name, at: container.document.range(of: container.node)))
      }
    }
    return findings
  }

  /// What takes the pod's own volume for the secrets out, with its mounts: it is empty, and the injected one is mounted in
  /// every container.
  private func removal(ofOwn name: String) throws(Diagnostic) -> Fix? {
    let document = pod.template.document
    guard let volume = try pod.template.volume(name),
      try document.node(at: Path([.key("emptyDir")]), from: volume) != nil
    else { return nil }
    guard name == pod.brand.secretsVolume, annotations.located(HashiCorpTable.containers.row) == nil else {
      return nil
    }
    var places = [volume]
    for container in pod.initContainers + pod.containers {
      places += try container.volumeMounts().filter { $0.name == name }.map(\.node)
    }
    let paths = places.compactMap { document.elementPath(at: document.range(of: $0).lowerBound) }
    return paths.count == places.count ? .removal(paths) : nil
  }

  /// Containers that mount something of their own where the secrets are mounted.
  private func mountClashes() throws(Diagnostic) -> [Diagnostic] {
    let paths = NameIndex(volumes.secretPaths)
    var findings: [Diagnostic] = []
    for container in try pod.readers() {
      for mount in try container.volumeMounts() where paths.contains(mount.mountPath) && !mount.mountPath.isEmpty {
        let range = container.document.range(of: mount.node)
        findings.append(
          volumes.names.contains(mount.name)
            ? .mountsOwnSecrets(try container.name(), mount.name, mount.mountPath, range: range)
            : .mountPathTaken(try container.name(), mount.mountPath, range: range))
      }
    }
    return findings
  }
}

/// Keys that the API server refuses, or that belong to a secret there is not.
struct HashiCorpKeyTraps {
  private let pod: HashiCorpPod
  private let names: NameIndex
  /// The secrets a misspelt name may stand for.
  private let candidates: [String]

  init(_ pod: HashiCorpPod) {
    self.pod = pod
    let names = pod.request.secrets.map(\.name)
    self.names = NameIndex(names)
    candidates = names.count * pod.annotations.entries.count <= NearestName.mostComparisons ? names : []
  }

  func findings() -> [Diagnostic] {
    zip(pod.annotations.entries, pod.annotations.known).compactMap { entry, known in
      if entry.key.utf8.count > 63 { return .longKey(entry.key, at: entry.keyRange) }
      if !Self.isName(entry.key) { return .unfitKey(entry.key, at: entry.keyRange) }
      // What belongs to no secret is no orphan.
      if let row = known?.entry.row, !HashiCorpTable.secretDetails.contains(where: { $0 === row }) { return nil }
      return orphan(entry)
    }
  }

  private func orphan(_ entry: Annotations.Named) -> Diagnostic? {
    for family in HashiCorpTable.secretDetails {
      guard let stem = family.stem, let name = ByteText.rest(of: entry.key, after: stem) else { continue }
      if names.contains(name) { return nil }
      let key = pod.annotations.fullKey(entry.key)
      let isToken = family == HashiCorpTable.permissions.row && name == "token" && pod.request.writesToken
      if isToken { return .permissionsOfToken(key, at: entry.keyRange) }
      if let meant = self.key(meantBy: name, besides: stem) { return .orphan(key, meant: meant, at: entry.keyRange) }
      return .orphan(key, name, among: candidates, at: entry.keyRange)
    }
    return nil
  }

  /// The key that was meant where what stands for a secret's name says what the annotation is to be about, as in
  /// `agent-inject-file-permission`.
  private func key(meantBy name: String, besides stem: String) -> String? {
    let words = AnnotationWords(name)
    let family = HashiCorpTable.secretDetails.first { row in
      row.stem != stem && row.stem.map { AnnotationWords($0) == words } ?? false
    }
    let secrets = pod.request.secrets
    return family.map { secrets.count == 1 ? $0.key(of: secrets[0].name) : $0.key }
  }

  /// What may stand after the slash of an annotation's key.
  private static func isName(_ key: String) -> Bool {
    guard let first = key.utf8.first, let last = key.utf8.last else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && key.utf8.allSatisfy { isAlphanumeric($0) || $0 == ASCII.dash || $0 == ASCII.dot || $0 == UInt8(ascii: "_") }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    ASCII.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}

/// Secrets that do not become the files they are meant to be.
struct HashiCorpSecretTraps {
  private let pod: HashiCorpPod

  init(_ pod: HashiCorpPod) { self.pod = pod }

  func findings() -> [Diagnostic] {
    var findings: [Diagnostic] = []
    var destinations = NameIndex()
    for secret in pod.secrets {
      if !destinations.add(secret.destination) {
        findings.append(.sameDestination(secret.destination, at: secret.place))
      }
      let row = HashiCorpTable.secretPath.row
      if let path = pod.annotations.located(row, secret.name), path.text.isEmpty {
        findings.append(
          .emptyAnnotation(
            pod.annotations.fullKey(row.key(of: secret.name)),
            "so the secret has no folder, which the API server refuses", at: path.range))
      }
      if isFetchedTwice(secret) { findings.append(.fetchedTwice(secret.name, at: secret.place)) }
    }
    return findings + caseChoices()
  }

  /// Secrets that Vault makes for each who asks: the application starts with the init container's, which nobody
  /// renews, until the sidecar brings its own.
  private func isFetchedTwice(_ secret: HashiCorpSecret) -> Bool {
    guard pod.runsInitContainer, pod.runsSidecar, !pod.keepsCache else { return false }
    return [secret.path, secret.template].contains(where: VaultPath.isMadeForEach)
  }

  private func caseChoices() -> [Diagnostic] {
    pod.annotations.entries.compactMap { entry in
      guard entry.key.utf8.starts(with: HashiCorpTable.preserveCase.key.utf8) else { return nil }
      let isBoolean = (try? HashiCorpParse.bool(entry.value.text)) != nil
      return isBoolean ? nil : .caseChoiceIgnored(pod.annotations.fullKey(entry.key), at: entry.value.range)
    }
  }
}
