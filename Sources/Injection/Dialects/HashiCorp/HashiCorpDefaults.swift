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
    try checkDuration(HashiCorpTable.authMinBackoff, "min")
    try checkDuration(HashiCorpTable.authMaxBackoff, "max")
    let sidecar = try patch(HashiCorpTable.patch)
    return (try patch(HashiCorpTable.initPatch), sidecar)
  }

  private func missing(_ message: String, _ hint: String) -> Diagnostic {
    .hashicorp(.defaults, message, hint: hint, at: annotations.place(HashiCorpTable.inject.row))
  }

  private func checkDuration(_ row: HashiCorpTable.Row<String>, _ end: String) throws(Diagnostic) {
    guard let value = annotations.located(row.row) else { return }
    do throws(GoParse.Failure) {
      _ = try row.type.parse(value.text)
    } catch {
      throw .hashicorp(
        .defaults, "error parsing \(end) backoff as duration: \(error.message)",
        hint: "`\(row.key)` has to be \(row.type.accepted)", at: value.range)
    }
  }

  private func patch(_ row: HashiCorpTable.Row<ContainerPatch?>) throws(Diagnostic) -> ContainerPatch? {
    guard let value = annotations.located(row.row) else { return nil }
    do throws(GoParse.Failure) {
      return try row.type.parse(value.text)
    } catch {
      throw .hashicorp(
        .defaults, "error parsing JSON patch for annotation \(HashiCorpDialect.fullKey(row.key)): \(error.message)",
        hint: "give a JSON Patch, such as [{\"op\": \"add\", \"path\": \"/tty\", \"value\": true}]", at: value.range)
    }
  }
}
