package import Injection
internal import KubernetesAPI
internal import ManifestText
internal import Output
package import Workloads

/// Finds injections in live objects, whichever field manager owns them.
///
/// Applying a manifest without the injection removes only fields that no other manager applied: fields with another
/// owner would stay, and values that it owns in part would be left incomplete.
package struct LiveUndo {
  private let planner: LivePlanner
  private let kinds: WorkloadKinds

  package init(_ uninjector: Uninjector, _ kinds: WorkloadKinds) {
    planner = LivePlanner(uninjector)
    self.kinds = kinds
  }

  /// An injection that is there.
  struct Found {
    /// The patch that removes it all at once, and fails where the object has changed since.
    let patch: Value
    /// The object without it.
    let after: Value
  }

  /// True where an object may hold an injection.
  func mayConcern(_ object: ClusterObject) -> Bool { kinds.kind(of: object.manifest) != nil }

  /// The injection in an object; nil where there is none.
  /// - Throws: A `Diagnostic` where there is one, and it cannot be taken out.
  func injection(in value: Value, _ resource: APIResource) throws(Diagnostic) -> Found? {
    let live = LiveObject(value, resource, namesNamespace: false)
    let (result, plan) = planner.plan(live)
    if let refusal = (result.findings + result.objects.flatMap(\.refusals)).first(where: { $0.severity == .error }) {
      throw refusal
    }
    guard let plan, !plan.isEmpty else { return nil }
    let document = try plan.result()
    guard let root = document.root else { return nil }
    return Found(patch: live.patch(plan), after: try document.value(of: root))
  }

  /// The injection that is still in an answer, and is left out where a dry run's result is shown; nil where there is
  /// none.
  func leftover(in answer: inout AppliedObject, of item: ApplyPlan.Item, isTrial: Bool) -> Diagnostic? {
    guard mayConcern(item.object), let value = answer.value else { return nil }
    do throws(Diagnostic) {
      guard let found = try injection(in: value, item.resource) else { return nil }
      if isTrial {
        answer.value = found.after
        return nil
      }
      return .stillInjected(item.object, nil)
    } catch {
      return .stillInjected(item.object, error.message)
    }
  }
}

extension Diagnostic {
  fileprivate static func stillInjected(_ object: ClusterObject, _ reason: String?) -> Diagnostic {
    Diagnostic(
      rule: .stillInjected,
      message: "\(object.displayName) is still injected\(reason.map { ": \($0)" } ?? "")",
      hint: "kubectl get \(object.qualifiedName) -o yaml --show-managed-fields tells who owns what was injected",
      range: object.range)
  }

  /// Other managers own fields that are to be removed.
  static func injectionOwned(_ object: ClusterObject, by owners: [String]) -> Diagnostic {
    let names = owners.map { "`\($0)`" }.joined(separator: ", ")
    return Diagnostic(
      rule: .fieldConflict,
      message: "\(object.displayName) was not applied: what was injected belongs to \(names) too, and would stay",
      hint: "--force-conflicts takes it out all the same; it is back when \(names) applies it again",
      range: object.range)
  }
}

/// Removes injections that other managers own as well.
extension ApplyRun {
  /// The objects of a step that can be applied now: injections in them that other managers own as well are removed
  /// first, all at once, so that no part of one is left; without --force-conflicts such objects are refused.
  mutating func disentangled(_ step: [Int]) -> [Int] {
    guard let undo else { return step }
    let (plan, manager) = (plan, plan.settings.fieldManager)
    var patches: [Int: Value] = [:]
    var migrations: [(index: Int, object: Value?)] = []
    ask(step.filter { undo.mayConcern(plan.items[$0].object) }) {
      plan.requests($0).get
    } each: { run, index, response in
      if let status = APIStatus(response) {
        if status.code != 404 { run.fail(index, plan.refusal(index, status, .applied).diagnostics) }
        return
      }
      guard let value = response.json else { return }
      let item = plan.items[index]
      // What cannot be recognized is told when the object is applied, and still there.
      let injection = (try? undo.injection(in: value, item.resource)) ?? nil
      let owners = injection.map { ManagedFields.owners(ofWhatGoesFrom: value, to: $0.after, besides: manager) } ?? []
      if owners.isEmpty {
        if !ManagedFields.predecessors(of: manager, in: value).isEmpty { migrations.append((index, value)) }
      } else if plan.settings.forcesConflicts {
        patches[index] = injection?.patch
      } else {
        run.fail(index, [.injectionOwned(item.object, by: owners)])
      }
    }
    if plan.settings.dryRun == .none { takeOver(migrations) }
    ask(patches.keys.sorted()) {
      plan.requests($0).patch(patches[$0] ?? [])
    } each: { run, index, response in
      guard let status = APIStatus(response) else { return }
      run.fail(index, plan.refusal(index, status, .patched).diagnostics)
    }
    return step.filter { outcomes[$0] == .pending }
  }
}
