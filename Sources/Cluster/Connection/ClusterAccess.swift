package import Output
package import KubernetesAPI
package import ManifestText

/// Which cluster is asked, in whose name, and over what; nothing is read or asked before it is needed.
package struct ClusterAccess: Sendable {
  /// What is said of the cluster and the user beside the kubeconfig.
  private let overrides: ClientOverrides
  /// True where standard input is read for manifests, so that no credential plugin can ask anything.
  private let readsManifests: Bool
  private let connect: ClusterConnection.Opening

  package init(
    _ overrides: ClientOverrides = ClientOverrides(), readsManifests: Bool = false,
    _ connect: @escaping ClusterConnection.Opening = ClusterConnection.transport
  ) {
    (self.overrides, self.readsManifests, self.connect) = (overrides, readsManifests, connect)
  }

  /// Where the cluster is and who asks, as the kubeconfig and what goes before it have it.
  package func configuration() throws(Fault) -> ClientConfigurationReader.Result {
    let host = Host.process(readsManifests: readsManifests)
    do throws(KubeconfigError) {
      return try ClientConfigurationReader(overrides: overrides, host: host).read()
    } catch {
      throw Fault(error)
    }
  }

  /// The same, with its findings and what is wrong with it reported.
  package func configuration(_ report: inout Report) throws(Reported) -> ClientConfiguration {
    let result = try report.catching { () throws(Fault) in try configuration() }
    for finding in result.findings { report.add(finding) }
    return result.configuration
  }

  /// Opens the way to the cluster, or reports why it cannot be opened.
  package func open(_ configuration: ClientConfiguration, _ report: inout Report) throws(Reported) -> ClusterConnection
  {
    do throws(ClusterFailure) {
      return try ClusterConnection(configuration, connect)
    } catch {
      report.fail(.unavailable, error.diagnostic(configuration))
      throw Reported()
    }
  }

  /// Finds out which cluster it is, and opens the way to it.
  package func open(_ report: inout Report) throws(Reported) -> ClusterConnection {
    try open(configuration(&report), &report)
  }

  /// Asks for a ConfigMap.
  package func manifest(of name: ClusterConfigMap) throws(Fault) -> SourceText {
    try name.manifest(over: configuration().configuration, connect)
  }
}

extension Fault {
  /// What a kubeconfig or the flags over it say cannot be used.
  fileprivate init(_ error: KubeconfigError) {
    let kind: Kind =
      switch error.kind {
      case .usage: .usage
      case .missing: .missing
      case .refused: .refused
      case .unavailable: .unavailable
      }
    self.init(kind, input: error.place, error.diagnostic)
  }
}
