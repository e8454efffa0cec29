internal import ManifestText

/// Reads what a kubeconfig says of a program.
extension ExecPlugin {
  /// Reads the entry and asks the user's policy; nothing is run.
  init(_ entry: KubeconfigEntry, user: String, on host: Host) throws(KubeconfigError) {
    guard let command = try entry.text("command") else { throw entry.error(at: nil, .pluginWithout("command", user)) }
    guard let version = try entry.text("apiVersion") else {
      throw entry.error(at: nil, .pluginWithout("apiVersion", user))
    }
    guard ExecPlugin.versions.contains(version) else { throw entry.error(at: "apiVersion", .pluginVersion(version)) }
    let file = entry.document.source.name
    self.command = command.contains("/") ? FilePath.resolved(command, beside: file) : command
    apiVersion = version
    arguments = try entry.texts("args")
    environment = try ExecPlugin.environment(entry, user)
    interactiveMode = try ExecPlugin.interactiveMode(entry, version: version, user)
    wantsCluster = try entry.flag("provideClusterInfo")
    installHint = try entry.text("installHint").map { hint in
      VisibleText.spelt(hint.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }
    if let refusal = try CredentialPluginPolicy.load(on: host).refusal(of: self.command, on: host) {
      throw entry.error(at: "command", refusal)
    }
  }

  private static func environment(
    _ entry: KubeconfigEntry, _ user: String
  ) throws(KubeconfigError) -> [ProgramCall.Variable] {
    try entry.entries("env").map { (variable) throws(KubeconfigError) in
      guard let name = try variable.text("name") else {
        throw variable.error(at: nil, .pluginWithout("env name", user))
      }
      return ProgramCall.Variable(name, try variable.text("value") ?? "")
    }
  }

  private static func interactiveMode(
    _ entry: KubeconfigEntry, version: String, _ user: String
  ) throws(KubeconfigError) -> InteractiveMode {
    guard let text = try entry.text("interactiveMode") else {
      if version.hasSuffix("/v1beta1") { return .ifAvailable }
      throw entry.error(at: nil, .pluginWithout("interactiveMode", user))
    }
    guard let mode = InteractiveMode(rawValue: text) else {
      throw entry.error(at: "interactiveMode", .interactiveMode(text))
    }
    return mode
  }
}
