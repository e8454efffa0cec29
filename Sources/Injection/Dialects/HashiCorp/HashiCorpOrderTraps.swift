internal import ManifestText
internal import Workloads

/// Containers that start before what they need, and commands that cannot reach the process they are meant for.
struct HashiCorpOrderTraps {
  private let pod: HashiCorpPod
  private let volumes: HashiCorpVolumes
  private var annotations: HashiCorpAnnotations { pod.annotations }

  init(_ pod: HashiCorpPod, _ volumes: HashiCorpVolumes) {
    self.pod = pod
    self.volumes = volumes
  }

  func findings() throws(Diagnostic) -> [Diagnostic] { try earlyContainers() + signals() }

  // MARK: Init containers

  /// True where an agent is among the init containers, after those of the pod.
  private var agentComesLast: Bool {
    (pod.runsInitContainer || pod.isNative && pod.runsSidecar) && !pod.request.putsInitFirst
  }

  private func earlyContainers() throws(Diagnostic) -> [Diagnostic] {
    guard agentComesLast else { return [] }
    let folders = volumes.secretPaths.filter { $0.utf8.count > 1 }
    var findings: [Diagnostic] = []
    let mesh = try ServiceMesh(
      pod.template, initContainers: pod.initContainers, agentUser: pod.request.runAsUser)
    for container in pod.initContainers {
      if let mesh, try mesh.redirects(container) {
        findings.append(.meshBeforeAgent(try container.name(), mesh.name, at: try container.namePlace()))
      } else if try !container.staysOn(), let folder = try container.mentioned(of: folders) {
        findings.append(.readsBeforeAgent(try container.name(), folder, at: try container.namePlace()))
      }
    }
    return findings
  }

  // MARK: Signals

  private func signals() throws(Diagnostic) -> [Diagnostic] {
    guard pod.runsSidecar, try !pod.sharesProcesses() else { return [] }
    let row = HashiCorpTable.command.row
    return pod.secrets.compactMap { secret in
      guard let command = annotations.located(row, secret.name), CommandText(command.text).sendsSignal else {
        return nil
      }
      return .signalOutOfReach(
        annotations.fullKey(row.key(of: secret.name)), command.text,
        "set \(HashiCorpTable.shareProcessNamespace.key): \"true\", and run the agents as the application's user",
        at: command.range)
    }
  }
}

extension HashiCorpPod {
  /// True where the pod's containers see each other's processes.
  fileprivate func sharesProcesses() throws(Diagnostic) -> Bool {
    if let shares = request.sharesProcessNamespace, request.prePopulates { return shares }
    return try template.sharesProcesses()
  }
}
