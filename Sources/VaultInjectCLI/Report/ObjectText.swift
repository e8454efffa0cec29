internal import Injection
internal import Workloads

/// What became of an object, in one line.
struct ObjectText {
  let plan: ObjectPlan

  /// The line behind the place: `Deployment/web injected: container tvsi-vault-agent, volume secrets`.
  func line(_ console: borrowing Console) -> String {
    let name = plan.object?.displayName ?? "document"
    switch plan.outcome {
    case .injected(let summary):
      return "\(name) \(console.styled("injected", .success)): \(ObjectText.parts(of: summary))"
    case .unchanged(let reason): return "\(name) unchanged: \(reason.rawValue)"
    case .refused: return "\(name) \(console.styled("refused", .error))"
    }
  }

  private static func parts(of summary: InjectionOutcome.Summary) -> String {
    let parts = [
      part("init container", summary.initContainers), part("container", summary.containers),
      part("volume", summary.volumes),
    ]
    let text = parts.compactMap(\.self).joined(separator: ", ")
    return text.isEmpty ? "secrets volume mounts" : text
  }

  private static func part(_ noun: String, _ names: [String]) -> String? {
    guard !names.isEmpty else { return nil }
    return "\(noun)\(names.count == 1 ? "" : "s") \(names.joined(separator: " "))"
  }
}
