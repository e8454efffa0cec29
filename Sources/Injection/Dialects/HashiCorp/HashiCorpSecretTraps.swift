internal import ManifestText
internal import Workloads

/// Secrets that do not become the files they are meant to be.
struct HashiCorpSecretTraps {
  private let pod: HashiCorpPod

  init(_ pod: HashiCorpPod) { self.pod = pod }

  func findings() -> [Diagnostic] {
    var findings: [Diagnostic] = []
    var destinations: Set<ExactText> = []
    for secret in pod.secrets {
      if !destinations.add(secret.destination) {
        findings.append(.sameDestination(secret.destination, at: secret.place))
      }
      let row = HashiCorpTable.secretPath.row
      if let path = pod.annotations.located(row, secret.name), path.text.isEmpty {
        findings.append(
          .emptyAnnotation(
            row.key(of: secret.name), "so the secret has no folder, which the API server refuses", at: path.range))
      }
      if isFetchedTwice(secret) { findings.append(.fetchedTwice(secret.name, at: secret.place)) }
    }
    return findings + caseChoices()
  }

  /// Secrets that Vault makes for each who asks: the application starts with the init container's, which nobody
  /// renews, until the sidecar brings its own.
  private func isFetchedTwice(_ secret: HashiCorpSecret) -> Bool {
    guard pod.runsInitContainer, pod.runsSidecar, !pod.keepsCache else { return false }
    return [secret.path, secret.template].contains { text in
      ["/creds/", "/issue/"].contains { ByteText.holds(text, $0) }
    }
  }

  private func caseChoices() -> [Diagnostic] {
    pod.annotations.entries.compactMap { entry in
      guard entry.key.utf8.starts(with: HashiCorpTable.preserveCase.key.utf8) else { return nil }
      let isBoolean = (try? GoParse.bool(entry.value.text)) != nil
      return isBoolean ? nil : .caseChoiceIgnored(entry.key, at: entry.value.range)
    }
  }
}
