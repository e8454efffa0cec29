internal import ManifestText

/// How the agents trust Vault: by the pod's annotations or, where these are absent, by the operator's settings.
extension HashiCorpPod {
  static let tlsPath = "/vault/tls"

  var tlsServerName: String { annotations[HashiCorpTable.tlsServerName] }

  /// The file with the certificate authority; empty where there is none.
  var certificateAuthority: String { annotations[HashiCorpTable.caCertificate] }

  /// The volume mounted at that path; nil where there is none.
  var tlsSource: Value? {
    if let name = annotations[HashiCorpTable.tlsSecret] { return HashiCorpVolumes.secret("vault-tls-secrets", name) }
    guard annotations.leavesAuthorityToOperator else { return nil }
    return knobs.caConfigMap.isEmpty
      ? HashiCorpVolumes.secret("vault-tls-secrets", knobs.caSecret)
      : HashiCorpVolumes.configMap("vault-tls-secrets", knobs.caConfigMap)
  }
}

extension HashiCorpAnnotations {
  /// The file with the authority that the operator names; empty where there is none, or the pod names its own.
  var operatorsAuthority: String { leavesAuthorityToOperator ? "\(HashiCorpPod.tlsPath)/\(knobs.caKey)" : "" }

  /// True where the operator names an authority and the pod nothing of its own.
  fileprivate var leavesAuthorityToOperator: Bool {
    guard located(HashiCorpTable.tlsSecret.row) == nil, located(HashiCorpTable.caCertificate.row) == nil else {
      return false
    }
    return !knobs.caConfigMap.isEmpty || !knobs.caSecret.isEmpty
  }
}
