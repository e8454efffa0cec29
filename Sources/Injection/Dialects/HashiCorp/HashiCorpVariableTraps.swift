internal import ManifestText
internal import Workloads

/// Variables that are not what they were meant to be.
struct HashiCorpVariableTraps {
  private let pod: HashiCorpPod

  init(_ pod: HashiCorpPod) { self.pod = pod }

  func findings() throws(Diagnostic) -> [Diagnostic] {
    guard !pod.settings.isExact else { return [] }
    return try unlikeReferences() + sameVariables() + expiring() + fetchedTwice()
  }

  /// Values that begin like a reference to a secret.
  private func unlikeReferences() throws(Diagnostic) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for container in pod.initContainers + pod.containers {
      for (name, value, range) in try container.likelyReferences() where VaultReference.isLike(value) {
        findings.append(.unlikeReference(name, value, at: range))
      }
    }
    return findings
  }

  /// Variables that two secrets become for all containers, as far as the manifest names them.
  private func sameVariables() -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for file in pod.variables.files {
      var known = NameIndex()
      for source in file.sources {
        for variable in source.choice.variables where !known.add(variable) {
          findings.append(.sameVariable(variable, at: source.range))
        }
      }
    }
    return findings
  }

  /// What Vault makes for the init container and, other than that, for the sidecar, which restarts the application at once.
  private func fetchedTwice() -> [Diagnostic] {
    guard pod.variables.onChange == .restart, pod.runsInitContainer, pod.runsSidecar, !pod.keepsCache else { return [] }
    return pod.variables.sources.filter { VaultPath.isMadeForEach($0.path) }.map { source in
      let name: String = if case .secret(let name) = source.asked { name } else { source.path }
      return .fetchedTwice(name, at: source.range)
    }
  }

  /// What Vault makes for each who asks and takes back after a time.
  private func expiring() -> [Diagnostic] {
    guard pod.variables.onChange == .nothing else { return [] }
    return pod.variables.sources.filter { VaultPath.isMadeForEach($0.path) }.map {
      .expiringVariables($0.path, at: $0.range)
    }
  }
}
