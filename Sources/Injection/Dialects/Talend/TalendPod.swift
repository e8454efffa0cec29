internal import ManifestText
internal import Workloads

/// A pod that asks for injection: what it asks, and what it is made of.
final class TalendPod {
  /// Where the webhook looks for the pod's service-account token.
  static let tokenPath = "/var/run/secrets/kubernetes.io/serviceaccount"
  /// Where the secrets volume is mounted unless the pod says otherwise.
  static let secretsPath = "/opt/talend/secrets"
  /// The name of the secrets volume.
  static let secretsVolume = "secrets"

  let template: PodTemplate
  let request: TalendRequest
  let schema: AnnotationSchema
  let containers: [Container]
  let initContainers: [Container]
  let labels: TalendLabels
  /// True where the pod is to run to completion.
  let isToEnd: Bool
  /// True where the agent runs as a native sidecar, which ends with the pod by itself.
  let isNative: Bool
  /// Where the annotations stand, for findings about one that is missing.
  var annotationsRange: Range<Int>? { annotations.range }
  /// Where the mode stands; nil where there is none.
  let modePlace: Range<Int>?
  private let annotations: Annotations
  private let labelNames: (application: String, service: String)

  init(
    _ template: PodTemplate, _ annotations: Annotations, dialect: TalendDialect, findings: inout [Diagnostic]
  ) throws(Diagnostic) {
    self.template = template
    schema = dialect.annotations
    containers = try template.containers(.containers)
    initContainers = try template.containers(.initContainers)
    labels = try TalendLabels(template, dialect.settings)
    self.annotations = annotations
    labelNames = (dialect.settings.operatorSettings.applicationLabel, dialect.settings.operatorSettings.serviceLabel)
    let annotations = TalendAnnotations(annotations, dialect, labels: labels)
    isToEnd = try template.isToEnd()
    isNative = try TalendPod.runsNatively(annotations, isToEnd: isToEnd)
    let jobs = try TalendJobs(template, annotations, containerCount: containers.count, isNative: isNative)
    request = try jobs.request(findings: &findings)
    modePlace = jobs.modePlace
  }

  /// The role to log in with; empty where nothing gives one.
  ///
  /// AppRole's role is in its role id, and the label does not stand in for it.
  var role: String {
    request.role.source == nil && request.auth.value.choice == .approle ? "" : request.role.value
  }

  /// The configuration says how agents run, and a pod may say otherwise; the webhook knows one way only.
  private static func runsNatively(_ annotations: TalendAnnotations, isToEnd: Bool) throws(Diagnostic) -> Bool {
    guard !annotations.dialect.settings.isExact else { return false }
    let sidecars = try annotations.read(TalendTable.sidecars)
    if sidecars.value == nil, let source = sidecars.source { throw .unknownSidecars(source.text, range: source.range) }
    return sidecars.value?.isNative(inPodToEnd: isToEnd) ?? false
  }

  /// True where an agent stays beside the application.
  var runsSidecar: Bool { request.modes.proxy || request.modes.secrets && request.secrets.isDynamic }

  /// True where a babysitter ends the agent: static secrets alone need none that has to be stopped.
  var runsBabysitter: Bool { request.modes.job && !isNative && (runsSidecar || !request.modes.secrets) }

  /// True where the pod has a volume for the secrets of its own.
  func bringsSecrets() throws(Diagnostic) -> Bool {
    try template.volumeNames().contains { $0.name == TalendPod.secretsVolume }
  }

  /// What the pod needs of the built-in containers.
  func needs() throws(Diagnostic) -> TalendNeeds {
    var needs = TalendNeeds(login: request.auth.value.choice == .approle ? .appRole : .kubernetes(role: role))
    needs.image = request.image.value
    if request.modes.secrets {
      needs.files = renderedFiles()
      needs.rendering = request.secrets.isDynamic ? .always : .once
      needs.wantsEnvironmentHelper = request.secrets.isEnvironment
    }
    if request.modes.proxy { needs.proxyPort = request.proxyPort.value }
    if runsBabysitter, let container = containers.first {
      needs.job = TalendNeeds.Job(
        container: try container.name(), isStartedAgain: try template.restartPolicy() == "OnFailure")
    }
    needs.isNative = isNative
    let volumes = try tokenVolumes()
    needs.podToken = volumes.standard ?? BuiltInVolumes.token
    needs.agentToken = volumes.custom ?? needs.podToken
    needs.bringsSecrets = try bringsSecrets()
    for container in initContainers + containers where !needs.mountsSecrets {
      needs.mountsSecrets = try container.volumeMounts().contains { $0.name == TalendPod.secretsVolume }
    }
    return needs
  }

