internal import ManifestText
internal import Workloads

/// The changes that inject one pod, in the order the webhook makes them.
struct TalendInjection {
  let pod: TalendPod
  let settings: TalendDialect.Settings
  private(set) var summary = InjectionOutcome.Summary()
  /// What is added, in the order of the pod's lists.
  private(set) var added: [AddedContainer] = []
  /// True where native sidecars start after the pod's own init containers, which put AppRole's ids on the volume.
  var nativeSidecarsComeLast: Bool { pod.request.auth.value.choice == .approle }

  init(pod: TalendPod, settings: TalendDialect.Settings) {
    self.pod = pod
    self.settings = settings
  }

  private var secrets: TalendRequest.Secrets { pod.request.secrets }
  private var specPath: Path { pod.template.specPath }

  mutating func plan(_ plan: inout PodPlan) throws(Diagnostic) {
    let isStatic = pod.request.modes.secrets && !secrets.isDynamic
    if isStatic, secrets.isEnvironment { try wrapCommands(&plan) }
    if pod.request.modes.secrets, secrets.asksForHook, !pod.isNative { try addHooks(&plan) }
    let needs = try pod.needs()
    if !settings.isBuiltIn || needs.usesSecrets { try mountSecrets(&plan) }
    try add(broughtAlong(for: needs), &plan)
    let status = pod.schema.fullKey(TalendTable.status.key)
    try plan.edits.set(.string(TalendTable.injected), at: pod.template.annotationsPath.appending(status))
  }

  /// True where planning may refuse the pod, or find something that judging it has not.
  func mayFindMore() throws(Diagnostic) -> Bool {
    let changesCommands = pod.request.modes.secrets && (secrets.isEnvironment || secrets.asksForHook)
    let isJob = pod.request.modes.job && pod.containers.count != 1
    let pullSecrets = settings.operatorSettings.imagePullSecrets
    if changesCommands || isJob || pod.request.serviceAccountToken.value != nil || !pullSecrets.isEmpty { return true }
    let names = settings.names
    for container in pod.initContainers + pod.containers {
      if names.holdsExactly(try container.name()) { return true }
      for mount in try container.volumeMounts() where mount.mountPath == TalendPod.secretsPath { return true }
    }
    return try pod.template.volumeNames().contains { volume in
      volume.name == BuiltInVolumes.token || names.holdsExactly(volume.name)
    }
  }

  // MARK: The pod's own containers

  /// Starts each container through the program that reads the secrets into its environment.
  private func wrapCommands(_ plan: inout PodPlan) throws(Diagnostic) {
    if settings.isBuiltIn, settings.operatorSettings.environmentHelperImage.isEmpty {
      plan.findings.append(.shellNeeded(range: secrets.method.range))
    }
    for container in pod.containers {
      let program = GoText.joined(try mountPath(of: container), TalendConfiguration.environmentHelper)
      let command = container.path.appending("command")
      if try container.hasCommand() {
        try plan.edits.prepend([.string(program)], to: command)
      } else {
        try plan.edits.append(([program] + entrypoint(of: container)).map(Value.string), to: command)
      }
    }
  }

  /// What a container without a command starts, as the settings or its image have it; the webhook asks for a command.
  private func entrypoint(of container: Container) throws(Diagnostic) -> [String] {
    let start: Entrypoints.Start =
      settings.isExact ? .unknown(nil) : try settings.entrypoints.start(of: container, in: pod.template)
    switch start {
    case .words(let words): return words
    case .unknown(let image):
      throw .talend(
        .noCommand(try container.name(), image?.remark), at: container.document.range(of: container.node))
    case .unfit(let image): throw .unfitImage(image, rule: .talendRefusal)
    }
  }

  /// Replaces each container's hook by one that waits for the secrets.
  private func addHooks(_ plan: inout PodPlan) throws(Diagnostic) {
    for container in pod.containers {
      let hook = try hook(at: mountPath(of: container))
      try plan.edits.set(hook, at: container.path.appending("lifecycle").appending("postStart"))
    }
  }

  private func hook(at mountPath: String) throws(Diagnostic) -> Value {
    guard let configuration = settings.configuration else {
      return WaitingHook.value(for: pod.destinations.map { "\(mountPath)/\($0)" })
    }
    guard var hook = configuration.postStart, let command = hook["exec"]?["command"]?.array else {
      throw .talend(.hookNotExec, at: secrets.hook.range)
    }
    hook["exec"] = ["command": .array(command.flatMap { filledHook($0, mountPath) })]
    return hook
  }

  /// A part of the hook's command; in our own, the files to wait for are parts of their own.
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
      try plan.edits.append([settings.builtIn.mounts.secrets], to: container.path.appending("volumeMounts"))
    }
  }

  // MARK: What is added

  /// Made for this pod, or filled in from a configuration.
  private func broughtAlong(for needs: TalendNeeds) throws(Diagnostic) -> BroughtAlong {
    if pod.request.modes.job, !pod.isNative, pod.containers.count != 1 {
      throw .talend(.severalContainers, at: pod.containers[1].document.range(of: pod.containers[1].node))
    }
    guard let configuration = settings.configuration else { return settings.builtIn.brought(for: needs) }
    let filler = try TalendContainerFiller(
      pod: pod, configuration: configuration, writesEmptyValues: settings.isExact)
    return try filler.brought(settings.operatorSettings)
  }

  private mutating func add(_ brought: BroughtAlong, _ plan: inout PodPlan) throws(Diagnostic) {
    let sidecars = brought.sidecars
    let natives = pod.isNative ? sidecars : []
    let containers = pod.isNative ? [] : sidecars
    summary.initContainers = (brought.initContainers + natives).compactMap { $0["name"]?.string }
    summary.containers = containers.compactMap { $0["name"]?.string }
    added = (brought.initContainers + natives).map { AddedContainer($0, in: .initContainers) }
    added += containers.map { AddedContainer($0, in: .containers) }
    try refuseNameClashes()
    try add(volumes: brought.volumes, &plan)
    let initContainers = specPath.appending(ContainerList.initContainers.rawValue)
    if nativeSidecarsComeLast {
      try plan.edits.prepend(brought.initContainers, to: initContainers)
      try plan.edits.append(natives, to: initContainers)
    } else {
      try plan.edits.prepend(brought.initContainers + natives, to: initContainers)
    }
    let list = specPath.appending(ContainerList.containers.rawValue)
    if pod.template.kind.operatorContainer == nil {
      try plan.edits.prepend(containers, to: list)
    } else {
      // Operators fill in the first container, or merge containers by their position.
      try plan.edits.append(containers, to: list)
    }
    if settings.areContainersOurs, settings.configuration != nil || !added.isEmpty {
      try plan.addPullSecrets(settings.operatorSettings.imagePullSecrets, to: pod.template)
    }
  }

  private mutating func add(volumes: [Value], _ plan: inout PodPlan) throws(Diagnostic) {
    summary.volumes = volumes.compactMap { $0["name"]?.string }
    let existing = try pod.template.volumeNames()
    for name in summary.volumes {
      guard let clash = existing.first(where: { $0.name == name }) else { continue }
      throw .nameClash("volume", name, at: pod.template.document.range(of: clash.node))
    }
    try plan.edits.append(volumes, to: specPath.appending("volumes"))
  }

  private func refuseNameClashes() throws(Diagnostic) {
    let added = summary.initContainers + summary.containers
    for container in pod.initContainers + pod.containers {
      let name = try container.name()
      guard added.holdsExactly(name) else { continue }
      throw .nameClash("container", name, at: container.document.range(of: container.node))
    }
  }
}
