public import ManifestText
package import Workloads

/// Plans the injection into every pod of a document.
///
/// What this program injected before is taken out first and injected again, with the configuration in force.
public struct Injector: DocumentTransform {
  private let scope: InjectionScope
  private let constants: ConstantValues
  private var configMaps = InputConfigMaps.none
  private var seeksReferences = false

  /// Brings the dialects and the known kinds together.
  ///
  /// Objects that name no namespace are taken to be in `namespace`, and in `default` where that is nil. Objects
  /// outside of the selection stay as they are. The policy says which findings refuse an object.
  package init(
    dialects: [any Dialect], kinds: WorkloadKinds = WorkloadKinds(), namespace: String? = nil,
    selection: Selection = .everything, policy: FindingPolicy = FindingPolicy()
  ) {
    self.init(
      InjectionTerms(dialects: dialects, policy: policy), kinds: kinds, namespace: namespace, selection: selection)
  }

  /// The same with terms for namespaces.
  package init(
    _ terms: InjectionTerms, kinds: WorkloadKinds, namespace: String? = nil, selection: Selection = .everything,
    handChanges: HandChanges = .kept
  ) {
    self.init(
      InjectionScope(terms, kinds: kinds, namespace: namespace, selection: selection, handChanges: handChanges))
  }

  private init(_ scope: InjectionScope) {
    self.scope = scope
    constants = ConstantValues(scope.allDialects.flatMap(\.constants))
  }

  /// The same for another thread, with dialects of its own.
  public func unshared() -> Injector {
    var injector = Injector(scope.unshared())
    injector.configMaps = configMaps
    injector.seeksReferences = seeksReferences
    return injector
  }

  /// The same, which reads also documents without any annotation for what other injectors replace, such as the values
  /// of variables: where more is asked for than the result, which they do not change.
  package func seekingReferences(_ isWanted: Bool = true) -> Injector {
    var injector = self
    injector.seeksReferences = isWanted
    return injector
  }

  /// True where documents may ask for injection, or have annotations there is something to say about; false lets them be
  /// copied without being parsed.
  public func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool {
    scope.mayConcern(range, of: source) || seeksReferences && BankVaults.mayReplace(in: source.bytes, range)
  }

  /// The same, knowing the ConfigMaps of the input, where pods may name one.
  public func informed(by input: SourceText) -> Injector {
    var injector = self
    injector.configMaps = scope.configMaps(of: input)
    return injector
  }

  /// What becomes of each object, without the text of what changes being made; for a document that was injected before,
  /// as if it were injected again.
  func objects(of document: Document) -> [ObjectPlan] {
    do throws(Diagnostic) {
      let draft = try InjectionPlanner(scope, document, wantsFindingsOnly: true, beside: configMaps)
        .draft()
      return draft.foundRecords ? try refresh(of: document).objects() : draft.objects
    } catch {
      return DocumentPlan.refused(document, error).objects
    }
  }

  /// Plans a document: what changes, and what became of each object.
  ///
  /// Where any object is refused, nothing of the document may be written.
  public func plan(for document: Document) -> DocumentPlan {
    do throws(Diagnostic) {
      let planner = InjectionPlanner(scope, document, knowing: constants, beside: configMaps)
      let draft = try planner.draft()
      return draft.foundRecords ? try refresh(of: document).plan() : try planner.plan(draft)
    } catch {
      return .refused(document, error)
    }
  }

  /// Plans a list item by item, unless an earlier injection in it has to be taken out, or a new one needs the whole
  /// document to be undone.
  public func planItems(
    of list: Document, _ take: (DocumentPlan) throws(Diagnostic) -> Void
  ) throws(Diagnostic) -> Bool {
    var planner = InjectionPlanner(scope, list, knowing: constants, beside: configMaps)
    return try planner.planItems(take) { (part) throws(Diagnostic) in try refresh(of: part).settledPods() }
  }

  private func refresh(of document: Document) -> Refresh {
    Refresh(of: document, in: scope) { (document, settled, former) throws(Diagnostic) in
      let planner = InjectionPlanner(
        scope, document, settled: settled, former: former, knowing: constants, beside: configMaps)
      return try planner.plan(planner.draft())
    }
  }

  /// What a document without the annotations' text holds: nothing of it changes, and nothing is refused.
  public func overview(of document: Document) -> DocumentPlan { scope.overview(of: document) }
}

