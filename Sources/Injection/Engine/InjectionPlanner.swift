internal import ManifestText
internal import Workloads

/// Plans a fresh injection into the pods of one document, object by object.
struct InjectionPlanner {
  let injector: Injector
  let document: Document
  /// Where pods are whose injection stays as it is.
  let settled: Set<Path>
  /// The records of pods whose injection was just taken out, to be made again.
  let former: [Path: InjectionRecord]
  /// What the records of some pods have to hold beside what was injected into them.
  let supplements: [Path: InjectionRecord]
  /// The pods that are injected and keep a record of it.
  private(set) var pods: [Undo.Pod] = []
  /// True where a pod was met that holds the record of an earlier injection, so that nothing here is of use.
  private(set) var foundRecords = false
  private var pod: PodPlan

  init(
    injector: Injector, document: Document, settled: Set<Path> = [], former: [Path: InjectionRecord] = [:],
    supplements: [Path: InjectionRecord] = [:]
  ) {
    self.injector = injector
    self.document = document
    self.settled = settled
    self.former = former
    self.supplements = supplements
    pod = PodPlan(edits: Edits(document: document))
  }

  /// Plans every object.
  /// - Throws: A `Diagnostic` where the objects cannot be told apart.
  mutating func plan() throws(Diagnostic) -> DocumentPlan {
    var objects: [ObjectPlan] = []
    for object in try ManifestObject.objects(of: document) { objects.append(plan(object)) }
    return DocumentPlan(edits: pod.edits, objects: objects)
  }

  private mutating func plan(_ object: ManifestObject) -> ObjectPlan {
    var result = ObjectPlan(object, of: document)
    let first = pod.edits.operations.count
    pod.findings = []
    do throws(Diagnostic) {
      result.outcome = try outcome(for: object)
    } catch {
      result.outcome = .refused(error)
    }
    result.operations = first..<pod.edits.operations.count
    result.findings = pod.findings
    return result
  }

  private mutating func outcome(for object: ManifestObject) throws(Diagnostic) -> ObjectPlan.Outcome {
    guard try injector.selection.includes(object, of: document) else { return .unchanged(.notSelected) }
    let templates = try PodTemplate.templates(of: object, in: document, kinds: injector.kinds)
    try review(object, templates)
    var outcome = ObjectPlan.Outcome.unchanged(.notAWorkload)
    for template in templates {
      outcome = outcome.combined(with: try self.outcome(for: template))
    }
    return outcome
  }

  /// What becomes of one pod template: the one dialect it speaks decides.
  private mutating func outcome(for template: PodTemplate) throws(Diagnostic) -> InjectionOutcome {
    if settled.contains(template.path) { return .skipped(.alreadyInjected) }
    let annotations = try template.annotations()
    for dialect in injector.dialects where try annotations.holds(dialect.recordKey) {
      foundRecords = true
      return .skipped(.alreadyInjected)
    }
    let namespace = template.object.namespace ?? injector.namespace ?? "default"
    var template = template
    let former = former[template.path]
    var reason = InjectionOutcome.Reason.notAsked
    var asked: (any Dialect)?
    for dialect in injector.dialects {
      switch try dialect.standing(of: template, namespace: namespace) {
      case .leftAlone(.notAsked): break
      case .leftAlone(.alreadyInjected): reason = .injectedWithoutRecord
      case .leftAlone(let stronger) where stronger != .alreadyRunning || former == nil: reason = stronger
      case .asking, .leftAlone:
        if let asked { throw try .twoDialects(asked.requestKey, dialect.requestKey, template) }
        asked = dialect
      }
    }
    guard let asked else { return .skipped(reason) }
    if let former { template.overlooksAdmittedMounts = former.pod.names(in: "volumes").contains(asked.tokenVolume) }
    let summary = try asked.inject(into: template, namespace: namespace, plan: &pod)
    if asked.keepsRecord { try keepRecord(of: template, asked.recordKey) }
    return .injected(summary)
  }

  /// Writes down what was planned for a pod, so that it can be undone.
  private mutating func keepRecord(of template: PodTemplate, _ key: String) throws(Diagnostic) {
    guard let changes = pod.edits.tree.subtree(at: template.path.steps[...]) else { return }
    var record = supplements[template.path] ?? InjectionRecord()
    record.pod = try RecordBuilder(document: document).part(for: changes, inPod: template.node)
    pods.append(Undo.Pod(path: template.path, recordKey: key, record: record))
    try pod.edits.set(.string(record.text), at: template.annotationsPath.appending(key))
  }

  /// Notes what there is to say about annotations no injector reads, which a strict injector refuses.
  private mutating func review(
    _ object: ManifestObject, _ templates: [PodTemplate]
  ) throws(Diagnostic) {
    pod.findings += try injector.review.emptyRequests(of: templates)
    var findings = try injector.review.findings(on: object, templates, in: document)
    if injector.isStrict {
      for index in findings.indices { findings[index].severity = .error }
      if let last = findings.popLast() {
        pod.findings += findings
        throw last
      }
    }
    pod.findings += findings
  }
}
