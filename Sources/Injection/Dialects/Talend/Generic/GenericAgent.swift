import ManifestText

extension GenericContainers {
  /// The agent beside the application: it keeps its token, the secrets and the proxy alive.
  var agent: Value {
    let jobs = [Value.variable("VSI_JOB_WORKLOAD", "false")]
    let proxy = [Value.variable("VSI_PROXY_CONFIG_PLACEHOLDER", "")]
    let rendersItself = settings.renderer == .agent
    return parts.container(
      BuiltInNames.agent,
      script: GenericAgentScript(settings: settings, once: false, rendersTemplates: rendersItself).text,
      env: parts.vaultEnvironment + agentEnvironment + jobs + proxy + (rendersItself ? templates : []),
      mounts: agentMounts + [Value.mount(BuiltInVolumes.shared, BuiltInPaths.shared)],
      resources: settings.agentResources)
  }

  /// The agent that renders static secrets before the application starts.
  var initAgent: Value {
    parts.container(
      BuiltInNames.initAgent,
      script: GenericAgentScript(settings: settings, once: true, rendersTemplates: true).text,
      env: parts.vaultEnvironment + agentEnvironment + templates,
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
    ] + parts.certificateAuthorityMounts
  }
}
