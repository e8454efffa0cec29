internal import ManifestText
internal import Workloads

/// The changes that inject one pod, in the order the webhook makes them.
struct TalendInjection {
  /// The volume of a pod whose manifest mounts no service-account token.
  static let projectedTokenVolume = "tvsi-sa-token"

  let pod: TalendPod
  let settings: TalendDialect.Settings
  private(set) var summary = InjectionOutcome.Summary()
  /// What is added, in the order of the pod's lists.
  private(set) var added: [AddedContainer] = []
  /// True where native sidecars start after the pod's own init containers.
  var nativeSidecarsComeLast: Bool { pod.request.auth.value.choice == .approle }

  init(pod: TalendPod, settings: TalendDialect.Settings) {
    self.pod = pod
    self.settings = settings
  }

  private var configuration: TalendConfiguration { settings.configuration }
  private var secrets: TalendRequest.Secrets { pod.request.secrets }
  private var specPath: Path { pod.template.specPath }

  mutating func plan(_ plan: inout PodPlan) throws(Diagnostic) {
    let isStatic = pod.request.modes.secrets && !secrets.isDynamic
    if isStatic, secrets.isEnvironment { try wrapCommands(&plan) }
    if pod.request.modes.secrets, secrets.asksForHook, !pod.isNative { try addHooks(&plan) }
    try mountSecrets(&plan)
    try addVolumes(and: addContainers(), &plan)
    let status = pod.schema.fullKey(TalendTable.status.key)
    try plan.edits.set("injected", at: pod.template.annotationsPath.appending(status))
  }

  /// True where planning may refuse the pod, or find something that judging it has not.
  func mayFindMore() throws(Diagnostic) -> Bool {
    let changesCommands = pod.request.modes.secrets && (secrets.isEnvironment || secrets.asksForHook)
    let isJob = pod.request.modes.job && pod.containers.count != 1
    let pullSecrets = settings.operatorSettings.imagePullSecrets
    if changesCommands || isJob || pod.request.serviceAccountToken.value != nil || !pullSecrets.isEmpty { return true }
    let names = configuration.names
    for container in pod.initContainers + pod.containers {
      if names.holdsExactly(try container.name()) { return true }
      for mount in try container.volumeMounts() where mount.mountPath == TalendPod.secretsPath { return true }
    }
    return try pod.template.volumeNames().contains { volume in
      volume.name == TalendInjection.projectedTokenVolume || names.holdsExactly(volume.name)
    }
  }

  // MARK: The pod's own containers

  /// Starts each container through the program that reads the secrets into its environment.
  private func wrapCommands(_ plan: inout PodPlan) throws(Diagnostic) {
    if settings.isBuiltIn, settings.operatorSettings.environmentHelperImage.isEmpty {
      plan.findings.append(.shellNeeded(range: secrets.method.range))
    }
    for container in pod.containers {
      guard try container.hasCommand() else {
        let range = container.document.range(of: container.node)
        throw .talend(.noCommand(try container.name()), at: range)
      }
      let program = GoText.joined(try mountPath(of: container), TalendConfiguration.environmentHelper)
      try plan.edits.prepend([.string(program)], to: container.path.appending("command"))
    }
  }

  /// Replaces each container's hook by one that waits for the secrets.
  private func addHooks(_ plan: inout PodPlan) throws(Diagnostic) {
    guard let handler = configuration.postStart, let command = handler["exec"]?["command"]?.array else {
      throw .talend(.hookNotExec, at: secrets.hook.range)
    }
    for container in pod.containers {
      let mountPath = try mountPath(of: container)
      let filled = command.flatMap { filledHook($0, mountPath) }
      var hook = handler
      hook["exec"] = ["command": .array(filled)]
      try plan.edits.set(hook, at: container.path.appending("lifecycle").appending("postStart"))
    }
  }

  /// A part of the hook's command; in the built-in one, the files to wait for are parts of their own.
  private func filledHook(_ part: Value, _ mountPath: String) -> [Value] {
    guard let text = part.string else { return [part] }
    if text == "<VSI_SECRETS_DESTINATIONS>" { return pod.destinations.map { .string("\(mountPath)/\($0)") } }
    return [.string(PlaceholderText(text).replacing("<VSI_SECRETS_VOL_MOUNTPATH>", with: mountPath))]
  }

  /// Where a container finds the secrets.
  func mountPath(of container: Container) throws(Diagnostic) -> String {
    let mount = try container.volumeMounts().first { $0.name == TalendPod.secretsVolume }
    return mount?.mountPath ?? TalendPod.secretsPath
  }

  private func mountSecrets(_ plan: inout PodPlan) throws(Diagnostic) {
    for container in pod.initContainers + pod.containers {
      let mounts = try container.volumeMounts()
      if mounts.contains(where: { $0.name == TalendPod.secretsVolume }) { continue }
      if mounts.contains(where: { $0.mountPath == TalendPod.secretsPath }) {
        plan.findings.append(
          .mountPathTaken(
            try container.name(), TalendPod.secretsPath, range: container.document.range(of: container.node)))
      }
      try plan.edits.append(
        [["name": .string(TalendPod.secretsVolume), "mountPath": .string(TalendPod.secretsPath)]],
        to: container.path.appending("volumeMounts"))
    }
  }

  // MARK: What is added

