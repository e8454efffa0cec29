package import Injection
internal import KubernetesAPI
internal import ManifestText
package import Workloads

/// Finds in objects as the cluster has them what was injected, whoever owns it.
///
/// Applying a manifest without the injection takes out only what no other manager applied: what somebody else owns too
/// would stay, and what he owns in part would become half of what it was.
package struct LiveUndo {
  private let planner: LivePlanner
  private let kinds: WorkloadKinds

  package init(_ uninjector: Uninjector, _ kinds: WorkloadKinds) {
    planner = LivePlanner(uninjector)
    self.kinds = kinds
  }

  /// An injection that is there.
  struct Found {
    /// What takes it out, all at once, and fails where the object has changed since.
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

  /// What is still injected in an answer, which a trial is shown without; nil where nothing is.
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
      rule: "still-injected",
      message: "\(object.displayName) is still injected\(reason.map { ": \($0)" } ?? "")",
      hint: "kubectl get \(object.qualifiedName) -o yaml --show-managed-fields tells who owns what was injected",
      range: object.range)
  }

  /// Others own what is to be taken out.
  static func injectionOwned(_ object: ClusterObject, by owners: [String]) -> Diagnostic {
    let names = owners.map { "`\($0)`" }.joined(separator: ", ")
    return Diagnostic(
      rule: "field-conflict",
      message: "\(object.displayName) was not applied: what was injected belongs to \(names) too, and would stay",
      hint: "--force-conflicts takes it out all the same; it is back when \(names) applies it again",
      range: object.range)
  }
}
