internal import ManifestText

/// How the agents trust Vault: by the pod's annotations or, where these are absent, by the operator's settings.
extension HashiCorpPod {
  static let tlsPath = "/vault/tls"

  var tlsServerName: String { annotations.text("tls-server-name", default: knobs.tlsServerName) }

  /// The file with the certificate authority; empty where there is none.
  var certificateAuthority: String {
    annotations.text("ca-cert", default: bringsAuthority ? "\(HashiCorpPod.tlsPath)/\(knobs.caKey)" : "")
  }

  /// The volume mounted at that path; nil where there is none.
  var tlsSource: Value? {
    if let name = nonEmpty("tls-secret") { return HashiCorpVolumes.secret("vault-tls-secrets", name) }
    guard bringsAuthority else { return nil }
    return knobs.caConfigMap.isEmpty
      ? HashiCorpVolumes.secret("vault-tls-secrets", knobs.caSecret)
      : HashiCorpVolumes.configMap("vault-tls-secrets", knobs.caConfigMap)
  }

  /// True where the operator names an authority and the pod nothing of its own.
  private var bringsAuthority: Bool {
    guard annotations["tls-secret"] == nil, annotations["ca-cert"] == nil else { return false }
    return !knobs.caConfigMap.isEmpty || !knobs.caSecret.isEmpty
  }
}
