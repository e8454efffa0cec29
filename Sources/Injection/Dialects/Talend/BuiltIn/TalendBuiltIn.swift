import ManifestText

extension TalendConfiguration {
  /// The configuration that is in force where the user brings none.
  package static func builtIn(_ settings: TalendSettings) -> TalendConfiguration {
    let parts = BuiltInContainers(settings: settings)
    var containers = [parts.babysitter, parts.agent]
    if settings.renderer == .consulTemplate { containers.append(parts.consulTemplate) }
    return TalendConfiguration(
      initContainers: [parts.initAgent, parts.environmentHelper],
      containers: containers,
      volumes: parts.volumes,
      proxyConfig: proxyStanzas,
      templateBlock: templateStanza(settings),
      templateDefault: defaultTemplate,
      postStart: waitingHook,
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

  /// Runs in the application's containers; the engine gives it each destination as an argument of its own.
  private static let waitingHook: Value = [
    "exec": [
      "command": [
        "sh", "-c", "for file; do until [ -e \"$file\" ]; do sleep 1; done; done", "sh",
        "<VSI_SECRETS_DESTINATIONS>",
      ]
    ]
  ]
}

extension BuiltInContainers {
  var volumes: [Value] {
    var volumes = [
      memory(BuiltInVolumes.secrets, size: settings.secretsVolumeSize),
      memory(BuiltInVolumes.shared, size: "1Mi"),
      memory(BuiltInVolumes.agent, size: settings.agentVolumeSize),
    ]
    if let authority = certificateAuthorityVolume { volumes.append(authority) }
    return volumes
  }

  private func memory(_ name: String, size: String) -> Value {
    ["name": .string(name), "emptyDir": ["medium": "Memory", "sizeLimit": .string(size)]]
  }

  /// Only the certificate is taken from it, whatever else the configMap or secret holds.
  private var certificateAuthorityVolume: Value? {
    let items: Value = [["key": .string(settings.caKey), "path": .string(settings.caKey)]]
    let name = Value.string(BuiltInVolumes.certificateAuthority)
    if !settings.caConfigMap.isEmpty {
      return ["name": name, "configMap": ["name": .string(settings.caConfigMap), "items": items]]
    }
    guard !settings.caSecret.isEmpty else { return nil }
    return ["name": name, "secret": ["secretName": .string(settings.caSecret), "items": items]]
  }
}

/// The parts the built-in containers share, put together from the settings.
struct BuiltInContainers {
  let settings: TalendSettings

  /// A container that runs a shell script, in the Vault image where none is named.
  func container(
    _ name: String, image: String? = nil, script: String, env: [Value], mounts: [Value],
    resources: TalendSettings.Resources
  ) -> Value {
    container(
      name, image: image ?? CommonDefaults.effectiveImage(settings.image), command: ["sh", "-c", script], env: env,
      mounts: mounts, resources: resources)
  }

  /// A container that runs a command.
  func container(
    _ name: String, image: String, command: [String], env: [Value], mounts: [Value],
    resources: TalendSettings.Resources
  ) -> Value {
    var container: Value = ["name": .string(name), "image": .string(image)]
    if !settings.imagePullPolicy.isEmpty { container["imagePullPolicy"] = .string(settings.imagePullPolicy) }
    container["command"] = .array(command.map(Value.string))
    if !env.isEmpty { container["env"] = .array(env) }
    container["resources"] = limits(resources)
    container["securityContext"] = securityContext
    container["volumeMounts"] = .array(mounts)
    return container
  }

  /// What the `restricted` Pod Security level demands, and a read-only root file system.
  private var securityContext: Value {
    var context: Value = [
      "allowPrivilegeEscalation": false,
      "capabilities": ["drop": ["ALL"]],
      "readOnlyRootFilesystem": true,
      "runAsNonRoot": true,
    ]
    if let user = settings.runAsUser { context["runAsUser"] = .number(String(user)) }
    if let group = settings.runAsGroup { context["runAsGroup"] = .number(String(group)) }
    context["seccompProfile"] = ["type": "RuntimeDefault"]
    return context
  }

  private func limits(_ resources: TalendSettings.Resources) -> Value {
    .object([
      Value.Member(key: "limits", value: quantities(resources.limitsCPU, resources.limitsMemory)),
      Value.Member(key: "requests", value: quantities(resources.requestsCPU, resources.requestsMemory)),
    ])
  }

  private func quantities(_ cpu: String, _ memory: String) -> Value {
    var quantities: Value = [:]
    if !cpu.isEmpty { quantities["cpu"] = .string(cpu) }
    if !memory.isEmpty { quantities["memory"] = .string(memory) }
    return quantities
  }

  /// How a program finds Vault, trusts it and writes its log.
  var vaultEnvironment: [Value] {
    var variables = [Value.variable("VAULT_ADDR", settings.vaultAddress)]
    if !settings.vaultNamespace.isEmpty {
      variables.append(Value.variable("VAULT_NAMESPACE", settings.vaultNamespace))
    }
    if hasCertificateAuthority {
      let path = BuiltInPaths.certificateAuthority + "/" + settings.caKey
      variables.append(Value.variable("VAULT_CACERT", path))
    }
    if !settings.tlsServerName.isEmpty {
      variables.append(Value.variable("VAULT_TLS_SERVER_NAME", settings.tlsServerName))
    }
    if settings.tlsSkipVerify { variables.append(Value.variable("VAULT_SKIP_VERIFY", "true")) }
    return variables
  }

  var hasCertificateAuthority: Bool { !settings.caConfigMap.isEmpty || !settings.caSecret.isEmpty }

  /// The mount of Vault's certificate authority, where there is one.
  var certificateAuthorityMounts: [Value] {
    guard hasCertificateAuthority else { return [] }
    return [
      Value.mount(BuiltInVolumes.certificateAuthority, BuiltInPaths.certificateAuthority, readOnly: true)
    ]
  }
}
