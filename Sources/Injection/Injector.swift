public import ManifestText
public import Workloads

/// Something that changes documents: the injection, its undoing, a conversion.
public protocol DocumentTransform: Sendable {
  /// True where a document may change; false lets it be copied without being parsed.
  func mayConcern(_ piece: DocumentStream.Piece, of source: SourceText) -> Bool

  /// Plans a document: what changes, and what became of each object.
  ///
  /// Where any object is refused, nothing of the document may be written.
  func plan(for document: Document) -> DocumentPlan

  /// What a document holds that cannot concern this: nothing of it changes, and nothing is refused.
  func overview(of document: Document) -> DocumentPlan
}

/// Plans the injection into every pod of a document.
public struct Injector: DocumentTransform {
  private let dialects: [any Dialect]
  private let kinds: WorkloadKinds
  private let namespace: String?
  private let selection: Selection
  private let isStrict: Bool
  private let review: AnnotationReview
  private let markers: [[UInt8]]

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
    markers = dialects.map { Array((isStrict ? AnnotationReview.mark(of: $0) : $0.marker).utf8) }
  }

  /// True where a document may ask for injection; false lets it be copied without being parsed.
  public func mayConcern(_ piece: DocumentStream.Piece, of source: SourceText) -> Bool {
    TextSearch.mayHold(anyOf: markers, in: source.bytes, piece.range)
  }

  /// Plans a document: what changes, and what became of each object.
  ///
  /// Where any object is refused, nothing of the document may be written.
  public func plan(for document: Document) -> DocumentPlan {
    var plan = PodPlan(edits: Edits(document: document))
    var objects: [ObjectPlan] = []
    do throws(Diagnostic) {
      for object in try ManifestObject.objects(of: document) {
        objects.append(planObject(object, in: document, &plan))
      }
    } catch {
      objects.append(ObjectPlan(object: nil, offset: nil, outcome: .refused(error)))
    }
    return DocumentPlan(edits: plan.edits, objects: objects)
  }

  /// What a document without the annotations' text holds: nothing of it changes, and nothing is refused.
  public func overview(of document: Document) -> DocumentPlan {
    let objects = (try? ManifestObject.objects(of: document)) ?? []
    return DocumentPlan(
      edits: Edits(document: document),
      objects: objects.map { overview(of: $0, in: document) })
  }

  private func overview(of object: ManifestObject, in document: Document) -> ObjectPlan {
    var plan = ObjectPlan(
      object: object, offset: document.range(of: object.node).lowerBound, outcome: .unchanged(.notSelected))
    guard (try? selection.includes(object, of: document)) ?? true else { return plan }
    let templates = (try? PodTemplate.templates(of: object, in: document, kinds: kinds)) ?? []
    plan.outcome = .unchanged(templates.isEmpty ? .notAWorkload : .notAsked)
    if !templates.isEmpty { plan.findings = (try? review.findings(on: object, templates, in: document)) ?? [] }
    return plan
  }

  private func planObject(_ object: ManifestObject, in document: Document, _ plan: inout PodPlan) -> ObjectPlan {
    var result = ObjectPlan(
      object: object, offset: document.range(of: object.node).lowerBound, outcome: .unchanged(.notAWorkload))
    let first = plan.edits.operations.count
    plan.findings = []
    do throws(Diagnostic) {
      result.outcome = try outcome(for: object, in: document, &plan)
    } catch {
      result.outcome = .refused(error)
    }
    result.operations = first..<plan.edits.operations.count
    result.findings = plan.findings
    return result
  }

  private func outcome(
    for object: ManifestObject, in document: Document, _ pod: inout PodPlan
  ) throws(Diagnostic) -> ObjectPlan.Outcome {
    guard try selection.includes(object, of: document) else { return .unchanged(.notSelected) }
    let templates = try PodTemplate.templates(of: object, in: document, kinds: kinds)
    try review(object, templates, in: document, &pod)
    var outcome = ObjectPlan.Outcome.unchanged(.notAWorkload)
    for template in templates {
      outcome = outcome.combined(with: try self.outcome(for: template, &pod))
    }
    return outcome
  }

  /// Notes what there is to say about annotations no injector reads, which a strict injector refuses.
  private func review(
    _ object: ManifestObject, _ templates: [PodTemplate], in document: Document, _ pod: inout PodPlan
  ) throws(Diagnostic) {
    var findings = try review.findings(on: object, templates, in: document)
    if isStrict {
      for index in findings.indices { findings[index].severity = .error }
      if let last = findings.popLast() {
        pod.findings += findings
        throw last
      }
    }
    pod.findings += findings
  }

  /// What becomes of one pod template: the one dialect it speaks decides.
  private func outcome(for template: PodTemplate, _ pod: inout PodPlan) throws(Diagnostic) -> InjectionOutcome {
    let namespace = template.object.namespace ?? namespace ?? "default"
    var reason = InjectionOutcome.Reason.notAsked
    var asked: (any Dialect)?
    for dialect in dialects {
      switch try dialect.standing(of: template, namespace: namespace) {
      case .leftAlone(.notAsked): break
      case .leftAlone(let stronger): reason = stronger
      case .asking:
        if let asked { throw try .twoDialects(asked.requestKey, dialect.requestKey, template) }
        asked = dialect
      }
    }
    guard let asked else { return .skipped(reason) }
    return .injected(try asked.inject(into: template, namespace: namespace, plan: &pod))
  }
}

