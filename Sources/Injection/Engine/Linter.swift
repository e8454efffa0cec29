public import ManifestText

/// Finds what will not work in the pods of a document, and changes nothing.
///
/// What an injection would refuse is a finding here, too, so that all of a repository's are found in one run. What becomes
/// a manifest only when kustomize or Helm builds it stands in a repository for good reason: it is merely noted.
public struct Linter: DocumentTransform {
  private let injector: Injector

  /// Looks for what an injection with the same dialects, kinds and selection would say.
  package init(_ injector: Injector) { self.injector = injector }

  /// True where documents may have annotations there is something to say about.
  public func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool {
    injector.mayConcern(range, of: source)
  }

  /// The same, knowing what an injection of this input knows.
  public func informed(by input: SourceText) -> Linter { Linter(injector.informed(by: input)) }

  /// The same for another thread.
  public func unshared() -> Linter { Linter(injector.unshared()) }

  /// The findings about each object of a document, which stays as it is.
  public func plan(for document: Document) -> DocumentPlan {
    .unchanged(document, injector.objects(of: document).map(\.checked))
  }

  /// What a document without the annotations' text holds: there is nothing to say about it.
  public func overview(of document: Document) -> DocumentPlan { injector.overview(of: document) }
}

extension ObjectPlan {
  /// The same with nothing changed, and what would refuse the object among the findings.
  fileprivate var checked: ObjectPlan {
    var plan = self
    plan.change = nil
    for index in plan.findings.indices where Rule.builtByOthers.contains(plan.findings[index].rule) {
      plan.findings[index].severity = .note
    }
    switch outcome {
    case .injected, .refreshed, .uninjected, .converted, .annotated, .fixed: plan.outcome = .checked
    case .refused(let refusal) where object != nil:
      plan.findings.append(refusal)
      plan.outcome = .checked
    case .refused, .unchanged, .checked: break
    }
    return plan
  }
}
