package import ManifestText

extension BuiltInContainers {
  /// The agent beside the application: it keeps its token, the secrets and the proxy alive.
  var agent: Value {
    let jobs = [Value.variable("VSI_JOB_WORKLOAD", "false")]
    let proxy = [Value.variable("VSI_PROXY_CONFIG_PLACEHOLDER", "")]
    let rendersItself = settings.renderer == .agent
    return container(
      "tvsi-vault-agent",
      script: AgentScript(settings: settings, once: false, rendersTemplates: rendersItself).text,
      env: vaultEnvironment + agentEnvironment + jobs + proxy + (rendersItself ? templates : []),
      mounts: agentMounts + [Value.mount(BuiltInVolumes.shared, BuiltInPaths.shared)],
      resources: settings.agentResources)
  }

  /// The agent that renders static secrets before the application starts.
  var initAgent: Value {
    container(
      "tvsi-vault-agent-init",
      script: AgentScript(settings: settings, once: true, rendersTemplates: true).text,
      env: vaultEnvironment + agentEnvironment + templates,
      mounts: agentMounts,
      resources: settings.agentResources)
  }

  private var templates: [Value] { [Value.variable("VSI_SECRETS_TEMPLATES_PLACEHOLDER", "")] }

  /// `TMPDIR` is for shells that keep here-documents in files; the root file system is read-only.
  private var agentEnvironment: [Value] {
    [
      Value.variable("VAULT_LOG_LEVEL", settings.logLevel),
      Value.variable("VAULT_LOG_FORMAT", settings.logFormat),
      Value.variable("HOME", BuiltInPaths.agentHome),
      Value.variable("TMPDIR", BuiltInPaths.agentHome),
      Value.variable("VSI_VAULT_AUTH_METHOD", "kubernetes"),
      Value.variable("VSI_VAULT_ROLE", ""),
    ]
  }

  private var agentMounts: [Value] {
    [
      Value.mount(BuiltInVolumes.secrets, BuiltInPaths.secrets),
      Value.mount(BuiltInVolumes.agent, BuiltInPaths.agentHome),
      Value.mount(BuiltInVolumes.token, BuiltInPaths.vaultServiceAccount, readOnly: true),
    ] + certificateAuthorityMounts
  }
}

/// When a native sidecar of the built-in configuration counts as started.
package struct TalendStartupProbe {
  private let settings: TalendSettings

  package init(_ settings: TalendSettings) { self.settings = settings }

  /// The agent's: it holds a token, every file it renders is there, and its proxy listens.
  ///
  /// `destinations` are file names under the secrets volume, none where another container renders them;
  /// `proxyPort` is nil without the proxy.
  package func agent(destinations: [String], proxyPort: Int?) -> Value {
    let files = [BuiltInPaths.agentToken] + destinations.map(path)
    return probe.succeeds(StartupProbe.filesExist + (proxyPort.map(listens) ?? ""), arguments: files)
  }

  /// Consul Template's: every file it renders is there.
  package func consulTemplate(destinations: [String]) -> Value {
    probe.filesExist(destinations.map(path))
  }

  private func path(_ destination: String) -> String { BuiltInPaths.secrets + "/" + destination }

  private var probe: StartupProbe { StartupProbe(seconds: settings.startupSeconds) }

  /// The proxy listens on the loopback address, where the kubelet's own probes do not reach; the kernel's table
  /// needs no network tool.
  private func listens(on port: Int) -> String {
    let digits = String(port, radix: 16, uppercase: true)
    let hexadecimal = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return "\ngrep -q ' 0100007F:\(hexadecimal) 00000000:0000 0A ' /proc/net/tcp"
  }
}