/// What is planned for a document.
public struct DocumentPlan: Sendable {
  /// The changes.
  public var edits: Edits
  /// What became of each object, in order.
  public var objects: [ObjectPlan] = []

  /// True where nothing of the document changes.
  public var isEmpty: Bool { edits.isEmpty }

  /// The document with everything planned done, read again and compared with the plan.
  /// - Throws: A `Diagnostic` where that cannot be done; nothing of the document may be written then.
  public func result() throws(Diagnostic) -> Document { try edits.spliced() }

  /// What is planned for one of the objects, as JSON Patch with paths from the document's root.
  public func operations(of object: ObjectPlan) -> [PatchOperation] { Array(edits.operations[object.operations]) }

  /// The reasons why nothing of the document may be written; empty where all is well.
  public var refusals: [Diagnostic] {
    objects.compactMap { object in
      guard case .refused(let diagnostic) = object.outcome else { return nil }
      return diagnostic
    }
  }
}

/// What is planned for one object.
public struct ObjectPlan: Sendable {
  /// What becomes of it.
  public enum Outcome: Equatable, Sendable {
    /// Its pods are changed.
    case injected(InjectionOutcome.Summary)
    /// It stays as it is.
    case unchanged(InjectionOutcome.Reason)
    /// It cannot be injected, so nothing of its input is written.
    case refused(Diagnostic)
  }

  /// The object; nil where the document could not be taken apart.
  public let object: ManifestObject?
  /// Where it begins in the input; nil where there is no object.
  public let offset: Int?
  /// What becomes of it.
  public var outcome: Outcome
  /// Warnings and notes about it.
  public var findings: [Diagnostic] = []
  /// Which of the document's operations are its own.
  public var operations: Range<Int> = 0..<0
}

extension ObjectPlan.Outcome {
  /// What became of an object with several pods: injected where any was.
  fileprivate func combined(with next: InjectionOutcome) -> ObjectPlan.Outcome {
    switch (self, next) {
    case (.injected(let before), .injected(let summary)):
      var sum = before
      sum.initContainers += summary.initContainers
      sum.containers += summary.containers
      sum.volumes += summary.volumes
      return .injected(sum)
    case (_, .injected(let summary)): return .injected(summary)
    case (.injected, .skipped): return self
    case (.unchanged(let before), .skipped(let reason)):
      return .unchanged(before == .notAWorkload || before == .notAsked ? reason : before)
    case (.refused, _): return self
    }
  }
}

extension Diagnostic {
  static func twoDialects(_ first: String, _ second: String, _ template: PodTemplate) throws(Diagnostic) -> Diagnostic {
    let annotations = try template.annotations()
    return Diagnostic(
      rule: "two-dialects", message: "the pod asks for injection by `\(first)` and by `\(second)`",
      hint: "keep the annotations of one injector, or choose one with --dialect",
      range: try annotations.value(second)?.range ?? annotations.range)
  }
}
