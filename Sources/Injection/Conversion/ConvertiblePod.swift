internal import ManifestText
internal import Workloads

/// A pod that asks for Talend's injection, and what of that the injector it is to ask has nothing for.
struct ConvertiblePod {
  let pod: TalendPod
  /// The injector it is to ask.
  let brand: AgentBrand
  let settings: TalendDialect.Settings
  /// Talend's annotations as they are written, without their prefix, in order.
  let present: [Annotations.Named]
  let files: [ConvertedFile]
  /// The volume of the service-account token to log in with; nil for the pod's usual one.
  let tokenVolume: String?
  /// What there is to say; errors are what cannot be expressed.
  private(set) var findings: [Diagnostic] = []

  /// - Throws: A `Diagnostic` where Talend's injector itself would refuse the pod.
  init(_ template: PodTemplate, _ dialect: TalendDialect, to brand: AgentBrand) throws(Diagnostic) {
    self.brand = brand
    var findings: [Diagnostic] = []
    let annotations = try template.annotations()
    pod = try TalendPod(template, annotations, dialect: dialect, findings: &findings)
    try pod.check()
    settings = dialect.settings
    if settings.isBuiltIn { try TalendBuiltInChecks(pod: pod, settings: settings).check() }
    present = try annotations.all(withPrefix: dialect.annotations.fullKey("")).filter {
      dialect.annotations.row($0.key) != nil
    }
    files = pod.request.modes.secrets ? ConvertedFile.files(of: pod, settings) : []
    tokenVolume = try pod.tokenVolumes().custom
    // How agents end in jobs is a question of its own here.
    self.findings = findings.filter { $0.rule == .unknownMode }
    try check(template, annotations)
  }

  subscript<Value>(row: TalendTable.Row<Value>) -> Annotations.Located? {
    present.first { $0.key == row.key }?.value
  }

  // MARK: What the agent does

  var isAppRole: Bool { pod.request.auth.value.choice == .approle }
  var usesProxy: Bool { pod.request.modes.proxy }
  var isStatic: Bool { pod.request.modes.secrets && !pod.request.secrets.isDynamic }

  /// True where the files' lines are put into the environment.
  var isEnvironment: Bool { pod.request.modes.secrets && pod.request.secrets.isEnvironment }

  /// True where nothing runs beside the application.
  var prePopulatesOnly: Bool { isStatic && !usesProxy }

  /// True where the agent has to end with a job, or was asked to run as a native sidecar.
  var isNative: Bool {
    !prePopulatesOnly && (pod.request.modes.job || pod.isToEnd || self[TalendTable.sidecars]?.text == "native")
  }

  /// Talend's sidecar renders while the application starts; the volume reaches init containers only beside an agent
  /// that starts before the application.
  var startsBesideTheApplication: Bool {
    !isStatic && !isNative && !pod.request.secrets.asksForHook && pod.initContainers.isEmpty
  }

  // MARK: What cannot be expressed

