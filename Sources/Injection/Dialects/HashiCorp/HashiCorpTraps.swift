internal import ManifestText
internal import Workloads

/// What the webhook lets through and then hurts its users: pointed at, while the result stays what the webhook makes.
struct HashiCorpTraps {
  private let pod: HashiCorpPod
  private let volumes: HashiCorpVolumes
  private let annotations: HashiCorpAnnotations
  private let request: HashiCorpRequest

  init(_ pod: HashiCorpPod, _ volumes: HashiCorpVolumes) {
    self.pod = pod
    self.volumes = volumes
    annotations = pod.annotations
    request = pod.request
  }

  /// Every trap the pod walks into, from the top of the manifest to its bottom.
  func findings() throws(Diagnostic) -> [Diagnostic] {
    let secrets = HashiCorpSecretTraps(pod)
    let findings =
      try HashiCorpKeyTraps(pod).findings() + emptyValues() + containerNames() + secrets.findings() + agents()
      + connection() + nameClashes() + mountClashes()
    return findings.sorted { ($0.range?.lowerBound ?? 0) < ($1.range?.lowerBound ?? 0) }
  }

  // MARK: Values

  /// What the empty text means, where it is not what the annotation's absence means.
  private func emptyValues() -> [Diagnostic] {
    var meanings = [
      ("agent-pre-populate", "so nothing fetches the secrets before the application starts"),
      ("template-config-exit-on-retry-failure", "so the agent goes on without a secret that it cannot have"),
      ("agent-inject-containers", "so no container can read the secrets"),
      ("secret-volume-path", "so the secrets have no folder, which the API server refuses"),
      ("agent-set-security-context", "so the agents have no security context"),
    ]
    if request.setsSecurityContext {
      meanings.append(("agent-run-as-user", "which is 0: the agents run as root"))
      meanings.append(("agent-run-as-group", "which is 0: the agents run in the group of root"))
    }
    if request.prePopulates {
      meanings.append(("agent-share-process-namespace", "so the pod's shareProcessNamespace is set to false"))
    }
    if pod.knobs.revokeOnShutdown {
      meanings.append(("agent-revoke-on-shutdown", "so the token lives on when the pod ends"))
    }
    if request.usesCache || request.enablesQuit {
      meanings.append(("agent-cache-listener-port", "so the listener has no port"))
    }
    return meanings.compactMap { key, meaning in
      guard let value = annotations[key], value.text.isEmpty else { return nil }
      return .emptyAnnotation(key, meaning, at: value.range)
    }
  }

