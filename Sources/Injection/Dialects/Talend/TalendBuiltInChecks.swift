internal import ManifestText
internal import Workloads

/// What the webhook lets through and the built-in containers cannot work with: found here, not in a crash loop.
struct TalendBuiltInChecks {
  let pod: TalendPod
  let settings: TalendDialect.Settings

  private var operatorSettings: TalendSettings { settings.operatorSettings }

  func check() throws(Diagnostic) {
    if operatorSettings.vaultAddress.isEmpty { throw .noVaultAddress(range: pod.annotationsRange) }
    try checkRole()
    if pod.request.modes.proxy { try checkPort() }
    guard pod.request.modes.secrets else { return }
    try checkDestinations()
    if pod.templates == nil, let path = pod.request.secrets.paths.source, let found = ControlCharacter(in: path.text) {
      throw .controlCharacter(found, in: "a path", range: path.range)
    }
  }

  /// No role has a name with control characters.
  private func checkRole() throws(Diagnostic) {
    let range = pod.request.role.range ?? pod.annotationsRange
    if let found = ControlCharacter(in: pod.role) { throw .controlCharacter(found, in: "the role", range: range) }
  }

  private func checkPort() throws(Diagnostic) {
    guard let port = pod.request.proxyPort.source else { return }
    let isDecimal = port.text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    guard isDecimal, let number = Int(port.text), (1...65535).contains(number) else {
      throw .notAPort(port.text, range: port.range)
    }
  }

  private func checkDestinations() throws(Diagnostic) {
    let range = pod.request.secrets.destinations.range ?? pod.annotationsRange
    var seen = NameIndex()
    for destination in pod.destinations {
      if let found = ControlCharacter(in: destination) {
        throw .controlCharacter(found, in: "a destination", range: range)
      }
      let path = GoText.cleaned(destination)
      if destination.isEmpty || path == "." || path == ".." || path.hasPrefix("../") || path.hasPrefix("/") {
        throw .destinationOutside(destination, range: range)
      }
      guard seen.add(path) else { throw .destinationTwice(destination, range: range) }
      if reserved.holdsExactly(path) { throw .destinationReserved(destination, range: range) }
    }
  }

  /// Files that other parts of the injection put on the secrets volume.
  private var reserved: [String] {
    let ids =
      pod.request.auth.value.choice == .approle
      ? [operatorSettings.approleRoleIDFile, operatorSettings.approleSecretIDFile] : []
    return ids + (pod.request.secrets.isEnvironment ? [TalendConfiguration.environmentHelper] : [])
  }
}

extension Diagnostic {
  /// HashiCorp's webhook starts without one, so that the setting can be empty; no agent can.
  static func noVaultAddress(range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .invalidSetting, message: "`vault.address` is empty, and the agents need to know where Vault is",
      hint: "set vault.address to a URL such as https://vault.example.com:8200", range: range)
  }

  static func unknownSidecars(_ text: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .annotationValue, message: "agents cannot run as `\(text)` sidecars",
      hint: "use `native` (an init container that keeps running, Kubernetes 1.29 and later) or `container`",
      range: range)
  }

  static func notAPort(_ text: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .annotationValue, message: "`\(text)` is not a port that the proxy could listen on",
      hint: "use a whole number from 1 to 65535", range: range)
  }

  static func destinationOutside(_ text: String, range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .annotationValue, message: "the destination `\(text)` is not a file under the secrets volume",
      hint: "name files relative to \(TalendPod.secretsPath), such as `secrets.properties`, without `..`",
      range: range)
  }

  static func destinationTwice(_ text: String, range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .annotationValue, message: "the destination `\(text)` is named twice",
      hint: "give each path or template a file of its own; the last one written would win", range: range)
  }

  static func destinationReserved(_ text: String, range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .annotationValue, message: "the destination `\(text)` is a file the injection itself needs there",
      hint: "choose another file name", range: range)
  }
}