  // MARK: Checks

  /// Annotations that the pod has for nothing.
  func ineffective() throws(Diagnostic) -> [Diagnostic] {
    var ineffective = IneffectiveAnnotations()
    for entry in TalendTable.conditional {
      let key = schema.fullKey(of: entry.row)
      guard let found = try annotations.value(key) else { continue }
      let place = AnnotationPlace(key: entry.row.key, range: found.range)
      guard let obstacle = entry.obstacle(in: self, place, found.text) else { continue }
      ineffective.add(key, obstacle, at: found.range)
    }
    return ineffective.findings
  }

  /// Refuses what the webhook refuses, in its order and with its messages.
  func check() throws(Diagnostic) {
    guard !containers.isEmpty else { throw .talend(.noContainer, in: try PodContainers(template).absence()) }
    let auth = request.auth
    guard let method = auth.value.choice else { throw .talend(.unsupportedAuth(auth.value.text), at: auth.range) }
    if method == .kubernetes, role.isEmpty {
      let key = schema.fullKey(TalendTable.role.key)
      throw .talend(.noApplicationLabel(labelNames.application, key), at: annotationsRange)
    }
    _ = try tokenVolumes()
    guard request.modes.secrets else { return }
    try checkSecrets()
    try judge(TalendTable.secretJudgements)
  }

  /// Refuses a pod that breaks one of these conditions.
  private func judge(_ judgements: [AnnotationJudgement<TalendPod>]) throws(Diagnostic) {
    for judgement in judgements {
      let range = try annotations.value(schema.fullKey(of: judgement.row))?.range
      if let refusal = judgement.finding(on: self, at: range) { throw refusal }
    }
  }

  private func checkSecrets() throws(Diagnostic) {
    let (type, method, paths) = (request.secrets.type, request.secrets.method, request.secrets.paths)
    guard type.value.choice != nil else { throw .talend(.unsupportedType(type.value.text), at: type.range) }
    guard method.value.choice != nil else { throw .talend(.unsupportedMethod(method.value.text), at: method.range) }
    try judge(TalendTable.requestJudgements)
    if paths.source == nil, labels.application.isEmpty || labels.service.isEmpty {
      let key = schema.fullKey(TalendTable.secretsPath.key)
      throw .talend(.noServiceLabels(labelNames.application, labelNames.service, key), at: annotationsRange)
    }
    try checkCounts()
  }

  private func checkCounts() throws(Diagnostic) {
    let place = request.secrets.destinations.range ?? annotationsRange
    if let templates {
      guard templates.count == destinations.count else {
        throw .talend(.unequalTemplates(templates.count, destinations.count), at: place)
      }
    } else if paths.count != destinations.count {
      throw .talend(.unequalPaths(paths.count, destinations.count), at: place)
    }
  }

  // MARK: Secrets

  private var paths: [String] { request.secrets.paths.value }
  var destinations: [String] { request.secrets.destinations.value }
  var templates: [String]? { request.secrets.templates.value }

  /// One file a destination.
  func renderedFiles() -> [TalendTemplate] {
    let (paths, templates, commands) = (paths, templates, request.secrets.commands.value)
    return destinations.enumerated().map { index, destination in
      TalendTemplate(
        destination: destination, content: templates?[index], path: templates == nil ? paths[index] : "",
        command: index < commands.count ? commands[index] : "")
    }
  }

  // MARK: Service-account token

  /// The volumes to mount at the two paths configured containers name for a service-account token.
  struct TokenVolumes {
    /// The volume at the pod's usual path; nil where the pod has none and gets one.
    let standard: String?
    /// The volume the agent logs in with, where `sa-token` names another.
    let custom: String?
    /// True where the pod brings no token at all.
    var isMissing: Bool { standard == nil && custom == nil }
  }

