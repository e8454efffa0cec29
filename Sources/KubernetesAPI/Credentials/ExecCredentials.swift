internal import ManifestText
internal import Synchronization

/// What a plugin answers, kept until it expires or the server refuses it.
final class ExecCredentials: CredentialSource {
  private let plugin: ExecPlugin
  private let clusterConfiguration: Value?
  private let host: Host
  private let known = Mutex<ExecCredential?>(nil)

  /// Names a plugin, and what it is told about the cluster beside its address.
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
        "the credential plugin \(plugin.command) has to ask you something, and standard input is no terminal",
        hint: "run the command in a terminal, or use credentials that need no one to ask")
    case (.always, .taken):
      throw CredentialError(
        "the credential plugin \(plugin.command) has to ask you something, and standard input is read for manifests",
        hint: "name the manifests as files instead of -f -")
    }
  }
}

/// What a plugin is told, in `KUBERNETES_EXEC_INFO`.
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
