internal import Injection
package import Output
internal import KubernetesAPI
internal import ManifestText

/// A ConfigMap of a cluster, as `configmap/NAMESPACE/NAME` names it.
package struct ClusterConfigMap {
  /// The name as it was written.
  let text: String
  let namespace: String
  let name: String

  /// Reads a name; nil where the text is a path.
  package init?(_ text: String) throws(Fault) {
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

extension ClusterConfigMap {
  /// Gets it from the cluster.
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

extension Diagnostic {
  fileprivate static func configMapName(_ name: String) -> Diagnostic {
    Diagnostic(
      rule: .webhookConfig, message: "`\(name)` names no ConfigMap of a cluster",
      hint: "write configmap/NAMESPACE/NAME; a file of that name is ./\(name)")
  }

  fileprivate static func noConfigMap(_ name: String, in namespace: String) -> Diagnostic {
    Diagnostic(
      rule: .webhookConfig, message: "the cluster has no such ConfigMap",
      hint: "see kubectl get configmaps -n \(namespace) for those there are")
  }

  fileprivate static func configMapRefused(_ message: String, _ name: String, in namespace: String) -> Diagnostic {
    Diagnostic(
      rule: .webhookConfig, message: "the cluster does not give it: \(message)",
      hint: "check with kubectl auth can-i get configmaps/\(name) -n \(namespace)")
  }
}
