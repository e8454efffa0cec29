internal import ManifestText

/// What tells the API server who asks, as far as that is told by headers.
extension UserCredentials {
  /// The headers, in order.
  var headers: [String] { (authorization.map { ["Authorization: \($0)"] } ?? []) + impersonationHeaders }

  private var authorization: String? {
    if let token { return "Bearer \(token.exposedText)" }
    guard let basic else { return nil }
    return "Basic " + Base64.encoded(basic.pair.exposed)
  }

  private var impersonationHeaders: [String] {
    guard let impersonation else { return [] }
    var headers = ["Impersonate-User: \(impersonation.user)"]
    if !impersonation.uid.isEmpty { headers.append("Impersonate-Uid: \(impersonation.uid)") }
    headers += impersonation.groups.map { "Impersonate-Group: \($0)" }
    for (key, values) in impersonation.extra {
      headers += values.map { "Impersonate-Extra-\(PercentEncoding.headerKey(key)): \($0)" }
    }
    return headers
  }
}
