internal import ManifestText

/// Which programs a user lets kubeconfig files run, as their kuberc says.
struct CredentialPluginPolicy: Equatable {
  /// The programs that may run.
  private enum Rule: String, CaseIterable {
    case all = "AllowAll"
    case none = "DenyAll"
    case listed = "Allowlist"
  }

  private let rule: Rule
  private let allowed: [String]
  /// The file that says so; nil where there is none.
  private let file: String?

  /// Reads the file of `KUBERC`, or `~/.kube/kuberc`; everything is allowed where there is none.
  static func load(on host: Host) throws(KubeconfigError) -> CredentialPluginPolicy {
    let free = CredentialPluginPolicy(rule: .all, allowed: [], file: nil)
    if host.variable("KUBECTL_KUBERC") == "false" { return free }
    let named = host.nonEmptyVariable("KUBERC")
    guard named != "off", let path = named ?? host.nonEmptyVariable("HOME").map({ "\($0)/.kube/kuberc" }) else {
      return free
    }
    let bytes: [UInt8]
    do throws(Host.FileFailure) {
      bytes = try host.contents(path)
    } catch {
      if named == nil, error == .missing { return free }
      throw KubeconfigError(.missing, at: path, .namedFile(path, error))
    }
    return try CredentialPluginPolicy(SourceText(name: path, bytes: bytes))
  }

  private init(rule: Rule, allowed: [String], file: String?) {
    (self.rule, self.allowed, self.file) = (rule, allowed, file)
  }

  private init(_ source: SourceText) throws(KubeconfigError) {
    file = source.name
    guard let root = try CredentialPluginPolicy.preference(in: source) else {
      (rule, allowed) = (.all, [])
      return
    }
    let text = try root.text("credentialPluginPolicy") ?? Rule.all.rawValue
    guard let rule = Rule(rawValue: text) else {
      throw root.error(at: "credentialPluginPolicy", .pluginPolicy(text, accepted: Rule.allCases.map(\.rawValue)))
    }
    let list = try root.entries("credentialPluginAllowlist")
    if rule == .listed, list.isEmpty { throw root.error(at: "credentialPluginPolicy", .emptyAllowlist) }
    if rule != .listed, !list.isEmpty { throw root.error(at: "credentialPluginAllowlist", .unusedAllowlist) }
    allowed = try list.map { (entry) throws(KubeconfigError) in
      // Until 1.35 the key was `name`.
      let older = try entry.text("name")
      if let command = try entry.text("command") { return command }
      guard let older else { throw entry.error(at: nil, .allowlistEntry) }
      return older
    }
    self.rule = rule
  }

  /// The first preferences in a version that can be read, as kubectl looks for them.
  private static func preference(in source: SourceText) throws(KubeconfigError) -> KubeconfigEntry? {
    do throws(Diagnostic) {
      for piece in try DocumentStream(source) {
        let document = try Document(piece, of: source)
        guard let root = document.root, document.isMapping(root) else { continue }
        return KubeconfigEntry(document: document, node: root)
      }
      return nil
    } catch {
      throw KubeconfigError(error, in: source)
    }
  }

  /// Why a program must not run; nil where it may.
  func refusal(of command: String, on host: Host) -> Diagnostic? {
    switch rule {
    case .all: return nil
    case .none: return .pluginDenied(command, by: rule.rawValue, in: file)
    case .listed:
      let isListed = allowed.contains { entry in
        guard let known = host.program(entry) else { return false }
        return known == host.program(command)
      }
      return isListed ? nil : .pluginDenied(command, by: rule.rawValue, in: file)
    }
  }
}

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
