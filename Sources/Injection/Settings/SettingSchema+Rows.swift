/// The table: one row a setting. Defaults are those of the values' own types.
extension SettingSchema {
  /// Every row but the kinds of `podPaths`.
  package static let rows: [Setting] = vault + login + images + agent + sidecar + pod + talend + hashicorp

  private static let vault: [Setting] = [
    .text(
      "vault.address", \.talend.vaultAddress, sharing: [\.hashicorp.vaultAddress], .address,
      "Where Vault is, seen from the pods."),
    .text(
      "vault.namespace", \.talend.vaultNamespace, sharing: [\.hashicorp.vaultNamespace], .anything,
      "The Vault namespace to log in to and read from; empty is the root namespace."),
    .boolean(
      "vault.tls.skipVerify", \.talend.tlsSkipVerify, sharing: [\.hashicorp.tlsSkipVerify],
      "Leaves Vault's certificate unchecked: anyone on the way can then read and change every secret."),
    .text(
      "vault.tls.serverName", \.talend.tlsServerName, sharing: [\.hashicorp.tlsServerName], .anything,
      "The name Vault's certificate is checked against, where it is not the address's host."),
    .text(
      "vault.tls.caConfigMap", \.talend.caConfigMap, sharing: [\.hashicorp.caConfigMap], .anything,
      "The ConfigMap with the certificate authority of Vault's certificate, in the pod's namespace."),
    .text(
      "vault.tls.caSecret", \.talend.caSecret, sharing: [\.hashicorp.caSecret], .anything,
      "The Secret that holds it, where it is no ConfigMap."),
    .text(
      "vault.tls.caKey", \.talend.caKey, sharing: [\.hashicorp.caKey], .fileName,
      "The key of that ConfigMap or Secret, with a PEM certificate."),
  ]

  private static let login: [Setting] = [
    .text(
      "auth.kubernetes.path", \.talend.kubernetesAuthPath, .authPath,
      "Where the Kubernetes auth method is mounted, without auth/ in front."),
    .text(
      "auth.approle.path", \.talend.approleAuthPath, .authPath,
      "Where the AppRole auth method is mounted, without auth/ in front."),
    .text(
      "auth.approle.roleIdFile", \.talend.approleRoleIDFile, .fileName,
      "The file on the secrets volume with the AppRole's role id."),
    .text(
      "auth.approle.secretIdFile", \.talend.approleSecretIDFile, .fileName,
      "The file on the secrets volume with the AppRole's secret id."),
    .integer(
      "token.expirationSeconds", \.talend.tokenExpirationSeconds, 600...4_294_967_296,
      "How long the projected service-account token lives; the kubelet renews it before.", for: .everyInjection),
    .text(
      "token.audience", \.talend.tokenAudience, sharing: [\.hashicorp.tokenAudience], .anything,
      "Whom the projected token is for; empty is the API server.", for: .everyInjection),
  ]

  private static let images: [Setting] = [
    .text(
      "image", \.talend.image, sharing: [\.hashicorp.image], .optionalImage,
      "The image of the injected containers: it holds vault and a POSIX shell; empty is the built-in one."),
    .choice(
      "imagePullPolicy", \.talend.imagePullPolicy, ["Always", "IfNotPresent", "Never", ""],
      "When the images are pulled; empty leaves it to Kubernetes."),
    .list(
      "imagePullSecrets", \.talend.imagePullSecrets, sharing: [\.hashicorp.imagePullSecrets],
      "The names of the Secrets needed to pull the images."),
    .text(
      "program", \.talend.program, sharing: [\.hashicorp.program], .nonEmpty,
      "The Vault program in the image; bao in the images of OpenBao."),
    .choice(
      "renderer", \.talend.renderer,
      "What renders the templates of dynamic secrets: the agent, or consul-template beside it."),
    .text(
      "consulTemplate.image", \.talend.consulTemplateImage, .image,
      "The image of Consul Template, for renderer consul-template."),
  ]