/// Plans a fresh injection into the pods of one document, and sees to it that it can be undone to the byte.
struct InjectionPlanner {
  private let scope: InjectionScope
  private let document: Document
  /// Where pods are whose injection stays as it is.
  private var settled: Set<Path>
  /// The records of pods whose injection was just taken out, to be made again.
  private let former: [Path: InjectionRecord]
  /// True where nobody asks for the changes.
  private let wantsFindingsOnly: Bool
  private let constants: ConstantValues
  private let configMaps: InputConfigMaps

  init(
    _ scope: InjectionScope, _ document: Document, settled: Set<Path> = [],
    former: [Path: InjectionRecord] = [:], wantsFindingsOnly: Bool = false, knowing constants: ConstantValues = .none,
    beside configMaps: InputConfigMaps = .none
  ) {
    self.constants = constants
    self.configMaps = configMaps
    self.wantsFindingsOnly = wantsFindingsOnly
    self.scope = scope
    self.document = document
    self.settled = settled
    self.former = former
  }

  /// What is planned for the objects of a document, before it is known whether it can be undone.
  struct Draft {
    fileprivate(set) var objects: [ObjectPlan] = []
    /// The pods that are injected and keep a record of it.
    fileprivate(set) var pods: [RecordedPod] = []
    /// True where a pod was met that holds the record of an earlier injection, so that nothing here is of use.
    fileprivate(set) var foundRecords = false
    /// What the records of some pods have to hold beside what was injected into them.
    fileprivate let supplements: [Path: InjectionRecord]
    fileprivate var pod: PodPlan

    fileprivate var edits: Edits { pod.edits }
  }

  /// Plans every object.
  /// - Throws: A `Diagnostic` where the objects cannot be told apart.
  func draft() throws(Diagnostic) -> Draft { try draft(with: [:]) }

  /// The plan that a draft comes to: its edits as text, and records that hold what undoing does not give back by itself.
  /// - Throws: A `Diagnostic` where the document cannot be edited.
  func plan(_ draft: Draft) throws(Diagnostic) -> DocumentPlan {
    guard !draft.edits.isEmpty, !draft.objects.contains(where: { $0.refusal != nil }) else {
      return .unchanged(document, draft.objects)
    }
    let textEdits = try draft.edits.textEdits()
    guard draft.needsRoundTrip(textEdits) else {
      return .edited(draft.edits, as: textEdits, result: nil, draft.objects)
    }
    return try reversible(draft, textEdits)
  }
}

extension InjectionPlanner.Draft {
  /// False where undoing gives everything back: lines put between others are taken out as whole lines again, and nothing
  /// is lost on the way.
  fileprivate func needsRoundTrip(_ textEdits: [TextEdit]) -> Bool {
    let isReplacing = pods.contains { $0.record.pod.replacesValues }
    return !pods.isEmpty && (isReplacing || !textEdits.allSatisfy(edits.document.isWholeLines))
  }

  /// Hands over what is planned for an item of a list, which is a document of its own.
  fileprivate mutating func take(at path: Path, as part: Document) -> InjectionPlanner.Draft {
    var own = self
    own.pod.edits = pod.edits.part(at: path, as: part)
    own.pods = pods.map { pod in
      let steps = pod.path.steps.dropFirst(path.steps.count)
      return RecordedPod(path: Path(Array(steps)), recordKey: pod.recordKey, record: pod.record)
    }
    self = emptied()
    return own
  }

  /// The same without what was planned.
  fileprivate func emptied() -> InjectionPlanner.Draft {
    var draft = self
    draft.pod.edits.removeAll()
    (draft.objects, draft.pods, draft.foundRecords) = ([], [], false)
    return draft
  }
}

// MARK: Items

extension InjectionPlanner {
  /// Plans the document's items, each as a document of its own; `settling` tells where pods are in one that were injected
  /// before and stay as they are, or nil where not all of them do.
  fileprivate mutating func planItems(
    _ take: (DocumentPlan) throws(Diagnostic) -> Void, settling: (Document) throws(Diagnostic) -> Set<Path>?
  ) throws(Diagnostic) -> Bool {
    guard let items = try ManifestObject.items(of: document) else { return false }
    var draft = emptyDraft(with: [:])
    var path = Path().appending("items").appending(0)
    for (index, item) in document.items(of: items).enumerated() {
      path.steps[1] = .index(index)
      guard let part = document.part(item, inside: path.steps.count) else { return false }
      let objects = try ManifestObject.objects(of: item, at: path, in: document)
      settled = []
      plan(objects, &draft)
      if draft.foundRecords {
        guard let pods = try settling(part) else { return false }
        settled = Set(pods.map(path.appending))
        draft = draft.emptied()
        plan(objects, &draft)
      }
      guard !draft.foundRecords, let plan = try plan(ofItem: draft.take(at: path, as: part)) else { return false }
      try take(plan)
    }
    return true
  }

