internal import KubernetesAPI
internal import ManifestText

extension ClusterConfigMap {
  /// Asks the cluster for it.
  func manifest(
    over way: ClientConfiguration, _ connect: ClusterConnection.Opening
  ) throws(Fault) -> SourceText {
    let response: APIResponse
    do throws(ClusterFailure) {
      var connection = try ClusterConnection(way, connect)
      response = try connection.send(APIRequest(.get, path))
    } catch {
      throw Fault(.unavailable, input: text, error.diagnostic(way))
    }
    guard let status = APIStatus(response) else { return SourceText(name: text, bytes: response.body) }
    throw Fault(
      status.code == 404 ? .missing : .unavailable, input: text,
      status.code == 404
        ? .noConfigMap(name, in: namespace) : .configMapRefused(status.message, name, in: namespace))
  }

  private var path: String {
    let resource = BuiltInResources.resource(apiVersion: "v1", kind: "ConfigMap")
    return resource?.path(namespace: namespace, name: name) ?? ""
  }
}
