internal import ManifestText
internal import Workloads

/// What the webhook looks at while it fills in defaults, before it reads anything else.
struct HashiCorpDefaults {
  private let annotations: HashiCorpAnnotations
  private let knobs: HashiCorpSettings
  private let namespace: String

  init(_ annotations: HashiCorpAnnotations, _ knobs: HashiCorpSettings, namespace: String) {
    self.annotations = annotations
    self.knobs = knobs
    self.namespace = namespace
  }

  /// Refuses in the webhook's order, and gives the patches of the agents' containers.
  func checked() throws(Diagnostic) -> (initContainer: ContainerPatch?, sidecar: ContainerPatch?) {
    if knobs.vaultAddress.isEmpty { throw missing("address for Vault required", "set vault.address") }
    if knobs.authPath.isEmpty { throw missing("Vault Auth Path required", "set hashicorp.auth.path") }
    if namespace.isEmpty { throw missing("kubernetes namespace required", "name one with -n") }
    try checkDuration("auth-min-backoff", "min")
    try checkDuration("auth-max-backoff", "max")
    let sidecar = try patch("agent-json-patch")
    return (try patch("agent-init-json-patch"), sidecar)
  }

  private func missing(_ message: String, _ hint: String) -> Diagnostic {
    .hashicorp(.defaults, message, hint: hint, at: annotations.place("agent-inject"))
  }

  private func checkDuration(_ key: String, _ end: String) throws(Diagnostic) {
    guard let value = annotations[key], !value.text.isEmpty else { return }
    do throws(GoParse.Failure) {
      try GoParse.duration(value.text)
    } catch {
      throw .hashicorp(
        .defaults, "error parsing \(end) backoff as duration: \(error.message)",
        hint: "`\(key)` has to be a duration such as 1s or 1m30s", at: value.range)
    }
  }

  private func patch(_ key: String) throws(Diagnostic) -> ContainerPatch? {
    guard let value = annotations[key], !value.text.isEmpty else { return nil }
    do throws(GoParse.Failure) {
      return try ContainerPatch(value.text)
    } catch {
      throw .hashicorp(
        .defaults, "error parsing JSON patch for annotation vault.hashicorp.com/\(key): \(error.message)",
        hint: "give a JSON Patch, such as [{\"op\": \"add\", \"path\": \"/tty\", \"value\": true}]", at: value.range)
    }
  }
}
