import ManifestText

/// What the built-in containers are made of, put together from the settings.
struct BuiltInParts {
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

  /// How the babysitter knows its own pod.
  static let podNames = [field("POD_NAME", "metadata.name"), field("POD_NAMESPACE", "metadata.namespace")]

  private static func field(_ name: String, _ path: String) -> Value {
    ["name": .string(name), "valueFrom": ["fieldRef": ["fieldPath": .string(path)]]]
  }

  var hasCertificateAuthority: Bool { !settings.caConfigMap.isEmpty || !settings.caSecret.isEmpty }

  /// The mount of Vault's certificate authority, where there is one.
  var certificateAuthorityMounts: [Value] {
    guard hasCertificateAuthority else { return [] }
    return [
      Value.mount(BuiltInVolumes.certificateAuthority, BuiltInPaths.certificateAuthority, readOnly: true)
    ]
  }

  // MARK: Volumes

  /// A volume in memory, of a limited size.
  func memory(_ name: String, size: String) -> Value {
    ["name": .string(name), "emptyDir": ["medium": "Memory", "sizeLimit": .string(size)]]
  }

  /// Only the certificate is taken from it, whatever else the configMap or secret holds.
  var certificateAuthorityVolume: Value? {
    let items: Value = [["key": .string(settings.caKey), "path": .string(settings.caKey)]]
    let name = Value.string(BuiltInVolumes.certificateAuthority)
    if !settings.caConfigMap.isEmpty {
      return ["name": name, "configMap": ["name": .string(settings.caConfigMap), "items": items]]
    }
    guard !settings.caSecret.isEmpty else { return nil }
    return ["name": name, "secret": ["secretName": .string(settings.caSecret), "items": items]]
  }
}
