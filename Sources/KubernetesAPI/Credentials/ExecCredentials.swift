internal import ManifestText
internal import Synchronization

/// A program that a kubeconfig names to get credentials from.
struct ExecPlugin: Sendable {
  /// Whether the program may ask the user.
  enum InteractiveMode: String, CaseIterable {
    case never = "Never"
    case ifAvailable = "IfAvailable"
    case always = "Always"
  }

  static let versions = ["v1", "v1beta1"].map { "client.authentication.k8s.io/\($0)" }

  /// The program, its path resolved where the kubeconfig names one.
  let command: String
  let arguments: [String]
  let environment: [ProgramCall.Variable]
  let apiVersion: String
  let interactiveMode: InteractiveMode
  let wantsCluster: Bool
  /// What the kubeconfig says about installing it, in one line that is safe for a terminal; nil where it says nothing.
  let installHint: String?
}

/// A plugin's answer, kept until it expires or the server refuses it.
final class ExecCredentials: CredentialSource {
  private let plugin: ExecPlugin
  private let clusterConfiguration: Value?
  private let host: Host
  private let known = Mutex<ExecCredential?>(nil)

  /// Names a plugin, and what it gets to know about the cluster besides its address.
  init(_ plugin: ExecPlugin, clusterConfiguration: Value?, on host: Host) {
    (self.plugin, self.clusterConfiguration, self.host) = (plugin, clusterConfiguration, host)
  }

  func credentials(
    for configuration: ClientConfiguration, afterRejection: Bool
  ) throws(CredentialError) -> UserCredentials {
    let last = known.withLock { $0 }
    if let last, !afterRejection, last.isValid(at: host.now()) { return last.taken(into: configuration.user) }
    let credential = try ask(about: configuration)
    known.withLock { $0 = credential }
    return credential.taken(into: configuration.user)
  }

  private func ask(about configuration: ClientConfiguration) throws(CredentialError) -> ExecCredential {
    let isInteractive = try isInteractive()
    let info = ExecInformation(plugin: plugin, isInteractive: isInteractive, clusterConfiguration)
    let call = ProgramCall(
      program: plugin.command, arguments: plugin.arguments,
      environment: plugin.environment + [.init("KUBERNETES_EXEC_INFO", info.text(configuration))],
      isInteractive: isInteractive)
    guard plugin.command.contains("/") || host.program(plugin.command) != nil else {
      throw .pluginMissing(plugin.command, installHint: plugin.installHint)
    }
    switch host.run(call) {
    case .output(let output): return try ExecCredential(output, from: plugin)
    case .exited(let code):
      throw CredentialError(
        "the credential plugin \(plugin.command) failed with exit code \(code)",
        hint: "run it by itself to see it fail; what it said stands above")
    case .killed(let signal):
      throw CredentialError("the credential plugin \(plugin.command) was ended by signal \(signal)")
    case .notStarted(let reason):
      throw .pluginMissing(plugin.command, reason: reason, installHint: plugin.installHint)
    }
  }

  private func isInteractive() throws(CredentialError) -> Bool {
    switch (plugin.interactiveMode, host.standardInput) {
    case (.never, _), (.ifAvailable, .notATerminal), (.ifAvailable, .taken): return false
    case (.ifAvailable, .terminal), (.always, .terminal): return true
    case (.always, .notATerminal):
      throw CredentialError(
        "the credential plugin \(plugin.command) has to ask you something, and standard input is not a terminal",
        hint: "run the command in a terminal, or use credentials that need no one to ask")
    case (.always, .taken):
      throw CredentialError(
        "the credential plugin \(plugin.command) has to ask you something, and standard input is read for manifests",
        hint: "name the manifests as files instead of -f -")
    }
  }
}

/// What a plugin gets to know, in `KUBERNETES_EXEC_INFO`.
struct ExecInformation {
  private let plugin: ExecPlugin
  private let isInteractive: Bool
  private let clusterConfiguration: Value?

