package import ManifestText

/// The token of the pod's service account, where the manifest mounts none.
///
/// What Kubernetes mounts at admission is brought along; it works whether or not the service account mounts its token by
/// itself.
package struct ProjectedToken {
  private let settings: TalendSettings

  package init(_ settings: TalendSettings) { self.settings = settings }

  /// The volume with the token to log in to Vault with, and with what asking the API server takes, where somebody does.
  package func volume(asksServer: Bool) -> Value {
    volume(asksServer ? tokens + [certificate] : [login])
  }

  /// The volume with everything that Kubernetes would mount.
  var whole: Value {
    volume(
      tokens + [
        certificate, ["downwardAPI": ["items": [["path": "namespace", "fieldRef": .field("metadata.namespace")]]]],
      ])
  }

  private func volume(_ sources: [Value]) -> Value {
    ["name": .string(BuiltInVolumes.token), "projected": ["sources": .array(sources)]]
  }

  private var login: Value {
    var token = token(BuiltInVolumes.loginToken)
    if !settings.tokenAudience.isEmpty { token["audience"] = .string(settings.tokenAudience) }
    return ["serviceAccountToken": token]
  }

  /// A token for Vault alone is refused by the API server, which the babysitter asks about its pod.
  private var tokens: [Value] {
    settings.tokenAudience.isEmpty ? [login] : [login, ["serviceAccountToken": token(BuiltInVolumes.apiToken)]]
  }

  private func token(_ path: String) -> Value {
    ["path": .string(path), "expirationSeconds": .number(String(settings.tokenExpirationSeconds))]
  }

  private var certificate: Value {
    ["configMap": ["name": "kube-root-ca.crt", "items": [["key": "ca.crt", "path": "ca.crt"]]]]
  }
}
