internal import ManifestText

/// Credentials as a plugin gives them.
struct ExecCredential: Sendable {
  private var token: Secret?
  private var certificate: UserCredentials.ClientCertificate?
  /// Until when they are good, in seconds since 1970; nil for as long as the process runs.
  private var expiry: Int?

  /// Reads what a plugin wrote to standard output.
  init(_ output: Secret, from plugin: ExecPlugin) throws(CredentialError) {
    let fault = Fault(plugin: plugin)
    guard let answer = ExecCredential.value(output), case .object = answer else {
      throw fault.error("wrote something that is no JSON object")
    }
    guard answer["kind"]?.string == "ExecCredential" else { throw fault.error("answered no ExecCredential") }
    guard let version = answer["apiVersion"]?.string, version == plugin.apiVersion else {
      let found = answer["apiVersion"]?.string.map { VisibleText.spelt($0) } ?? "none"
      throw fault.error("is asked for \(plugin.apiVersion) and answered in \(found)")
    }
    guard let status = answer["status"], case .object = status else { throw fault.error("answered no status") }
    token = ExecCredential.text(status, "token").map { Secret($0) }
    if let token, let name = RequestText.controlCharacter(in: token.exposedText) {
      throw fault.error("answered a token with the control character \(name) in it, which cannot be sent")
    }
    try takeCertificate(status, fault)
    if token == nil, certificate == nil { throw fault.error("answered neither a token nor a certificate with its key") }
    if let time = ExecCredential.text(status, "expirationTimestamp") {
      guard let seconds = Timestamp.seconds(time) else {
        throw fault.error("answered an expirationTimestamp that is no time such as 2026-01-31T12:00:00Z")
      }
      expiry = seconds
    }
  }

  private mutating func takeCertificate(_ status: Value, _ fault: Fault) throws(CredentialError) {
    let certificate = ExecCredential.text(status, "clientCertificateData")
    let key = ExecCredential.text(status, "clientKeyData")
    switch (certificate, key) {
    case (nil, nil): break
    case (let certificate?, let key?):
      guard certificate.contains("-----BEGIN"), key.contains("-----BEGIN") else {
        throw fault.error("answered a certificate or a key that is not PEM text")
      }
      self.certificate = .init(certificate: Array(certificate.utf8), key: Secret(key))
    default: throw fault.error("answered a certificate or a key, but not both")
    }
  }

  private static func text(_ status: Value, _ key: String) -> String? {
    status[key]?.string.flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func value(_ output: Secret) -> Value? {
    do throws(Diagnostic) {
      let source = SourceText(name: "plugin", bytes: output.exposed)
      var stream = try DocumentStream(source)
      guard let piece = stream.next(), piece.mayBeJSON else { return nil }
      let document = try Document(piece, of: source)
      guard let root = document.root else { return nil }
      return try document.value(of: root)
    } catch {
      return nil
    }
  }

  /// True before they expire.
  func isValid(at now: Int) -> Bool { expiry.map { now < $0 } ?? true }

  /// The user with these in the place of what was there.
  func taken(into user: UserCredentials) -> UserCredentials {
    var user = user
    user.token = token ?? user.token
    user.certificate = certificate ?? user.certificate
    return user
  }

  private struct Fault {
    let plugin: ExecPlugin

    func error(_ what: String) -> CredentialError {
      CredentialError(
        "the credential plugin \(plugin.command) \(what)",
        hint: "update the plugin, or set the apiVersion it speaks: \(ExecPlugin.versions.joined(separator: " or "))")
    }
  }
}