  /// The plan that the draft of an item comes to; nil where it depends on the other items.
  private func plan(ofItem draft: Draft) throws(Diagnostic) -> DocumentPlan? {
    let part = draft.edits.document
    guard !draft.edits.isEmpty, !draft.objects.contains(where: { $0.refusal != nil }) else {
      return .unchanged(part, draft.objects)
    }
    guard part.isLaidOut(as: document) else { return nil }
    let textEdits = try draft.edits.textEdits()
    guard draft.needsRoundTrip(textEdits) else {
      return .edited(draft.edits, as: textEdits, result: nil, draft.objects)
    }
    let trip = try RoundTrip(draft.edits, as: textEdits, pods: draft.pods)
    return trip.needsNoSupplement ? .edited(draft.edits, as: textEdits, result: trip.result, draft.objects) : nil
  }
}

// MARK: Undoing

extension InjectionPlanner {
  private func reversible(_ draft: Draft, _ textEdits: [TextEdit]) throws(Diagnostic) -> DocumentPlan {
    let trip = try RoundTrip(draft.edits, as: textEdits, pods: draft.pods)
    guard let supplements = try trip.supplements() else { return try plan(holdingDifferenceOf: trip, [:], draft.pods) }
    guard !supplements.isEmpty else { return .edited(draft.edits, as: textEdits, result: trip.result, draft.objects) }
    let repaired = try self.draft(with: supplements)
    let repairedEdits = try repaired.edits.textEdits()
    let second = try RoundTrip(repaired.edits, as: repairedEdits, pods: repaired.pods)
    guard try !second.isExact() else {
      return .edited(repaired.edits, as: repairedEdits, result: second.result, repaired.objects)
    }
    return try plan(holdingDifferenceOf: second, supplements, repaired.pods)
  }

  /// The plan whose first record holds the whole difference; there are pods wherever a round trip is made.
  private func plan(
    holdingDifferenceOf trip: RoundTrip, _ supplements: [Path: InjectionRecord], _ pods: [RecordedPod]
  ) throws(Diagnostic) -> DocumentPlan {
    var supplements = supplements
    if let first = pods.first { supplements[first.path, default: InjectionRecord()].difference = trip.difference() }
    let draft = try self.draft(with: supplements)
    return .edited(draft.edits, as: try draft.edits.textEdits(), result: nil, draft.objects)
  }
}

extension Document {
  /// True for an edit that puts whole lines between others.
  fileprivate func isWholeLines(_ edit: TextEdit) -> Bool {
    guard edit.range.isEmpty, let last = edit.text.last, ASCII.isBreak(last) else { return false }
    let place = edit.range.lowerBound
    return place == range.lowerBound || isLineStart(place)
  }
}

// MARK: Objects

extension InjectionPlanner {
  private func draft(with supplements: [Path: InjectionRecord]) throws(Diagnostic) -> Draft {
    var draft = emptyDraft(with: supplements)
    try plan(ManifestObject.objects(of: document), &draft)
    return draft
  }

  private func emptyDraft(with supplements: [Path: InjectionRecord]) -> Draft {
    Draft(
      supplements: supplements,
      pod: PodPlan(
        edits: Edits(document: document, knowing: constants), wantsFindingsOnly: wantsFindingsOnly, beside: configMaps))
  }

  private func plan(_ objects: [ManifestObject], _ draft: inout Draft) {
    for object in objects {
      let plan = plan(object, &draft)
      draft.objects.append(plan)
    }
  }

  private func plan(_ object: ManifestObject, _ draft: inout Draft) -> ObjectPlan {
    let scope = scope.scope(for: object)
    var plan = ObjectPlan(object, of: document)
    let first = draft.edits.operations.count
    (draft.pod.findings, draft.pod.assumedAddress) = ([], nil)
    do throws(Diagnostic) {
      plan.outcome = try outcome(for: object, in: scope, &draft)
    } catch {
      plan.outcome = .refused(error)
    }
    plan.change = .operations(first..<draft.edits.operations.count)
    let verdict = scope.policy.verdict(on: draft.pod.findings)
    plan.findings = verdict.findings
    plan.ignoredCount = verdict.ignoredCount
    if let refusal = verdict.refusal, plan.refusal == nil { plan.outcome = .refused(refusal) }
    if case .injected = plan.outcome, let address = draft.pod.assumedAddress {
      if scope.policy.ignores(.builtInAddress) { plan.ignoredCount += 1 } else { plan.assumedAddress = address }
    }
    return plan
  }

