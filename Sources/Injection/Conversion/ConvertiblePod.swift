internal import ManifestText
internal import Workloads

/// A pod that asks for Talend's injection, and what of that HashiCorp's injector has nothing for.
struct ConvertiblePod {
  let pod: TalendPod
  let settings: TalendDialect.Settings
  /// Talend's annotations as they are written, without their prefix, in order.
  let present: [Annotations.Named]
  let files: [ConvertedFile]
  /// The volume of the service-account token to log in with; nil for the pod's usual one.
  let tokenVolume: String?
  /// What there is to say; errors are what cannot be expressed.
  private(set) var findings: [Diagnostic] = []

  /// - Throws: A `Diagnostic` where Talend's injector itself would refuse the pod.
  init(_ template: PodTemplate, _ dialect: TalendDialect) throws(Diagnostic) {
    var findings: [Diagnostic] = []
    let annotations = try template.annotations()
    pod = try TalendPod(template, annotations, dialect: dialect, findings: &findings)
    try pod.check()
    settings = dialect.settings
    if settings.isBuiltIn { try TalendBuiltInChecks(pod: pod, knobs: settings.knobs).check() }
    present = try annotations.all(withPrefix: dialect.annotations.fullKey("")).filter {
      dialect.annotations.row($0.key) != nil
    }
    files = pod.request.modes.secrets ? ConvertedFile.files(of: pod, settings) : []
    tokenVolume = try pod.tokenVolumes().custom
    // How agents end in jobs is a question of its own here.
    self.findings = findings.filter { $0.rule == "unknown-mode" }
    try check(template, annotations)
  }

  subscript<Value>(row: TalendTable.Row<Value>) -> Annotations.Located? {
    present.first { $0.key == row.key }?.value
  }

  // MARK: What the agent does

  var isAppRole: Bool { pod.request.auth.value.choice == .approle }
  var usesProxy: Bool { pod.request.modes.proxy }
  var isStatic: Bool { pod.request.modes.secrets && !pod.request.secrets.isDynamic }

  /// True where nothing runs beside the application.
  var prePopulatesOnly: Bool { isStatic && !usesProxy }

  /// True where the agent has to end with a job, or was asked to run as a native sidecar.
  var isNative: Bool { !prePopulatesOnly && (pod.request.modes.job || self[TalendTable.sidecars]?.text == "native") }

  /// Talend's sidecar renders while the application starts; the volume reaches init containers only beside an agent
  /// that starts before the application.
  var startsBesideTheApplication: Bool {
    !isStatic && !isNative && !pod.request.secrets.asksForHook && pod.initContainers.isEmpty
  }

  // MARK: What cannot be expressed

  private mutating func check(_ template: PodTemplate, _ annotations: Annotations) throws(Diagnostic) {
    let document = template.document
    if pod.request.modes.secrets, pod.request.secrets.isEnvironment {
      findings.append(.noEnvironment(at: pod.request.secrets.method.range))
    }
    for (name, node) in try template.volumeNames() where name == TalendPod.secretsVolume {
      findings.append(.ownVolume(at: document.range(of: node)))
    }
    for container in pod.initContainers + pod.containers {
      for mount in try container.volumeMounts() where mount.name == TalendPod.secretsVolume {
        findings.append(.ownMount(try container.name(), mount.mountPath, at: document.range(of: mount.node)))
      }
    }
    for file in files where file.contents.unicodeScalars.allSatisfy({ $0.properties.isWhitespace }) {
      findings.append(.blankTemplate(file.destination, at: pod.request.secrets.templates.range))
    }
    if let tokenVolume, try !isProjected(tokenVolume, in: template) {
      findings.append(.tokenNotProjected(tokenVolume, at: pod.request.serviceAccountToken.range))
    }
    try checkKeys(template, annotations)
    advise()
  }

  /// Keys that are written elsewhere, or there already.
  private mutating func checkKeys(_ template: PodTemplate, _ annotations: Annotations) throws(Diagnostic) {
    let written = annotations.keys().map(\.key)
    for old in present where !written.contains(pod.schema.fullKey(old.key)) {
      findings.append(.mergedAnnotation(pod.schema.fullKey(old.key), at: old.keyRange))
    }
    let new = ConvertedAnnotations(self).keys
    for other in try annotations.all(withPrefix: HashiCorpDialect.fullKey("")) where new.contains(other.key) {
      findings.append(.takenAnnotation(HashiCorpDialect.fullKey(other.key), at: other.keyRange))
    }
  }

  private func isProjected(_ name: String, in template: PodTemplate) throws(Diagnostic) -> Bool {
    guard let volume = try template.volume(name) else { return false }
    let sources = try template.document.value(of: volume)["projected"]?["sources"]?.array ?? []
    return sources.contains { !($0["serviceAccountToken"]?["path"]?.string ?? "").isEmpty }
  }

  // MARK: What is different

  private mutating func advise() {
    let secrets = pod.request.secrets
    if secrets.asksForHook { findings.append(.hookBecomesInitContainer(at: secrets.hook.range)) }
    if usesProxy { findings.append(.proxyBecomesCache(rendersToo: isStatic, at: self[TalendTable.mode]?.range)) }
    if pod.request.modes.job, !prePopulatesOnly {
      let place = self[TalendTable.mode]?.range ?? self[TalendTable.workload]?.range ?? pod.annotationsRange
      findings.append(.jobTakesNativeSidecar(at: place))
    }
    let commands = secrets.commands
    if commands.value.count > files.count {
      findings.append(.surplusCommands(commands.value.count - files.count, at: commands.range))
    }
    if !startsBesideTheApplication, !prePopulatesOnly, !isNative, files.contains(where: { !$0.command.isEmpty }) {
      findings.append(.commandRunsTwice(at: commands.range))
    }
    if !settings.isBuiltIn { findings.append(.templateBlockIgnored(at: pod.annotationsRange)) }
  }
}
