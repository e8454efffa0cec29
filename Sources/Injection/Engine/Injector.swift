public import ManifestText
public import Workloads

/// Plans the injection into every pod of a document.
///
/// What this program injected before is taken out first and injected again, with the configuration in force.
public struct Injector: DocumentTransform {
  let dialects: [any Dialect]
  let kinds: WorkloadKinds
  let namespace: String?
  let selection: Selection
  let isStrict: Bool
  let review: AnnotationReview
  private let search: AnnotationSearch

  /// Brings the dialects and the known kinds together.
  ///
  /// Objects that name no namespace are taken to be in `namespace`, and in `default` where that is nil. Objects
  /// outside of the selection stay as they are. A strict injector refuses annotations that no injector reads.
  public init(
    dialects: [any Dialect], kinds: WorkloadKinds = WorkloadKinds(), namespace: String? = nil,
    selection: Selection = .everything, isStrict: Bool = false
  ) {
    self.dialects = dialects
    self.kinds = kinds
    self.namespace = namespace
    self.selection = selection
    self.isStrict = isStrict
    review = AnnotationReview(dialects)
    search = AnnotationSearch(dialects)
  }

  /// True where documents may ask for injection, or have annotations there is something to say about; false lets them be
  /// copied without being parsed.
  public func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool {
    search.mayHold(in: source.bytes, range)
  }

  /// Plans a document: what changes, and what became of each object.
  ///
  /// Where any object is refused, nothing of the document may be written.
  public func plan(for document: Document) -> DocumentPlan {
    do throws(Diagnostic) {
      var planner = InjectionPlanner(injector: self, document: document)
      let plan = try planner.plan()
      if planner.foundRecords { return try Refresh(injector: self, document: document).plan() }
      return try reversible(plan, planner)
    } catch {
      let refusal = ObjectPlan(object: nil, offset: nil, outcome: .refused(error))
      return DocumentPlan(edits: Edits(document: document), objects: [refusal])
    }
  }

  /// What a document without the annotations' text holds: nothing of it changes, and nothing is refused.
  public func overview(of document: Document) -> DocumentPlan {
    let objects = (try? ManifestObject.objects(of: document)) ?? []
    return DocumentPlan(
      edits: Edits(document: document),
      objects: objects.map { overview(of: $0, in: document) })
  }

  private func overview(of object: ManifestObject, in document: Document) -> ObjectPlan {
    var plan = ObjectPlan(object, of: document, outcome: .unchanged(.notSelected))
    guard (try? selection.includes(object, of: document)) ?? true else { return plan }
    let templates = (try? PodTemplate.templates(of: object, in: document, kinds: kinds)) ?? []
    plan.outcome = .unchanged(templates.isEmpty ? .notAWorkload : .notAsked)
    return plan
  }
}

extension Injector {
  /// Plans a fresh injection into the pods of a document, except those at the `settled` places; the `former` records
  /// are those of injections that were just taken out.
  /// - Throws: A `Diagnostic` where the document cannot be taken apart or edited.
  func injection(
    into document: Document, settled: Set<Path> = [], former: [Path: InjectionRecord] = [:]
  ) throws(Diagnostic) -> DocumentPlan {
    var planner = InjectionPlanner(injector: self, document: document, settled: settled, former: former)
    return try reversible(planner.plan(), planner)
  }

  /// Sees to it that what is planned can be undone to the byte.
  private func reversible(_ plan: DocumentPlan, _ planner: InjectionPlanner) throws(Diagnostic) -> DocumentPlan {
    guard !plan.isEmpty, plan.refusals.isEmpty else { return plan }
    let document = plan.document
    var plan = plan
    let edits = try plan.edits.textEdits()
    plan.textEdits = edits
    // Lines put between others are taken out as whole lines again: nothing is lost on the way.
    let isReplacing = planner.pods.contains { $0.record.pod.replacesValues }
    guard !planner.pods.isEmpty, isReplacing || !edits.allSatisfy(document.isWholeLines) else { return plan }
    return try Reversal(planner: planner).reversible(plan)
  }
}