  private func outcome(
    for object: ManifestObject, in scope: InjectionScope, _ draft: inout Draft
  ) throws(Diagnostic) -> ObjectPlan.Outcome {
    guard try scope.includes(object, of: document) else { return .unchanged(.notSelected) }
    let templates = try scope.templates(of: object, in: document)
    draft.pod.findings += try scope.review.idleRequests(of: templates)
    draft.pod.findings += try scope.review.findings(on: object, templates, in: document)
    var outcome = ObjectPlan.Outcome.unchanged(.notAWorkload)
    var injected: [PodTemplate] = []
    for template in templates {
      let result = try self.outcome(for: template, in: scope, &draft)
      if case .injected = result { injected.append(template) }
      outcome = outcome.combined(with: result)
    }
    if !injected.isEmpty { draft.pod.findings += try OperatedPods(templates, injected: injected).findings() }
    return outcome
  }
}

// MARK: Pods

extension InjectionPlanner {
  /// What becomes of one pod template: the one dialect it speaks decides.
  private func outcome(
    for template: PodTemplate, in scope: InjectionScope, _ draft: inout Draft
  ) throws(Diagnostic) -> InjectionOutcome {
    if settled.contains(template.path) { return .skipped(.alreadyInjected) }
    let annotations = try template.annotations()
    for dialect in scope.dialects where try annotations.holds(dialect.recordKey) {
      draft.foundRecords = true
      return .skipped(.alreadyInjected)
    }
    let namespace = scope.namespace(of: template.object)
    var template = template
    let former = former[template.path]
    var reason = InjectionOutcome.Reason.notAsked
    var asked: (any Dialect)?
    for dialect in scope.dialects {
      switch try dialect.standing(of: template, namespace: namespace) {
      case .leftAlone(.notAsked): break
      case .leftAlone(.alreadyInjected):
        reason = .injectedWithoutRecord
        draft.pod.findings += try scope.review.statusWithoutAgent(template, dialect)
      case .leftAlone(let stronger) where stronger != .alreadyRunning || former == nil: reason = stronger
      case .asking, .leftAlone:
        if let asked { throw try .twoDialects(asked.requestKey, dialect.requestKey, template) }
        asked = dialect
      }
    }
    guard let asked else {
      if reason == .notAsked { draft.pod.findings += try unaskedReferences(of: template, annotations) }
      return .skipped(reason)
    }
    if former?.pod.names(in: "volumes").contains(asked.tokenVolume) ?? false {
      template = template.withoutAdmittedMounts
    }
    draft.pod.findings += try PodContainers(template).findings(asked)
    let summary = try asked.inject(into: template, namespace: namespace, plan: &draft.pod)
    draft.pod.findings += try PodNames(template).findings()
    if asked.keepsRecord, !wantsFindingsOnly { try keepRecord(of: template, asked, &draft) }
    return .injected(summary)
  }

  /// What is said of references to Vault that nothing replaces; annotations beside them have been told of.
  private func unaskedReferences(
    of template: PodTemplate, _ annotations: Annotations
  ) throws(Diagnostic) -> [Diagnostic] {
    guard OtherInjectors.findings(on: annotations.keys()).isEmpty else { return [] }
    return try PodContainers(template).unaskedReferences()
  }

  /// Writes down what was planned for a pod, so that it can be undone.
  private func keepRecord(of template: PodTemplate, _ dialect: any Dialect, _ draft: inout Draft) throws(Diagnostic) {
    guard let changes = draft.edits.tree.subtree(at: template.path.steps[...]) else { return }
    var record = draft.supplements[template.path] ?? InjectionRecord()
    let builder = RecordBuilder(document: document, constants: constants.digests)
    record.pod = try builder.part(for: changes, inPod: template.node)
    draft.pods.append(RecordedPod(path: template.path, recordKey: dialect.recordKey, record: record))
    let text = Value.string(record.text(statusKey: dialect.statusKey))
    try draft.pod.edits.set(text, at: template.annotationsPath.appending(dialect.recordKey))
  }
}

extension Diagnostic {
  fileprivate static func twoDialects(_ first: String, _ second: String, _ template: PodTemplate) throws(Diagnostic)
    -> Diagnostic
  {
    let annotations = try template.annotations()
    return Diagnostic(
      rule: .twoDialects, message: "the pod asks for injection by `\(first)` and by `\(second)`",
      hint: "keep the annotations of one injector, or choose one with --dialect",
      range: try annotations.value(second)?.range ?? annotations.range)
  }
}