  private mutating func addVolumes(and added: AddedContainers, _ plan: inout PodPlan) throws(Diagnostic) {
    let existing = try pod.template.volumeNames()
    var volumes = configuration.volumes.filter { volume in
      volume["name"] != .string(TalendPod.secretsVolume)
        || !existing.contains { $0.name == TalendPod.secretsVolume }
    }
    if added.needsProjectedToken { volumes.append(projectedToken) }
    summary.volumes = volumes.compactMap { $0["name"]?.string }
    for name in summary.volumes {
      guard let clash = existing.first(where: { $0.name == name }) else { continue }
      throw .nameClash("volume", name, at: pod.template.document.range(of: clash.node))
    }
    try plan.edits.append(volumes, to: specPath.appending("volumes"))
    let initContainers = specPath.appending(ContainerList.initContainers.rawValue)
    if added.nativeSidecarsComeLast {
      try plan.edits.prepend(added.initContainers, to: initContainers)
      try plan.edits.append(added.nativeSidecars, to: initContainers)
    } else {
      try plan.edits.prepend(added.initContainers + added.nativeSidecars, to: initContainers)
    }
    let containers = specPath.appending(ContainerList.containers.rawValue)
    if pod.template.kind.operatorContainer == nil {
      try plan.edits.prepend(added.containers, to: containers)
    } else {
      // Operators fill in the first container, or merge containers by their position.
      try plan.edits.append(added.containers, to: containers)
    }
    if configuration.origin == .builtIn {
      try plan.addPullSecrets(settings.operatorSettings.imagePullSecrets, to: pod.template)
    }
  }

  /// What the configuration gives this pod.
  private struct AddedContainers {
    var initContainers: [Value]
    var containers: [Value]
    /// Those of the containers that run as init containers and keep running.
    var nativeSidecars: [Value]
    /// AppRole's ids are put on the volume by the pod's own init containers, which therefore come first.
    var nativeSidecarsComeLast: Bool
    var needsProjectedToken: Bool
  }

  private mutating func addContainers() throws(Diagnostic) -> AddedContainers {
    let filler = try TalendContainerFiller(
      pod: pod, configuration: configuration, writesEmptyValues: settings.isExact)
    if pod.request.modes.job, !pod.isNative, pod.containers.count != 1 {
      throw .talend(.severalContainers, at: pod.containers[1].document.range(of: pod.containers[1].node))
    }
    let initContainers = configuration.initContainers.compactMap(filler.filled)
    let containers = configuration.containers.compactMap(filler.filled)
    let sidecars = pod.isNative ? containers.map(nativeSidecar) : []
    summary.initContainers = (initContainers + sidecars).compactMap { $0["name"]?.string }
    summary.containers = pod.isNative ? [] : containers.compactMap { $0["name"]?.string }
    added = (initContainers + sidecars).map { AddedContainer($0, in: .initContainers) }
    if !pod.isNative { added += containers.map { AddedContainer($0, in: .containers) } }
    try refuseNameClashes()
    let mounts = (initContainers + containers).flatMap { $0["volumeMounts"]?.array ?? [] }
    let needsToken =
      try pod.tokenVolumes().isMissing
      || mounts.contains { $0["name"] == .string(TalendInjection.projectedTokenVolume) }
    return AddedContainers(
      initContainers: initContainers, containers: pod.isNative ? [] : containers, nativeSidecars: sidecars,
      nativeSidecarsComeLast: nativeSidecarsComeLast, needsProjectedToken: needsToken)
  }

  /// The container as an init container that keeps running, and holds the pod back until it has done its first work.
  private func nativeSidecar(_ container: Value) -> Value {
    var sidecar = container
    sidecar["restartPolicy"] = "Always"
    guard configuration.origin == .builtIn else { return sidecar }
    let probe = TalendStartupProbe(settings.operatorSettings)
    let rendered = pod.request.modes.secrets && secrets.isDynamic ? pod.destinations : []
    if container["name"] == "tvsi-consul-template" {
      sidecar["startupProbe"] = probe.consulTemplate(destinations: rendered)
    } else {
      let isRenderer = settings.operatorSettings.renderer == .agent
      let port = pod.request.modes.proxy ? Int(pod.request.proxyPort.value) : nil
      sidecar["startupProbe"] = probe.agent(destinations: isRenderer ? rendered : [], proxyPort: port)
    }
    return sidecar
  }

  private func refuseNameClashes() throws(Diagnostic) {
    let added = summary.initContainers + summary.containers
    for container in pod.initContainers + pod.containers {
      let name = try container.name()
      guard added.holdsExactly(name) else { continue }
      throw .nameClash("container", name, at: container.document.range(of: container.node))
    }
  }

  /// What Kubernetes mounts at admission, brought along by the manifest; it works whether or not the
  /// service account mounts its token by itself.
  private var projectedToken: Value {
    let lifetime = Value.number(String(settings.operatorSettings.tokenExpirationSeconds))
    var sources: [Value] = [["serviceAccountToken": ["path": "token", "expirationSeconds": lifetime]]]
    if !settings.operatorSettings.tokenAudience.isEmpty {
      // A token for Vault alone is refused by the API server, which the babysitter asks about its pod.
      sources[0]["serviceAccountToken"]?["audience"] = .string(settings.operatorSettings.tokenAudience)
      sources.append(["serviceAccountToken": ["path": "api-token", "expirationSeconds": lifetime]])
    }
    sources += [
      ["configMap": ["name": "kube-root-ca.crt", "items": [["key": "ca.crt", "path": "ca.crt"]]]],
      ["downwardAPI": ["items": [["path": "namespace", "fieldRef": .field("metadata.namespace")]]]],
    ]
    return ["name": .string(TalendInjection.projectedTokenVolume), "projected": ["sources": .array(sources)]]
  }
}