  private func containerNames() throws(Diagnostic) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    if let list = annotations["agent-inject-containers"], !list.text.isEmpty {
      let known = try names(of: pod.containers)
      let (names, isKnown) = (GoText.split(list.text, at: ","), Set(exactly: known))
      let candidates = names.count * known.count <= NearestName.mostComparisons ? known : []
      for name in names where !isKnown.contains(name) {
        findings.append(
          name.isEmpty
            ? .surplusComma("agent-inject-containers", at: list.range)
            : .unknownContainer(name, "agent-inject-containers", among: candidates, at: list.range))
      }
    }
    let key = "agent-copy-volume-mounts"
    if let name = pod.nonEmpty(key) {
      let known = try names(of: pod.containers + pod.initContainers)
      if !known.holdsExactly(name) {
        findings.append(.unknownContainer(name, key, among: known, at: annotations.place(key)))
      }
    }
    return findings
  }

  private func names(of containers: [Container]) throws(Diagnostic) -> [String] {
    try containers.map { (container) throws(Diagnostic) in try container.name() }
  }

  // MARK: Agents

  private func agents() throws(Diagnostic) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    if request.sharesProcessNamespace != nil, !request.prePopulates {
      findings.append(.sharingWithoutInit(at: annotations.place("agent-share-process-namespace")))
    }
    if pod.isNative, !pod.runsInitContainer, let patch = annotations["agent-init-json-patch"], !patch.text.isEmpty {
      findings.append(.patchOfNothing(at: patch.range))
    }
    if request.setsSecurityContext, request.runAsUser == 0, annotations["agent-run-as-user"]?.text.isEmpty != true {
      findings.append(.runsAsRoot(isAnnotated: annotations["agent-run-as-user"] != nil, at: userPlace))
    }
    if try holdsSubstitution() { findings.append(.stopsFlux(at: annotations.place("agent-inject"))) }
    if pod.keepsCache, request.token.path != "/var/run/secrets/kubernetes.io/serviceaccount/token" {
      findings.append(.cacheWithOtherToken(request.token.path, at: annotations.place("agent-cache-enable")))
    }
    return findings + jobs()
  }

  private var userPlace: Range<Int>? {
    annotations["agent-run-as-user"]?.range ?? annotations.place("agent-inject")
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
    guard kind.lifetime != .service, pod.runsSidecar else { return [] }
    let place = annotations[HashiCorpSidecars.key]?.range ?? annotations.place("agent-inject")
    if !pod.isNative { return [.agentNeverEnds(kind.kind, knowsNative: !pod.settings.isExact, at: place)] }
    let isChosen = annotations[HashiCorpSidecars.key] != nil || pod.knobs.sidecars == .native
    return isChosen ? [] : [.jobRunsNatively(kind.kind, at: annotations.place("agent-inject"))]
  }

  // MARK: Connection

  private func connection() -> [Diagnostic] {
    var findings: [Diagnostic] = []
    if request.revokesOnShutdown, pod.runsSidecar {
      let authority = pod.configMap == nil
      let unknown = [
        ("tls-skip-verify", authority && request.skipsTLSVerification),
        ("ca-key", authority && pod.nonEmpty("ca-key") != nil),
        ("tls-server-name", authority && !pod.tlsServerName.isEmpty),
        ("namespace", !annotations.text("namespace", default: pod.knobs.vaultNamespace).isEmpty),
      ]
      for (key, isLost) in unknown where isLost {
        findings.append(.unknownToRevocation(key, at: annotations.place(key)))
      }
    }
    if pod.authType == "kubernetes", ByteText.holds(request.token.mountPath, "eks.amazonaws.com") {
      findings.append(.tokenOfAWS(request.token.mountPath, at: annotations.range))
    }
    if HashiCorpTelemetry.isDropped(annotations), let first = annotations.firstPlace(of: "agent-telemetry-") {
      findings.append(.telemetryDropped(at: first))
    }
    return findings
  }

  // MARK: Names

  private func nameClashes() throws(Diagnostic) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    let names = Set(exactly: volumes.names)
    for (name, node) in try pod.template.volumeNames() where names.contains(name) {
      findings.append(.clash("volume", name, at: pod.template.document.range(of: node)))
    }
    let added = [
      pod.runsInitContainer ? HashiCorpAgents.Name.initContainer.rawValue : nil,
      pod.runsSidecar ? HashiCorpAgents.Name.sidecar.rawValue : nil,
    ].compactMap(\.self)
    for container in pod.initContainers + pod.containers {
      let name = try container.name()
      if added.holdsExactly(name) {
        findings.append(.clash("container", name, at: container.document.range(of: container.node)))
      }
    }
    return findings
  }

  /// Containers that mount something of their own where the secrets are mounted.
  private func mountClashes() throws(Diagnostic) -> [Diagnostic] {
    let paths = Set(exactly: volumes.secretMounts.compactMap { $0["mountPath"]?.string })
    var findings: [Diagnostic] = []
    for container in try pod.readers() {
      for mount in try container.volumeMounts() where paths.contains(mount.mountPath) && !mount.mountPath.isEmpty {
        findings.append(
          .mountPathTaken(try container.name(), mount.mountPath, range: container.document.range(of: mount.node)))
      }
    }
    return findings
  }
}
