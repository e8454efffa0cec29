internal import KubernetesAPI
internal import ManifestText
internal import Output

/// The version of Kubernetes that an API server is of, beside the one that a kind came with.
struct ServerVersion: Equatable, Sendable {
  /// As the server tells it, such as `v1.36.2`.
  let text: String

  /// Asks the server, which tells everybody; nil where it does not.
  init?(over connection: inout ClusterConnection) {
    guard let response = try? connection.send(APIRequest(.get, "/version")), response.isSuccess,
      let text = response.json?["gitVersion"]?.string
    else { return nil }
    self.text = text
  }

  /// The first version with a kind of policies in `admissionregistration.k8s.io/v1`; nil for any other kind.
  static func first(with kind: String, of apiVersion: String) -> String? {
    guard apiVersion == "admissionregistration.k8s.io/v1" else { return nil }
    switch kind {
    case "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding": return "1.30"
    case "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding": return "1.36"
    default: return nil
    }
  }

  /// What there is to say behind a kind that the server does not have; empty where the version may not be the reason.
  static func clause(_ kind: String, of apiVersion: String, _ version: ServerVersion?) -> String {
    guard let first = first(with: kind, of: apiVersion) else { return "" }
    return "; it needs Kubernetes \(first)" + (version.map { ", and the API server is \($0.text)" } ?? " or later")
  }
}
