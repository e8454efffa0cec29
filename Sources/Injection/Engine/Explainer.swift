package import ManifestText
package import Workloads

/// Tells of each object of a document why it is injected or not, and what its pods will do.
package struct Explainer: Sendable {
  private var injector: Injector
  private var configMaps = InputConfigMaps.none
  private let scope: InjectionScope

  /// Explains what an injector with the same arguments does.
  package init(
    dialects: [any Dialect], kinds: WorkloadKinds = WorkloadKinds(), namespace: String? = nil,
    selection: Selection = .everything, policy: FindingPolicy = FindingPolicy()
  ) {
    self.init(
      InjectionTerms(dialects: dialects, policy: policy), kinds: kinds, namespace: namespace, selection: selection)
  }

  /// The same with terms for namespaces.
  package init(
    _ terms: InjectionTerms, kinds: WorkloadKinds, namespace: String? = nil, selection: Selection = .everything
  ) {
    injector = Injector(terms, kinds: kinds, namespace: namespace, selection: selection)
    scope = InjectionScope(terms, kinds: kinds, namespace: namespace, selection: selection)
  }

  /// The same, knowing what else stands in the input that the documents are of.
  package func informed(by input: SourceText) -> Explainer {
    var explainer = self
    explainer.injector = injector.informed(by: input)
    explainer.configMaps = scope.configMaps(of: input)
    return explainer
  }

  /// What there is to tell of each object, in order.
  package func explain(_ document: Document) -> [ObjectStory] {
    var asked: AskedPods?
    var plans = injector.plan(for: document).objects
    let settled = plans.indices.filter { plans[$0].outcome == .unchanged(.alreadyInjected) }
    if !settled.isEmpty {
      // A plan says nothing of what stays as it is.
      let checked = injector.objects(of: document)
      for index in settled where index < checked.count { plans[index].findings = checked[index].findings }
    }
    return plans.enumerated().map { index, plan in story(of: plan, at: index, in: document, &asked) }
  }

  private func story(
    of plan: ObjectPlan, at index: Int, in document: Document, _ asked: inout AskedPods?
  ) -> ObjectStory {
    guard let object = plan.object else { return ObjectStory(plan: plan) }
    var story = ObjectStory(plan: plan)
    story.namespace = scope.namespace(of: object)
    do throws(Diagnostic) {
      switch plan.outcome {
      case .refused: break
      case .unchanged(.notSelected): break
      case .unchanged(.notAWorkload):
        story.objections = [
          Objection("it is of no kind that is known to make pods", at: try object.kindRange(in: document))
        ]
      case .injected, .unchanged(.alreadyInjected), .refreshed:
        try tell(of: object, at: index, in: document, &asked, &story)
      default: story.objections = try objections(to: object, in: document)
      }
    } catch {
      story.plan.findings.append(error)
    }
    return story
  }

  // MARK: Reasons

  /// Why the pods of an object are left as they are.
  private func objections(to object: ManifestObject, in document: Document) throws(Diagnostic) -> [Objection] {
    var objections: [Objection] = []
    for template in try scope.templates(of: object, in: document) {
      for objection in try self.objections(to: template) where !objections.contains(objection) {
        objections.append(objection)
      }
    }
    return objections
  }

  /// What the dialects say that the pod has something to say to; where it has not, one objection for all of them.
  private func objections(to template: PodTemplate) throws(Diagnostic) -> [Objection] {
    let annotations = try template.annotations()
    let dialects = scope.explainableDialects(for: template.object)
    var concerned: [any ExplainableDialect] = []
    for dialect in dialects {
      let keys = dialect.acceptedKeys(for: dialect.requestKey) + dialect.acceptedKeys(for: dialect.statusKey)
      for key in keys where try annotations.holds(key) {
        concerned.append(dialect)
        break
      }
    }
    let keys = dialects.map { "`\($0.requestKey)`" }
    if concerned.isEmpty, keys.count > 1 {
      let range = annotations.range ?? template.document.range(of: template.node)
      return [Objection("no annotation of the pod asks for it: neither \(keys.joined(separator: " nor "))", at: range)]
    }
    var objections: [Objection] = []
    for dialect in concerned.isEmpty ? dialects : concerned {
      objections += try dialect.objections(to: template, namespace: scope.namespace(of: template.object))
    }
    return objections
  }

  // MARK: Stories

  /// Tells what the pods of an object do; where they have been injected before, as what they were asked for then.
  private func tell(
    of object: ManifestObject, at index: Int, in document: Document, _ asked: inout AskedPods?,
    _ story: inout ObjectStory
  ) throws(Diagnostic) {
    var pods: AskedPods
    if let asked { pods = asked } else { pods = try AskedPods(in: document, scope) }
    defer { asked = pods }
    let (templates, places) = try pods.templates(of: object, at: index)
    let namespace = scope.namespace(of: object)
    for template in templates {
      for dialect in scope.explainableDialects(for: object)
      where try dialect.standing(of: template, namespace: namespace) == .asking {
        let pod = try dialect.story(of: template, namespace: namespace, beside: configMaps)
        story.pods.append(pod.placed(places.place))
      }
    }
  }
}

/// What there is to tell of one object.
package struct ObjectStory: Sendable {
  /// What injecting makes of it.
  package var plan: ObjectPlan
  /// The namespace it is in.
  package var namespace = ""
  /// Why it is left as it is; empty where it is injected, or refused.
  package var objections: [Objection] = []
  /// What its injected pods do.
  package var pods: [PodStory] = []
  /// What their agents ask of Vault, and so a preflight as well.
  package private(set) var accesses: [VaultAccess] = []

  init(plan: ObjectPlan) { self.plan = plan }

  /// The same with what the pods ask of Vault.
  package func asking(_ accesses: [VaultAccess]) -> ObjectStory {
    var story = self
    story.accesses = pods.isEmpty ? [] : accesses
    return story
  }
}

extension ManifestObject {
  /// Where the object's kind is said.
  fileprivate func kindRange(in document: Document) throws(Diagnostic) -> Range<Int>? {
    guard document.isMapping(node) else { return document.range(of: node) }
    return try document.value("kind", in: node).map(document.range(of:)) ?? document.range(of: node)
  }
}
