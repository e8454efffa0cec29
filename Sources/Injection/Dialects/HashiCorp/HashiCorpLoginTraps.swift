internal import ManifestText
internal import Workloads

/// Ways to Vault on which the agents do not get there, or not safely.
struct HashiCorpLoginTraps {
  private let pod: HashiCorpPod
  private var annotations: HashiCorpAnnotations { pod.annotations }

  init(_ pod: HashiCorpPod) { self.pod = pod }

  func findings() -> [Diagnostic] {
    guard pod.runsInitContainer || pod.runsSidecar else { return [] }
    return [prefix(), plainHTTP()].compactMap(\.self) + missingParameters()
  }

  /// Vault mounts every auth method below `auth/`.
  private func prefix() -> Diagnostic? {
    guard pod.configMap == nil else { return nil }
    let path = pod.authPath.utf8.first == UInt8(ascii: "/") ? String(pod.authPath.dropFirst()) : pod.authPath
    guard !path.isEmpty, !path.utf8.starts(with: "auth/".utf8), ControlCharacter(in: path) == nil else { return nil }
    let row = HashiCorpTable.authPath.row
    let annotation = annotations.located(row)
    let name = annotation == nil ? row.setting.map(pod.brand.setting) ?? row.key : annotations.fullKey(row.key)
    return .authPathWithoutPrefix(name, pod.authPath, path, at: annotation?.range ?? pod.requestPlace)
  }

  // MARK: Parameters

  /// What the methods do not start without, as Vault's agent reads their configuration.
  private static let needed: [(method: String, parameters: [String])] = [
    ("approle", ["role_id_file_path"]), ("jwt", ["path", "role"]), ("token_file", ["token_file_path"]),
    ("aws", ["type", "role"]), ("gcp", ["type", "role"]), ("azure", ["role", "resource"]),
    ("alicloud", ["role", "region"]), ("oci", ["type", "role"]), ("cf", ["role"]), ("kubernetes", ["role"]),
  ]

  private func missingParameters() -> [Diagnostic] {
    let authType = pod.authType
    guard pod.configMap == nil, let method = Self.needed.first(where: { $0.method == authType }) else { return [] }
    var given = annotations.members(of: HashiCorpTable.authParameter.row).filter { !$0.value.text.isEmpty }
      .map(\.name.underscored)
    if annotations[HashiCorpTable.role] != nil { given.append("role") }
    let missing = method.parameters.filter { !given.holdsExactly($0) }
    guard !missing.isEmpty else { return [] }
    return [
      .missingParameters(
        method.method, missing, at: annotations.located(HashiCorpTable.authType.row)?.range ?? pod.requestPlace)
    ]
  }

  // MARK: The connection

  private func plainHTTP() -> Diagnostic? {
    let row = HashiCorpTable.service.row
    let annotation = annotations.located(row)
    let url = annotation.map { URLText($0.text) } ?? pod.settings.address
    guard url.scheme == "http", url.isAddress else { return nil }
    let name = annotation == nil ? row.setting.map(pod.brand.setting) ?? row.key : annotations.fullKey(row.key)
    let place = annotation?.range ?? pod.requestPlace
    if !url.isInCluster { return .plainHTTP(name, url.host, at: place) }
    guard pod.settings.choosesAddress || annotation != nil, let authority = authorityPlace else { return nil }
    return .authorityOverHTTP(name, pod.address, at: authority)
  }

  /// Where the pod sets up TLS, which matters to HTTPS alone; nil where it does not.
  private var authorityPlace: Range<Int>? {
    [
      HashiCorpTable.caCertificate.row, HashiCorpTable.tlsServerName.row, HashiCorpTable.clientCertificate.row,
    ].compactMap { annotations.located($0) }.first { !$0.text.isEmpty }?.range
      ?? (pod.settings.operatorSettings.namesAuthority ? pod.requestPlace : nil)
  }
}

extension HashiCorpSettings {
  /// True where the operator names a certificate authority.
  fileprivate var namesAuthority: Bool { !caConfigMap.isEmpty || !caSecret.isEmpty || !caCertBytes.isEmpty }
}
