internal import ManifestText
internal import Workloads

/// Makes agents end with the pods of jobs.
///
/// The webhook sees pods, not what made them; a manifest tells a Job, whose pods must end.
struct TalendJobs {
  private let template: PodTemplate
  private let annotations: Annotations
  private let schema: AnnotationSchema
  private let containerCount: Int
  /// True where nothing has to be done about the agent's end.
  private let isLeftAlone: Bool
  private let isBuiltIn: Bool
  private let mode: Annotations.Located?
  private let modes: TalendModes

  init(
    _ template: PodTemplate, _ annotations: Annotations, _ dialect: TalendDialect, containerCount: Int,
    isNative: Bool
  ) throws(Diagnostic) {
    self.template = template
    self.annotations = annotations
    self.containerCount = containerCount
    schema = dialect.annotations
    isLeftAlone = dialect.settings.isExact || isNative || template.kind.lifetime == .service
    isBuiltIn = dialect.settings.isBuiltIn
    mode = try annotations.value(schema.fullKey("mode"))
    let workload = try annotations.value(schema.fullKey("workload"))
    modes = TalendModes(mode: mode?.text, workload: workload?.text)
  }

  /// What the pod asks, with the mode `job` where its kind wants it.
  func request(findings: inout [Diagnostic]) throws(Diagnostic) -> TalendRequest {
    for part in modes.unknown {
      findings.append(.unknownMode(part, key: schema.fullKey("mode"), range: mode?.range))
    }
    let request = try TalendRequest(annotations, schema: schema, modes: modes)
    let runsAgent = modes.proxy || (modes.secrets && request.secrets.isDynamic)
    guard !isLeftAlone, runsAgent else { return request }
    guard !modes.job else {
      advise(&findings)
      return request
    }
    let isUnset = (mode?.text ?? "").isEmpty
    let canEnd = containerCount == 1 && !request.secrets.asksForHook
    guard template.kind.lifetime == .job, isUnset, canEnd else {
      let range = mode?.range ?? annotations.range
      findings.append(.jobNeverCompletes(template.kind.kind, key: schema.fullKey("mode"), range: range))
      return request
    }
    advise(&findings)
    var modes = modes
    modes.job = true
    return try TalendRequest(annotations, schema: schema, modes: modes)
  }

  private func advise(_ findings: inout [Diagnostic]) {
    guard isBuiltIn else { return }
    findings.append(.nativeSidecarAdvised(key: schema.fullKey("sidecars"), range: mode?.range ?? annotations.range))
  }
}