  init(plugin: ExecPlugin, isInteractive: Bool, _ clusterConfiguration: Value?) {
    (self.plugin, self.isInteractive, self.clusterConfiguration) = (plugin, isInteractive, clusterConfiguration)
  }

  /// One line of JSON; the cluster is in it only where the plugin is to know it.
  func text(_ configuration: ClientConfiguration) -> String {
    var spec: Value = [:]
    if plugin.wantsCluster { spec["cluster"] = cluster(configuration) }
    spec["interactive"] = .bool(isInteractive)
    let credential: Value = [
      "kind": "ExecCredential", "apiVersion": .string(plugin.apiVersion), "spec": spec,
    ]
    return String(decoding: JSONWriter.compact(credential), as: UTF8.self)
  }

  private func cluster(_ configuration: ClientConfiguration) -> Value {
    var cluster: Value = ["server": .string(configuration.server)]
    cluster["tls-server-name"] = configuration.tlsServerName.map(Value.string)
    if configuration.skipsVerification { cluster["insecure-skip-tls-verify"] = true }
    cluster["certificate-authority-data"] = configuration.certificateAuthority.map { .string(Base64.encoded($0)) }
    cluster["proxy-url"] = configuration.proxy.map(Value.string)
    if configuration.disablesCompression { cluster["disable-compression"] = true }
    cluster["config"] = clusterConfiguration
    return cluster
  }
}

extension CredentialError {
  /// There is no such program, or it does not start.
  static func pluginMissing(_ command: String, reason: String? = nil, installHint: String?) -> CredentialError {
    let general = "install it, or check the command in the kubeconfig"
    let hint = installHint.map { "the kubeconfig says: \($0)" } ?? general
    guard let reason else { return CredentialError("the credential plugin \(command) is not installed", hint: hint) }
    return CredentialError("the credential plugin \(command) cannot be started: \(reason)", hint: hint)
  }
}

/// Credentials as a plugin gives them.
struct ExecCredential: Sendable {
  private var token: Secret?
  private var certificate: UserCredentials.ClientCertificate?
  /// When they expire, in seconds since 1970; nil for as long as the process runs.
  private var expiry: Int?

  /// Reads what a plugin wrote to standard output.
  init(_ output: Secret, from plugin: ExecPlugin) throws(CredentialError) {
    let fault = Fault(plugin: plugin)
    guard let answer = ExecCredential.value(output), case .object = answer else {
      throw fault.error("wrote something that is not a JSON object")
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
        throw fault.error("answered an expirationTimestamp that is not a time such as 2026-01-31T12:00:00Z")
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

  /// The user with these credentials in place of earlier ones.
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

/// Points in time as RFC 3339 writes them.
enum Timestamp {
  /// Seconds since 1970 began, fractions cut off; nil where the text is no such time.
  static func seconds(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, [4, 7].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }),
      bytes[10] | 0x20 == UInt8(ascii: "t"), [13, 16].allSatisfy({ bytes[$0] == UInt8(ascii: ":") }),
      let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
      let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61,
      let offset = offset(bytes[19...])
    else { return nil }
    return days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int(digit) - 48
    }
    return value
  }

  /// Seconds east of Greenwich, from what stands after the seconds.
  private static func offset(_ text: ArraySlice<UInt8>) -> Int? {
    var rest = text
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard !digits.isEmpty else { return nil }
      rest = rest[digits.endIndex...]
    }
    guard let first = rest.first else { return nil }
    if first | 0x20 == UInt8(ascii: "z") { return rest.count == 1 ? 0 : nil }
    let digits = Array(rest.dropFirst())
    guard digits.count == 5, digits[2] == UInt8(ascii: ":"), let hours = number(digits[0..<2]),
      let minutes = number(digits[3..<5])
    else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return first == UInt8(ascii: "+") ? seconds : first == UInt8(ascii: "-") ? -seconds : nil
  }

  /// Days since 1970 began; years begin in March, so that the leap day is the last.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month > 2 ? year : year - 1
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
  }
}