  private mutating func check(_ template: PodTemplate, _ annotations: Annotations) throws(Diagnostic) {
    let document = template.document
    if isEnvironment {
      let secrets = pod.request.secrets
      for file in files where file.variables == nil {
        findings.append(.templateOfVariables(file.destination, at: secrets.templates.range))
      }
      if let webhook = settings.configuration, webhook.origin == .webhook {
        findings.append(.noEnvironment(at: secrets.method.range))
      }
      findings.append(.valuesStayWhole(at: secrets.method.range))
      if files.contains(where: { !$0.command.isEmpty }) {
        findings.append(.commandWithoutFile(at: secrets.commands.range))
      }
    }
    for (name, node) in try template.volumeNames() where name == TalendPod.secretsVolume {
      findings.append(.ownVolume(in: brand, at: document.range(of: node)))
    }
    for container in pod.initContainers + pod.containers {
      for mount in try container.volumeMounts() where mount.name == TalendPod.secretsVolume {
        findings.append(.ownMount(try container.name(), mount.mountPath, in: brand, at: document.range(of: mount.node)))
      }
    }
    for file in files where file.contents.unicodeScalars.allSatisfy({ $0.properties.isWhitespace }) {
      findings.append(.blankTemplate(file.destination, in: brand, at: pod.request.secrets.templates.range))
    }
    if let tokenVolume, try !isProjected(tokenVolume, in: template) {
      findings.append(.tokenNotProjected(tokenVolume, in: brand, at: pod.request.serviceAccountToken.range))
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
    for other in try annotations.all(withPrefix: brand.fullKey("")) where new.contains(other.key) {
      findings.append(.takenAnnotation(brand.fullKey(other.key), at: other.keyRange))
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
      findings.append(.jobTakesNativeSidecar(in: brand, at: place))
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

/// What a conversion has to say.
extension Diagnostic {
  // MARK: What cannot be expressed

  static func injectedAlready(_ key: String, _ template: PodTemplate) throws(Diagnostic) -> Diagnostic {
    Diagnostic(
      rule: .conversionOfInjected, message: "the pod has been injected, and only what asks for that is converted",
      hint: "take the injection out first, with the command uninject",
      range: try template.annotations().value(key)?.range)
  }

  private static func inexpressible(_ message: String, _ hint: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(rule: .notConvertible, message: message, hint: hint, range: range)
  }

  static func noEnvironment(at range: Range<Int>?) -> Diagnostic {
    inexpressible(
      "the webhook's configuration has a template of its own, and what it makes of the environment is not known",
      "convert without --webhook-config, if its default template is the built-in one", at: range)
  }

  static func ownVolume(in brand: AgentBrand, at range: Range<Int>) -> Diagnostic {
    inexpressible(
      "the pod brings the volume `secrets` itself, and \(brand.words.injector) always brings its own",
      "take the volume out, unless other things need it; then mount it elsewhere under another name", at: range)
  }

  static func ownMount(_ container: String, _ path: String, in brand: AgentBrand, at range: Range<Int>) -> Diagnostic {
    inexpressible(
      "the container `\(container)` mounts the volume `secrets` at \(path), and \(brand.words.injector) brings no such volume",
      "remove this mount: \(brand.words.injector) mounts the secrets at \(TalendPod.secretsPath) in every container",
      at: range)
  }

  static func blankTemplate(_ destination: String, in brand: AgentBrand, at range: Range<Int>?) -> Diagnostic {
    inexpressible(
      "\(brand.words.injector) takes no notice of a template of white space, as that of `\(destination)` is",
      "take it out together with its destination, or give it text", at: range)
  }

  static func tokenNotProjected(_ volume: String, in brand: AgentBrand, at range: Range<Int>?) -> Diagnostic {
    inexpressible(
      "the token is on the volume `\(volume)`, and \(brand.words.injector) takes one from projected volumes only",
      "make it a projected volume with a serviceAccountToken source", at: range)
  }

  static func mergedAnnotation(_ key: String, at range: Range<Int>) -> Diagnostic {
    inexpressible(
      "`\(key)` comes in through a merge key, and other maps may share it", "write it out where it is used", at: range)
  }

  static func takenAnnotation(_ key: String, at range: Range<Int>) -> Diagnostic {
    inexpressible("the pod has `\(key)` already", "take it out, or take out Talend's annotations", at: range)
  }

  // MARK: What is different

  private static func differs(_ message: String, _ hint: String?, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(rule: .convertedDifferently, message: message, hint: hint, range: range)
  }

  static func hookBecomesInitContainer(at range: Range<Int>?) -> Diagnostic {
    differs(
      "there is no hook that holds a container's start; an init container fetches the secrets before any starts",
      "where containers have a postStart hook of their own, it stays as it is", at: range)
  }

  static func proxyBecomesCache(rendersToo: Bool, at range: Range<Int>?) -> Diagnostic {
    differs(
      "there is no proxy mode; the agent's cache answers on the same port, and adds the agent's token as well",
      rendersToo ? "the agent beside the application keeps the files up to date, too" : nil, at: range)
  }

  static func jobTakesNativeSidecar(in brand: AgentBrand, at range: Range<Int>?) -> Diagnostic {
    differs(
      "there is no job mode; the agent ends with the job as a native sidecar, which the webhook does not know",
      "for the webhook, set agent-pre-populate-only: \"true\" in place of agent-native-sidecar", at: range)
  }

  static func surplusCommands(_ count: Int, at range: Range<Int>?) -> Diagnostic {
    differs(
      "\(count == 1 ? "the last command has" : "the last \(count) commands have") no file and never ran, and "
        + "\(count == 1 ? "is" : "are") left out",
      nil, at: range)
  }

  static func commandRunsTwice(at range: Range<Int>?) -> Diagnostic {
    differs(
      "the command also runs in the init container, where no application has been started yet",
      "make it succeed without the application, as `pkill -HUP app || true` does: where it fails, the pod may not start",
      at: range)
  }

  static func templateBlockIgnored(at range: Range<Int>?) -> Diagnostic {
    differs(
      "what the webhook's own templateblock.hcl says beside the template is not converted",
      "compare it with the annotations agent-inject-perms-NAME, -command-NAME and agent-template-left-delim-NAME",
      at: range)
  }
}
