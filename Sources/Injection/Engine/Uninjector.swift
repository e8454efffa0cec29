public import ManifestText
public import Workloads

/// Takes what this program injected out of documents again.
public struct Uninjector: DocumentTransform {
  private let injector: Injector

  /// Brings together the dialects whose injections are undone, the known kinds, and which objects are meant.
  public init(
    dialects: [any Dialect], kinds: WorkloadKinds = WorkloadKinds(), selection: Selection = .everything
  ) {
    injector = Injector(dialects: dialects, kinds: kinds, selection: selection)
  }

  /// True where a document may have been injected.
  public func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool {
    injector.mayConcern(range, of: source)
  }

  /// Plans a document: what is taken out, and what became of each object.
  ///
  /// An object is refused where what was injected has been changed since, or where there is no record of it.
  public func plan(for document: Document) -> DocumentPlan {
    do throws(Diagnostic) {
      let found = try InjectedObjects(in: document, injector)
      var objects: [ObjectPlan] = []
      for (index, object) in found.objects.enumerated() {
        objects.append(ObjectPlan(object, of: document, outcome: outcome(of: object, index, found, in: document)))
      }
      return try finished(DocumentPlan(edits: Edits(document: document), objects: objects), found, document)
    } catch {
      let refusal = ObjectPlan(object: nil, offset: nil, outcome: .refused(error))
      return DocumentPlan(edits: Edits(document: document), objects: [refusal])
    }
  }

  /// What a document that was never injected holds.
  public func overview(of document: Document) -> DocumentPlan {
    var plan = injector.overview(of: document)
    for index in plan.objects.indices where plan.objects[index].outcome == .unchanged(.notAsked) {
      plan.objects[index].outcome = .unchanged(.notInjected)
    }
    return plan
  }

  private func outcome(
    of object: ManifestObject, _ index: Int, _ found: InjectedObjects, in document: Document
  ) -> ObjectPlan.Outcome {
    if let refusal = found.refusals.first(where: { $0.0 == index }) { return .refused(refusal.1) }
    if found.pods[index] != nil { return .uninjected(found.summary(of: index)) }
    do throws(Diagnostic) {
      guard try injector.selection.includes(object, of: document) else { return .unchanged(.notSelected) }
      let templates = try PodTemplate.templates(of: object, in: document, kinds: injector.kinds)
      for template in templates { try refuseWithoutRecord(template) }
      return .unchanged(templates.isEmpty ? .notAWorkload : .notInjected)
    } catch {
      return .refused(error)
    }
  }

  /// A pod that says it was injected, by other hands.
  private func refuseWithoutRecord(_ template: PodTemplate) throws(Diagnostic) {
    for dialect in injector.dialects {
      let namespace = template.object.namespace ?? "default"
      guard try dialect.standing(of: template, namespace: namespace) == .leftAlone(.alreadyInjected) else { continue }
      let status = try template.annotations().value(dialect.statusKey)
      throw .injectedWithoutRecord(dialect.statusKey, dialect.recordKey, at: status?.range)
    }
  }

  private func finished(
    _ plan: DocumentPlan, _ found: InjectedObjects, _ document: Document
  ) throws(Diagnostic) -> DocumentPlan {
    guard plan.refusals.isEmpty, !found.isEmpty else { return plan }
    let result = try found.undone(found.indices).document
    let results = try ManifestObject.objects(of: result)
    var objects = plan.objects
    for index in found.indices {
      objects[index].difference = ObjectPlan.Difference(
        path: found.objects[index].path, before: try document.value(of: found.objects[index].node),
        after: try result.value(of: results[index].node))
    }
    return DocumentPlan(document, finished: result, edits: Edits(document: result), objects: objects)
  }
}