  /// Finds the token's volumes as the webhook does: the first container that mounts the path.
  ///
  /// The webhook sees pods after Kubernetes has mounted the token; in a manifest nothing is mounted yet,
  /// which is no reason to refuse it.
  func tokenVolumes() throws(Diagnostic) -> TokenVolumes {
    let standard = try volume(mountedAt: TalendPod.tokenPath)
    let token = request.serviceAccountToken
    guard let file = token.value else { return TokenVolumes(standard: standard, custom: nil) }
    let suffix = "/token"
    let path = file.hasSuffix(suffix) ? String(file.dropLast(suffix.count)) : file
    if path == TalendPod.tokenPath { return TokenVolumes(standard: standard, custom: nil) }
    guard let custom = try volume(mountedAt: path) else { throw .talend(.noTokenMount(path), at: token.range) }
    return TokenVolumes(standard: standard, custom: custom)
  }

  private func volume(mountedAt path: String) throws(Diagnostic) -> String? {
    for container in containers {
      for mount in try container.volumeMounts() where ByteText.isEqual(mount.mountPath, path) { return mount.name }
    }
    return nil
  }
}

/// Makes agents end with the pods that are to end.
///
/// The webhook sees a pod and takes the mode for what it is told; a manifest tells whether its pods are to end.
struct TalendJobs {
  private let template: PodTemplate
  private let annotations: TalendAnnotations
  private let containerCount: Int
  private let isNative: Bool
  private let mode: AnnotationValue<TalendModes>
  /// Where the mode stands, also where it is empty.
  let modePlace: Range<Int>?
  private let modes: TalendModes

  init(
    _ template: PodTemplate, _ annotations: TalendAnnotations, containerCount: Int, isNative: Bool
  ) throws(Diagnostic) {
    self.template = template
    self.annotations = annotations
    self.containerCount = containerCount
    self.isNative = isNative
    mode = try annotations.read(TalendTable.mode)
    modePlace = try annotations.located(TalendTable.mode)?.range
    var modes = mode.value
    if try annotations[TalendTable.workload] { modes.job = true }
    self.modes = modes
  }

  private var settings: TalendDialect.Settings { annotations.dialect.settings }
  private var place: Range<Int>? { modePlace ?? annotations.range }

  /// What the pod asks, with the mode `job` where only that lets it end.
  func request(findings: inout [Diagnostic]) throws(Diagnostic) -> TalendRequest {
    for part in modes.unknown {
      findings.append(
        .unknownMode(part, key: fullKey(TalendTable.mode.key), range: modePlace).fixed(by: modeSpacing()))
    }
    var request = try TalendRequest(annotations, modes: modes)
    let runsAgent = modes.proxy || (modes.secrets && request.secrets.isDynamic)
    guard runsAgent, try template.isToEnd() else { return request }
    if isNative {
      if try isNativeByDefault() { findings.append(.endsNatively(template.kind.kind, range: place)) }
      return request
    }
    if !modes.job, !addsMode(to: request) {
      findings.append(
        .jobNeverCompletes(
          template.kind.kind, key: fullKey(TalendTable.mode.key), knowsNative: !settings.isExact, range: place))
      return request
    }
    if settings.isBuiltIn {
      findings.append(.nativeSidecarAdvised(key: fullKey(TalendTable.sidecars.key), range: place))
    }
    request.modes.job = true
    return request
  }

  /// What removes the spaces from the mode, where that is all there is wrong with it.
  private func modeSpacing() -> Fix? {
    guard let text = mode.source?.text else { return nil }
    let compact = CommaList(text).compact
    guard compact != text, TalendModes(compact).unknown.isEmpty else { return nil }
    return .text(at: template.annotationsPath.appending(fullKey(TalendTable.mode.key)), compact)
  }

  private func isNativeByDefault() throws(Diagnostic) -> Bool {
    let sidecars = try annotations.read(TalendTable.sidecars)
    return sidecars.source == nil && sidecars.value == .auto
  }

  /// True where a job does not say its mode, and a babysitter can tell when its one container has ended; a pod by itself
  /// is what the webhook sees, and gets what the webhook gives it.
  private func addsMode(to request: TalendRequest) -> Bool {
    let canEnd = containerCount == 1 && !request.secrets.asksForHook
    return !settings.isExact && template.kind.endsItsPods && mode.source == nil && canEnd
  }

  private func fullKey(_ key: String) -> String { annotations.dialect.annotations.fullKey(key) }
}