  private static let agent: [Setting] = [
    .choice(
      "agent.logLevel", \.talend.logLevel, ["trace", "debug", "info", "warn", "error"], "How much the agent logs."),
    .choice("agent.logFormat", \.talend.logFormat, ["json", "standard"], "How the agent logs."),
    .text(
      "agent.resources.requests.cpu", \.talend.agentResources.requestsCPU, .optionalQuantity,
      "The CPU an agent asks for."),
    .text(
      "agent.resources.requests.memory", \.talend.agentResources.requestsMemory, .optionalQuantity,
      "The memory an agent asks for."),
    .text(
      "agent.resources.limits.cpu", \.talend.agentResources.limitsCPU, .optionalQuantity,
      "The CPU an agent may take."),
    .text(
      "agent.resources.limits.memory", \.talend.agentResources.limitsMemory, .optionalQuantity,
      "The memory an agent may take."),
    .text(
      "templates.renderInterval", \.talend.renderInterval, .duration,
      "How often secrets without a lease, such as those of the KV engine, are read again."),
    .text(
      "templates.wait.min", \.talend.settleMinimum, .duration, "How long a change waits for further ones, at least."),
    .text(
      "templates.wait.max", \.talend.settleMaximum, .duration, "How long a change waits for further ones, at most."),
    .text("templates.permissions", \.talend.filePermissions, .permissions, "The mode of the rendered files, in octal."),
  ]

  private static let sidecar: [Setting] = [
    .choice(
      "sidecars", \.talend.sidecars, sharing: [\.hashicorp.sidecars],
      "How the agent runs beside the application: as a container, or as an init container that stays (native).",
      for: .everyInjection),
    .integer(
      "startupSeconds", \.talend.startupSeconds, sharing: [\.hashicorp.startupSeconds], 1...86_400,
      "How long a native sidecar may take until the secrets are there, before it is started again."),
    .integer(
      "babysitter.intervalSeconds", \.talend.babysitterInterval, 1...86_400,
      "How often the babysitter of a job looks at its pod."),
    .text(
      "babysitter.resources.requests.cpu", \.talend.babysitterResources.requestsCPU, .optionalQuantity,
      "The CPU the babysitter asks for."),
    .text(
      "babysitter.resources.requests.memory", \.talend.babysitterResources.requestsMemory, .optionalQuantity,
      "The memory it asks for."),
    .text(
      "babysitter.resources.limits.cpu", \.talend.babysitterResources.limitsCPU, .optionalQuantity,
      "The CPU it may take."),
    .text(
      "babysitter.resources.limits.memory", \.talend.babysitterResources.limitsMemory, .optionalQuantity,
      "The memory it may take."),
    .text(
      "environmentHelper.image", \.talend.environmentHelperImage, .anything,
      "The image of the static environment helper, for applications without a shell; empty takes a shell script."),
    .text(
      "environmentHelper.resources.requests.cpu", \.talend.environmentHelperResources.requestsCPU,
      .optionalQuantity, "The CPU the environment helper's init container asks for."),
    .text(
      "environmentHelper.resources.requests.memory", \.talend.environmentHelperResources.requestsMemory,
      .optionalQuantity, "The memory it asks for."),
    .text(
      "environmentHelper.resources.limits.cpu", \.talend.environmentHelperResources.limitsCPU,
      .optionalQuantity, "The CPU it may take."),
    .text(
      "environmentHelper.resources.limits.memory", \.talend.environmentHelperResources.limitsMemory,
      .optionalQuantity, "The memory it may take."),
  ]

  private static let pod: [Setting] = [
    .optionalInteger(
      "security.runAsUser", \.talend.runAsUser, 1...2_147_483_647,
      "The user the injected containers run as; off leaves it to the cluster, as OpenShift wants it."),
    .optionalInteger(
      "security.runAsGroup", \.talend.runAsGroup, 0...2_147_483_647,
      "The group the injected containers run as; off leaves it to the cluster."),
    .text(
      "volumes.secretsSize", \.talend.secretsVolumeSize, .quantity,
      "The size of the volume in memory that the secrets are written to."),
    .text(
      "volumes.agentSize", \.talend.agentVolumeSize, .quantity,
      "The size of the volume in memory for the agent's own configuration and token."),
  ]

  private static let talend: [Setting] = [
    .text(
      "talend.annotationPrefix", \.talend.annotationPrefix, .annotationPrefix,
      "What stands before the slash in the annotations; empty for annotations without a slash.",
      for: .everyInjection),
    .text(
      "talend.labels.application", \.talend.applicationLabel, .nonEmpty,
      "The label that names the application: the default role, and part of the default path.", for: .everyInjection),
    .text(
      "talend.labels.service", \.talend.serviceLabel, .nonEmpty,
      "The label that names the service: part of the default path.", for: .everyInjection),
  ]
}
