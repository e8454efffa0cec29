public import ManifestText
public import Workloads

/// Takes what this program injected out of documents again.
public struct Uninjector: DocumentTransform {
  private let scope: InjectionScope

  /// Brings together the dialects whose injections are undone, the known kinds, and which objects are meant.
  public init(
    dialects: [any Dialect], kinds: WorkloadKinds = WorkloadKinds(), selection: Selection = .everything
  ) {
    self.init(InjectionTerms(dialects: dialects), kinds: kinds, selection: selection)
  }

  /// The same with terms for namespaces; objects that name none are taken to be in `namespace`, as they are for an injector.
  package init(
    _ terms: InjectionTerms, kinds: WorkloadKinds, namespace: String? = nil, selection: Selection = .everything,
    isForced: Bool = false
  ) {
    scope = InjectionScope(terms, kinds: kinds, namespace: namespace, selection: selection, isForced: isForced)
  }

  /// True where a document may have been injected.
  public func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool { scope.mayConcern(range, of: source) }

  /// Plans a document: what is taken out, and what became of each object.
  ///
  /// An object is refused where what was injected has been changed since, or where there is no record of it.
  public func plan(for document: Document) -> DocumentPlan {
    do throws(Diagnostic) {
      let found = try RecordedObjects(in: document, scope, isForced: scope.isForced, takesNames: true)
      var objects: [ObjectPlan] = []
      for (index, object) in found.objects.enumerated() {
        var plan = ObjectPlan(object, of: document, outcome: outcome(of: object, index, found, in: document))
        plan.findings = found.discarded(of: index)
        objects.append(plan)
      }
      return try finished(objects, found, document)
    } catch {
      return .refused(document, error)
    }
  }

  /// What a document that was never injected holds.
  public func overview(of document: Document) -> DocumentPlan {
    scope.overview(of: document, workloads: .notInjected)
  }

  private func outcome(
    of object: ManifestObject, _ index: Int, _ found: RecordedObjects, in document: Document
  ) -> ObjectPlan.Outcome {
    if let refusal = found.refusals.first(where: { $0.0 == index }) { return .refused(refusal.1) }
    if found.pods[index] != nil { return .uninjected(found.summary(of: index)) }
    do throws(Diagnostic) {
      guard try scope.includes(object, of: document) else { return .unchanged(.notSelected) }
      let templates = try scope.templates(of: object, in: document)
      for template in templates {
        let (dialects, namespace) = (scope.scope(for: object).dialects, scope.namespace(of: object))
        for dialect in dialects { try dialect.refuseWithoutRecord(template, namespace: namespace) }
      }
      return .unchanged(templates.isEmpty ? .notAWorkload : .notInjected)
    } catch {
      return .refused(error)
    }
  }

  private func finished(
    _ planned: [ObjectPlan], _ found: RecordedObjects, _ document: Document
  ) throws(Diagnostic) -> DocumentPlan {
    guard !planned.contains(where: { $0.refusal != nil }), !found.isEmpty else { return .unchanged(document, planned) }
    let result = try found.undone(found.indices).document
    let results = try ManifestObject.objects(of: result)
    var objects = planned
    for index in found.indices {
      objects[index].change = .values(
        at: found.objects[index].path, from: try document.value(of: found.objects[index].node),
        to: try result.value(of: results[index].node))
    }
    return .revised(document, result: result, objects)
  }
}

extension Dialect {
  /// Refuses a pod that says it was injected, by other hands.
  func refuseWithoutRecord(_ template: PodTemplate, namespace: String) throws(Diagnostic) {
    guard try standing(of: template, namespace: namespace) == .leftAlone(.alreadyInjected) else { return }
    let status = try template.annotations().value(statusKey)
    throw .injectedWithoutRecord(statusKey, recordKey, at: status?.range)
  }
}
