internal import ArgumentParser
internal import KubernetesAPI
internal import ManifestText

/// A ConfigMap of a cluster, as `configmap/NAMESPACE/NAME` names it.
struct ClusterConfigMap {
  private let text: String
  private let namespace: String
  private let name: String

  /// Reads a name; nil where the text is a path.
  init?(_ text: String) throws(InputError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard ["configmap", "configmaps", "cm"].contains(parts[0].lowercased()), parts.count > 1 else { return nil }
    guard parts.count == 3, !parts[1].isEmpty, !parts[2].isEmpty else {
      throw InputError(.usage, .configMapName(text))
    }
    guard parts.allSatisfy({ RequestText.fault(ofPathPart: $0) == nil }) else {
      throw InputError(.usage, .configMapName(text))
    }
    (self.text, namespace, name) = (text, parts[1], parts[2])
  }

  /// Asks the cluster for it.
  func manifest(_ cluster: ClusterOptions, _ connect: ClusterConnection.Opening) throws(InputError) -> SourceText {
    let way = try cluster.way(namespace: nil).configuration
    let response: APIResponse
    do throws(ClusterFailure) {
      var connection = try ClusterConnection(way, connect)
      response = try connection.send(APIRequest(.get, path))
    } catch {
      throw InputError(.unavailable, input: text, error.diagnostic(way))
    }
    guard let status = APIStatus(response) else { return SourceText(name: text, bytes: response.body) }
    throw InputError(
      status.code == 404 ? .noSuchInput : .unavailable, input: text,
      status.code == 404
        ? .noConfigMap(name, in: namespace) : .configMapRefused(status.message, name, in: namespace))
  }

  private var path: String {
    let resource = BuiltInResources.resource(apiVersion: "v1", kind: "ConfigMap")
    return resource?.path(namespace: namespace, name: name) ?? ""
  }
}
