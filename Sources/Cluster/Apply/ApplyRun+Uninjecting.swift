internal import Output
internal import KubernetesAPI
internal import ManifestText

/// Taking out what was injected where others own it too.
extension ApplyRun {
  /// The objects of a step that can be applied now: injections in them that others own too are taken out first, all at
  /// once, so that nothing half is left; without --force-conflicts such objects are refused.
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
