internal import ManifestText
internal import Workloads

/// Makes agents end with the pods of jobs.
///
/// The webhook sees pods, not what made them; a manifest tells a Job, whose pods must end.
struct TalendJobs {
  private let template: PodTemplate
  private let annotations: TalendAnnotations
  private let containerCount: Int
  /// True where nothing has to be done about the agent's end.
  private let isLeftAlone: Bool
  private let isBuiltIn: Bool
  private let mode: AnnotationValue<TalendModes>
  /// Where the mode stands, also where it is empty.
  private let modePlace: Range<Int>?
  private let modes: TalendModes

  init(
    _ template: PodTemplate, _ annotations: TalendAnnotations, containerCount: Int, isNative: Bool
  ) throws(Diagnostic) {
    self.template = template
    self.annotations = annotations
    self.containerCount = containerCount
    let settings = annotations.dialect.settings
    isLeftAlone = settings.isExact || isNative || template.kind.lifetime == .service
    isBuiltIn = settings.isBuiltIn
    mode = try annotations.read(TalendTable.mode)
    modePlace = try annotations.located(TalendTable.mode)?.range
    var modes = mode.value
    if try annotations[TalendTable.workload] { modes.job = true }
    self.modes = modes
  }

  /// What the pod asks, with the mode `job` where its kind wants it.
  func request(findings: inout [Diagnostic]) throws(Diagnostic) -> TalendRequest {
    for part in modes.unknown {
      findings.append(.unknownMode(part, key: fullKey(TalendTable.mode.key), range: modePlace))
    }
    var request = try TalendRequest(annotations, modes: modes)
    let runsAgent = modes.proxy || (modes.secrets && request.secrets.isDynamic)
    guard !isLeftAlone, runsAgent else { return request }
    guard !modes.job else {
      advise(&findings)
      return request
    }
    let canEnd = containerCount == 1 && !request.secrets.asksForHook
    guard template.kind.lifetime == .job, mode.source == nil, canEnd else {
      let range = modePlace ?? annotations.range
      findings.append(.jobNeverCompletes(template.kind.kind, key: fullKey(TalendTable.mode.key), range: range))
      return request
    }
    advise(&findings)
    request.modes.job = true
    return request
  }

  private func advise(_ findings: inout [Diagnostic]) {
    guard isBuiltIn else { return }
    let key = fullKey(TalendTable.sidecars.key)
    findings.append(.nativeSidecarAdvised(key: key, range: modePlace ?? annotations.range))
  }

  private func fullKey(_ key: String) -> String { annotations.dialect.annotations.fullKey(key) }
}
