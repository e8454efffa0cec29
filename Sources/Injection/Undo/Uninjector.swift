public import ManifestText
public import Workloads

/// Takes what this program injected out of documents again.
public struct Uninjector: DocumentTransform {
  private let scope: InjectionScope
  private let injecting: @Sendable (Document) -> [ObjectPlan]

  /// Brings together the dialects whose injections are undone, the known kinds, and which objects are meant.
  public init(
    dialects: [any Dialect], kinds: WorkloadKinds = WorkloadKinds(), selection: Selection = .everything
  ) {
    self.init(InjectionTerms(dialects: dialects), kinds: kinds, selection: selection)
  }

  /// The same with terms for namespaces; objects that name none are taken to be in `namespace`, as they are for an injector.
  ///
  /// Where changes by hand are lost, what injects a document again says which they are.
  package init(
    _ terms: InjectionTerms, kinds: WorkloadKinds, namespace: String? = nil, selection: Selection = .everything,
    handChanges: HandChanges = .kept, injecting: @escaping @Sendable (Document) -> [ObjectPlan] = { _ in [] }
  ) {
    self.injecting = injecting
    scope = InjectionScope(terms, kinds: kinds, namespace: namespace, selection: selection, handChanges: handChanges)
  }

  /// True where a document may have been injected.
  public func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool { scope.mayConcern(range, of: source) }

  /// Plans a document: what is taken out, and what became of each object.
  ///
  /// An object is refused where what was injected has been changed since, or where there is no record of it.
  public func plan(for document: Document) -> DocumentPlan {
    do throws(Diagnostic) {
      let found = try RecordedObjects(in: document, scope, isForced: scope.handChanges != .kept, takesNames: true)
      var objects: [ObjectPlan] = []
      for (index, object) in found.objects.enumerated() {
        var plan = ObjectPlan(object, of: document, outcome: outcome(of: object, index, found, in: document))
        plan.findings = found.discarded(of: index).map { $0.loss(isInjectedAgain: false) }
        objects.append(plan)
      }
      return try finished(showingLosses(of: objects, found, document), found, document)
    } catch {
      return .refused(document, error)
    }
  }

  /// What a document that was never injected holds.
  public func overview(of document: Document) -> DocumentPlan {
    scope.overview(of: document, workloads: .notInjected)
  }

  /// The same, with what is lost of what somebody has changed.
  private func showingLosses(
    of objects: [ObjectPlan], _ found: RecordedObjects, _ document: Document
  ) -> [ObjectPlan] {
    guard found.indices.contains(where: { !found.discarded(of: $0).isEmpty }) else { return objects }
    let injected = injecting(document)
    guard injected.count == objects.count else { return objects }
    return zip(objects, injected).map { object, injected in
      guard case .uninjected(let summary, _) = object.outcome, case .refreshed(let changes) = injected.outcome else {
        return object
      }
      var object = object
      object.outcome = .uninjected(summary, unlikeNow: changes.differences.filter(\.isByHand))
      return object
    }
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
