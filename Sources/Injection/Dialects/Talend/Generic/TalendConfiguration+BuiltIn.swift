import ManifestText

extension TalendConfiguration {
  /// One for every pod, in the form of the webhook's own: what `--exact` fills in where the user brings none.
  package static func builtIn(_ settings: TalendSettings) -> TalendConfiguration {
    let parts = GenericContainers(settings)
    var containers = [parts.babysitter, parts.agent]
    if settings.renderer == .consulTemplate { containers.append(parts.consulTemplate) }
    return TalendConfiguration(
      initContainers: [parts.initAgent, parts.environmentHelper],
      containers: containers,
      volumes: parts.volumes,
      proxyConfig: proxyStanzas,
      templateBlock: templateStanza(settings),
      templateDefault: defaultTemplate,
      postStart: WaitingHook.value(for: ["<VSI_SECRETS_DESTINATIONS>"]),
      origin: .builtIn)
  }

  /// The agent adds its token to requests that bring none.
  private static let proxyStanzas = """
    api_proxy {
      use_auto_auth_token = true
    }
    cache {
    }
    listener "tcp" {
      address = "127.0.0.1:<VSI_PROXY_PORT>"
      tls_disable = true
    }
    """

  private static func templateStanza(_ settings: TalendSettings) -> String {
    """
    template {
      destination = "\(BuiltInPaths.secrets)/<VSI_SECRETS_DESTINATION>"
      contents = <VSI_SECRETS_TEMPLATE_CONTENT>
      command = "<VSI_SECRETS_TEMPLATE_COMMAND_TO_RUN>"
      perms = \(HCLText.quoted(settings.filePermissions))
      wait {
        min = \(HCLText.quoted(settings.settleMinimum))
        max = \(HCLText.quoted(settings.settleMaximum))
      }
    }
    """
  }

  /// `key=value` lines, and no blank one; a secret of the second KV engine is told by its `metadata` and `data` being maps.
  private static let defaultTemplate = #"""
    {{- with secret "<VSI_SECRETS_VAULT_SECRETS_PATH>" }}
    {{- $map := "map[string]interface {}" }}
    {{- $values := .Data }}
    {{- if and (eq $map (printf "%T" .Data.metadata)) (eq $map (printf "%T" .Data.data)) }}
    {{- $values = .Data.data }}
    {{- end }}
    {{- range $key, $value := $values }}
    {{- $key }}={{ $value }}
    {{ end }}
    {{- end -}}
    """#
}

/// The built-in containers in the webhook's manner: each decides in the pod what it is told by variables.
struct GenericContainers {
  let settings: TalendSettings
  let parts: BuiltInParts

  init(_ settings: TalendSettings) { (self.settings, parts) = (settings, BuiltInParts(settings: settings)) }
}

extension GenericContainers {
  var volumes: [Value] {
    var volumes = [
      parts.memory(BuiltInVolumes.secrets, size: settings.secretsVolumeSize),
      parts.memory(BuiltInVolumes.shared, size: "1Mi"),
      parts.memory(BuiltInVolumes.agent, size: settings.agentVolumeSize),
    ]
    if let authority = parts.certificateAuthorityVolume { volumes.append(authority) }
    return volumes
  }
}
