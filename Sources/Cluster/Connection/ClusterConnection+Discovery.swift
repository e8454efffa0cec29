package import KubernetesAPI

extension ClusterConnection {
  /// Asks what the cluster offers: all at once where it can tell so, else version by version.
  package mutating func discover(_ wanted: [Discovery.Wanted]) -> Discovery {
    var discovery = Discovery()
    for case .success(let response) in send(Discovery.roots(wanted)) { discovery.take(root: response) }
    let missing = discovery.unanswered(wanted)
    for (version, answer) in zip(missing, send(missing.map { APIRequest(.get, $0.path) })) {
      if case .success(let response) = answer { discovery.take(version, response) }
    }
    return discovery
  }
}
