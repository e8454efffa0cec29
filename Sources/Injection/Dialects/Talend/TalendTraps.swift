internal import ManifestText
internal import Workloads

/// What the webhook lets through, and what comes to nothing then: pointed at, while the result stays what the webhook
/// makes.
struct TalendTraps {
  private let pod: TalendPod
  private let settings: TalendDialect.Settings
  private var operatorSettings: TalendSettings { settings.operatorSettings }

  init(_ pod: TalendPod, _ settings: TalendDialect.Settings) {
    self.pod = pod
    self.settings = settings
  }

  /// What there is to say about the pod.
  func findings() throws(Diagnostic) -> [Diagnostic] {
    let findings = try modes() + commands() + addresses()
    return settings.isBuiltIn ? findings + [lentOnce(), plainHTTP()].compactMap(\.self) : findings
  }

  /// What there is to say about the containers it gets.
  func findings(on containers: [Value]) -> [Diagnostic] {
    containers.flatMap { InjectedContainer($0).findings(at: pod.annotationsRange) }
  }

  /// The modes that were meant are all misspelt.
  private func modes() throws(Diagnostic) -> [Diagnostic] {
    let modes = pod.request.modes
    guard !modes.secrets, !modes.proxy, !modes.job, let place = pod.modePlace else { return [] }
    return [.noMode(pod.schema.fullKey(TalendTable.mode.key), modes.unknown, at: place)]
  }

  // MARK: Commands

  private func commands() throws(Diagnostic) -> [Diagnostic] {
    let commands = pod.request.secrets.commands
    guard pod.request.modes.secrets, let place = commands.range else { return [] }
    let key = pod.schema.fullKey(TalendTable.notify.key)
    var findings: [Diagnostic] = []
    let surplus = commands.value.dropFirst(pod.destinations.count)
    if let first = surplus.first(where: { !$0.isEmpty }) {
      findings.append(.surplusCommands(key, commands.value.count, pod.destinations.count, first, at: place))
    }
    if pod.request.secrets.isDynamic, let command = commands.value.first(where: { CommandText($0).sendsSignal }),
      try !pod.template.sharesProcesses()
    {
      findings.append(
        .signalOutOfReach(
          key, command, "set shareProcessNamespace: true in the pod's spec, and run both as the same user", at: place))
    }
    return findings
  }

  // MARK: Secrets

  /// The agent that fetches static secrets revokes its token before the application starts, and Vault then takes back
  /// what it lent to that token.
  private func lentOnce() -> Diagnostic? {
    let secrets = pod.request.secrets
    guard pod.request.modes.secrets, !secrets.isDynamic else { return nil }
    let key: String
    let asked: (texts: [String], range: Range<Int>?)
    if let templates = pod.templates {
      key = pod.schema.fullKey(TalendTable.secretsTemplate.key)
      asked = (templates, secrets.templates.range)
    } else {
      key = pod.schema.fullKey(TalendTable.secretsPath.key)
      asked = (secrets.paths.value, secrets.paths.range)
    }
    guard asked.texts.contains(where: VaultPath.isLent) else { return nil }
    return .lentOnce(key, at: asked.range ?? pod.annotationsRange)
  }

  // MARK: The connection

  /// What a webhook's containers are told, in variables that hold addresses.
  private func addresses() -> [Diagnostic] {
    guard !settings.areContainersOurs, let webhook = settings.configuration else { return [] }
    let containers = (webhook.initContainers + webhook.containers).map { AddedContainer($0, in: .containers) }
    return ["VAULT_ADDR", "VAULT_PROXY_ADDR", "HTTPS_PROXY", "HTTP_PROXY"].compactMap { name in
      let shows = containers.contains { $0.variable(name).map { URLText($0).showsCredentials } ?? false }
      return shows ? .credentialsInAddress(name, of: "the webhook's containers", at: pod.annotationsRange) : nil
    }
  }

  private func plainHTTP() -> Diagnostic? {
    let url = settings.address
    guard url.scheme == "http", url.isAddress else { return nil }
    if !url.isInCluster { return .plainHTTP("vault.address", url.host, at: pod.annotationsRange) }
    guard settings.choosesAddress, !operatorSettings.caConfigMap.isEmpty || !operatorSettings.caSecret.isEmpty else {
      return nil
    }
    return .authorityOverHTTP("vault.address", operatorSettings.vaultAddress, at: pod.annotationsRange)
  }
}

extension Diagnostic {
  static func noMode(_ key: String, _ unknown: [String], at range: Range<Int>) -> Diagnostic {
    let known = TalendModes.Word.allCases.map(\.rawValue)
    let meant = unknown.map { NearestName.nearest(to: ValueShape.trimmed($0), among: known) ?? "" }
    let hint = meant.allSatisfy { !$0.isEmpty } ? "did you mean `\(meant.joined(separator: ","))`?" : nil
    return Diagnostic(
      rule: .noMode, message: "`\(key)` names no mode that exists, so the pod gets no agent",
      hint: hint ?? "modes are `secrets`, `proxy` and `job`, separated by commas without spaces", range: range)
  }

  static func lentOnce(_ key: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .lentOnce,
      message: "`\(key)` asks for credentials that Vault revokes together with the token of the init container, "
        + "before the application starts",
      hint: "leave secrets-type: static out, so that an agent beside the application keeps them alive", range: range)
  }

  static func surplusCommands(
    _ key: String, _ commands: Int, _ files: Int, _ first: String, at range: Range<Int>
  ) -> Diagnostic {
    Diagnostic(
      rule: .surplusCommands,
      message: "`\(key)` has \(commands) commands for \(files) \(files == 1 ? "file" : "files"): `\(first)` never runs",
      hint: "command n runs after file n, and a comma ends a command: put one with commas into a script", range: range)
  }
}
