package import ManifestText
package import Workloads

/// Reads of each object of a document what its agents ask of Vault.
package struct AccessReader: Sendable {
  private var injector: Injector
  private var configMaps = InputConfigMaps.none
  private let scope: InjectionScope

  /// Reads the pods that an injector with the same arguments injects, or has injected.
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
  package func informed(by input: SourceText) -> AccessReader {
    var reader = self
    reader.injector = injector.informed(by: input)
    reader.configMaps = scope.configMaps(of: input)
    return reader
  }

  /// True where documents may ask for injection, or may have been injected.
  package func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool { scope.mayConcern(range, of: source) }

  /// What the pods of each object ask, in order; an object that is refused has its refusal as its plan's outcome.
  package func read(_ document: Document) -> [ObjectAccess] {
    var asked: AskedPods?
    return injector.objects(of: document).enumerated().map { index, plan in
      var access = ObjectAccess(plan: plan)
      guard let object = plan.object else { return access }
      access.namespace = scope.namespace(of: object)
      do throws(Diagnostic) {
        switch plan.outcome {
        case .injected, .refreshed, .checked,
          .unchanged(.alreadyInjected), .unchanged(.injectedWithoutRecord), .unchanged(.alreadyRunning):
          access.pods = try pods(of: object, at: index, in: document, &asked)
        default: break
        }
      } catch {
        access.plan.outcome = .refused(error)
      }
      return access
    }
  }

  private func pods(
    of object: ManifestObject, at index: Int, in document: Document, _ asked: inout AskedPods?
  ) throws(Diagnostic) -> [VaultAccess] {
    var accesses: [VaultAccess] = []
    var pods: AskedPods
    if let asked { pods = asked } else { pods = try AskedPods(in: document, scope) }
    defer { asked = pods }
    let (templates, places) = try pods.templates(of: object, at: index)
    let namespace = scope.namespace(of: object)
    for template in templates {
      for dialect in scope.explainableDialects(for: object) where try isServed(template, dialect, namespace) {
        let access = try dialect.access(of: template, namespace: namespace, beside: configMaps)
        accesses.append(access.placed(places.place))
      }
    }
    return accesses
  }

  /// True for a pod that a dialect injects, or has injected.
  private func isServed(
    _ template: PodTemplate, _ dialect: any ExplainableDialect, _ namespace: String
  ) throws(Diagnostic) -> Bool {
    switch try dialect.standing(of: template, namespace: namespace) {
    case .asking, .leftAlone(.alreadyInjected), .leftAlone(.alreadyRunning): true
    case .leftAlone: false
    }
  }
}

/// What the pods of one object ask of Vault.
package struct ObjectAccess: Sendable {
  /// What injecting makes of the object.
  package var plan: ObjectPlan
  /// The namespace it is in.
  package var namespace = ""
  /// What each of its pods asks.
  package var pods: [VaultAccess] = []

  init(plan: ObjectPlan) { self.plan = plan }
}

extension ObjectAccess {
  /// The object's plan as one that was only looked at: nothing of it changes, and refusals alone are said of it.
  package var lookedAt: ObjectPlan {
    var plan = plan
    plan.change = nil
    plan.findings = []
    plan.ignoredCount = 0
    plan.assumedAddress = nil
    if !pods.isEmpty { plan.outcome = .checked }
    return plan
  }
}
