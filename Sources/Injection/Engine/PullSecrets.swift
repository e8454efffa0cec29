internal import ManifestText
internal import Workloads

extension PodPlan {
  /// Adds what the injected images are pulled with, where the pod does not name it itself.
  mutating func addPullSecrets(_ names: [String], to template: PodTemplate) throws(Diagnostic) {
    guard !names.isEmpty else { return }
    let existing = try template.pullSecretNames()
    let missing = names.filter { !existing.contains($0) }
    try edits.append(missing.map { ["name": .string($0)] }, to: template.specPath.appending("imagePullSecrets"))
  }
}
