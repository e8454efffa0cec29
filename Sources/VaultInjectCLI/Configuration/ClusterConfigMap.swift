internal import KubernetesAPI
internal import ManifestText

/// A ConfigMap of a cluster, as `configmap/NAMESPACE/NAME` names it.
struct ClusterConfigMap {
  /// The name as it was written.
  let text: String
  let namespace: String
  let name: String

  /// Reads a name; nil where the text is a path.
  init?(_ text: String) throws(Fault) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard ["configmap", "configmaps", "cm"].contains(parts[0].lowercased()), parts.count > 1 else { return nil }
    guard parts.count == 3, !parts[1].isEmpty, !parts[2].isEmpty else {
      throw Fault(.usage, .configMapName(text))
    }
    guard parts.allSatisfy({ RequestText.fault(ofPathPart: $0) == nil }) else {
      throw Fault(.usage, .configMapName(text))
    }
    (self.text, namespace, name) = (text, parts[1], parts[2])
  }
}
