internal import ManifestText
internal import Workloads

/// A token that a container mounts, as far as Vault's Kubernetes auth method could take it.
struct HashiCorpMountedToken {
  let template: PodTemplate
  let mount: Container.Mount
  /// The audience of the tokens that Vault expects; empty for the API server's own.
  let audience: String

  /// The token to log in with; nil for one that is made out to somebody else, as those for AWS are.
  func usable() throws(Diagnostic) -> HashiCorpToken? {
    if HashiCorpToken.isOfAWS(mount.mountPath) { return nil }
    guard let file = try file() else { return nil }
    return HashiCorpToken(volume: mount.name, mountPath: mount.mountPath, file: file)
  }

  /// The file that holds it; nil where a projected volume has none for Vault.
  private func file() throws(Diagnostic) -> String? {
    let document = template.document
    guard let volume = try template.volume(mount.name),
      let sources = try document.node(at: Path([.key("projected"), .key("sources")]), from: volume)
    else { return "token" }
    for source in document.items(of: sources) {
      guard let token = try document.value("serviceAccountToken", in: source), document.isMapping(token) else {
        continue
      }
      let wanted = try document.value("audience", in: token).map(document.text(of:)) ?? ""
      guard isMadeOut(to: wanted) else { continue }
      let path = try document.value("path", in: token).map(document.text(of:)) ?? ""
      return path.isEmpty ? "token" : path
    }
    return nil
  }

  /// Clusters call their API server by an address of their own, which begins like this in most.
  private func isMadeOut(to other: String) -> Bool {
    other.isEmpty || other == audience || other.hasPrefix("https://kubernetes.default.svc")
  }
}
