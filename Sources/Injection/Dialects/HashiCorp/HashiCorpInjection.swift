internal import ManifestText
internal import Workloads

/// The changes that inject one pod, in the order HashiCorp's webhook makes them.
struct HashiCorpInjection {
  private let pod: HashiCorpPod
  private let volumes: HashiCorpVolumes
  private(set) var summary = InjectionOutcome.Summary()

  init(_ pod: HashiCorpPod, _ volumes: HashiCorpVolumes) {
    self.pod = pod
    self.volumes = volumes
  }

  private var specPath: Path { pod.template.specPath }

  mutating func plan(_ plan: inout PodPlan) throws(Diagnostic) {
    try addVolumes(&plan)
    try mountSecrets(&plan)
    if pod.runsInitContainer || pod.runsSidecar { try addAgents(&plan) }
    if pod.request.prePopulates, let shares = pod.request.sharesProcessNamespace {
      try plan.edits.set(.bool(shares), at: specPath.appending("shareProcessNamespace"))
    }
    try plan.addPullSecrets(pod.knobs.imagePullSecrets, to: pod.template)
    let status = HashiCorpDialect.fullKey(HashiCorpTable.status.key)
    try plan.edits.set("injected", at: pod.template.annotationsPath.appending(status))
  }

  private mutating func addVolumes(_ plan: inout PodPlan) throws(Diagnostic) {
    summary.volumes = volumes.names
    try plan.edits.append(volumes.all, to: specPath.appending("volumes"))
  }

  /// Lets the containers that are asked for read the secrets, and every init container that comes after the agent.
  private func mountSecrets(_ plan: inout PodPlan) throws(Diagnostic) {
    for container in try pod.readers() {
      try plan.edits.append(volumes.secretMounts, to: container.path.appending("volumeMounts"))
    }
  }

  // MARK: Agents

  private mutating func addAgents(_ plan: inout PodPlan) throws(Diagnostic) {
    let agents = try HashiCorpAgents(pod, volumes)
    var initContainers: [Value] = []
    if pod.runsInitContainer { initContainers.append(mountedAsStranger(try agents.initContainer())) }
    if pod.runsSidecar {
      let sidecar = try agents.sidecar()
      if pod.isNative {
        initContainers.append(HashiCorpNativeSidecar(pod).made(of: sidecar))
      } else {
        try plan.edits.append([sidecar], to: specPath.appending(ContainerList.containers.rawValue))
        summary.containers = [sidecar].compactMap { $0["name"]?.string }
      }
    }
    summary.initContainers = initContainers.compactMap { $0["name"]?.string }
    let path = specPath.appending(ContainerList.initContainers.rawValue)
    if pod.request.putsInitFirst {
      try plan.edits.prepend(initContainers, to: path)
    } else {
      try plan.edits.append(initContainers, to: path)
    }
  }

  /// Put first and renamed by its patch, the webhook takes its own init container for one of the pod's, and mounts the
  /// secrets in it once more.
  private func mountedAsStranger(_ container: Value) -> Value {
    let isKnown = container["name"] == .string(HashiCorpAgents.Name.initContainer.rawValue)
    guard pod.request.putsInitFirst, !isKnown else { return container }
    var container = container
    container["volumeMounts"] = .array((container["volumeMounts"]?.array ?? []) + volumes.secretMounts)
    return container
  }
}
