package import ManifestText

/// An injector that says, where somebody has changed what was injected, which settings make it so.
package struct HintingInjector: DocumentTransform {
  private let injector: Injector
  private let adopting: @Sendable (Document) -> Adoption.Outcome

  /// Asks about a document what adopting its changes comes to.
  package init(_ injector: Injector, adopting: @escaping @Sendable (Document) -> Adoption.Outcome) {
    (self.injector, self.adopting) = (injector, adopting)
  }

  package func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool {
    injector.mayConcern(range, of: source)
  }

  package func informed(by input: SourceText) -> HintingInjector {
    HintingInjector(injector.informed(by: input), adopting: adopting)
  }

  package func unshared() -> HintingInjector { HintingInjector(injector.unshared(), adopting: adopting) }

  package func overview(of document: Document) -> DocumentPlan { injector.overview(of: document) }

  /// What was injected before is not planned so, and there is nothing else to hint at.
  package func planItems(
    of list: Document, _ take: (DocumentPlan) throws(Diagnostic) -> Void
  ) throws(Diagnostic) -> Bool { try injector.planItems(of: list, take) }

  package func plan(for document: Document) -> DocumentPlan {
    let plan = injector.plan(for: document)
    guard plan.refusals.contains(where: { $0.rule == .injectedChanged }) else { return plan }
    let hint = adopting(document).hint
    return .unchanged(
      document,
      plan.objects.map { object in
        var object = object
        if case .refused(var refusal) = object.outcome, refusal.rule == .injectedChanged {
          refusal.hint = hint
          object.outcome = .refused(refusal)
        }
        return object
      })
  }
}

extension Adoption.Outcome {
  /// How to go on, for one who did not know that this is injected.
  fileprivate var hint: String {
    if let obstacle {
      return "with the settings in force it would be refused: \(obstacle.message); set that right first, or let "
        + "`uninject --force` take the injection out"
    }
    let force = "--force throws away what was changed by hand"
    if settings.isEmpty { return "no setting makes it so: take the change back; or \(force)" }
    let names = settings.map { "\($0.path)=\($0.value)" }.joined(separator: ", ")
    if rest.isEmpty { return "the configuration makes it so with \(names): -i --adopt writes that there; or \(force)" }
    let others = rest.map { "`\($0.change.place)` of \($0.name)" }.listed(first: 3)
    return "-i --adopt writes \(names) into the configuration; no setting makes \(others) so; \(force)"
  }
}
