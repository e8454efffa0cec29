/// The settings with a common name: one row for each, in the order they are documented.
///
/// What a setting does to a pod is told in the settings of each dialect that uses it, and so is its default. A dialect
/// whose name and a dot stand before the path is meant alone: `hashicorp.image`.
package enum CommonSettings {
  /// Every row.
  package static let rows: [Setting] = vault + login + images + agent + sidecar + pod

  /// The row of a path; nil where there is none.
  static func row(at path: String) -> Setting? { rows.first { $0.path == path } }

  private static let vault: [Setting] = [
    Setting("vault.address", .text(.address), "Where Vault is, seen from the pods."),
    Setting(
      "vault.namespace", .text(.anything),
      "The Vault namespace to log in to and read from; empty is the root namespace.", like: "team-a"),
    Setting(
      "vault.tls.skipVerify", .boolean,
      "Leaves Vault's certificate unchecked: anyone on the way can then read and change every secret."),
    Setting(
      "vault.tls.serverName", .text(.anything),
      "The name Vault's certificate is checked against, where it is not the address's host.", like: "vault.example.com"),
    Setting(
      "vault.tls.caConfigMap", .text(.anything),
      "The ConfigMap with the certificate authority of Vault's certificate, in the pod's namespace.", like: "vault-ca"),
    Setting(
      "vault.tls.caSecret", .text(.anything), "The Secret that holds it, where it is no ConfigMap.", like: "vault-ca"),
    Setting("vault.tls.caKey", .text(.key), "The key of that ConfigMap or Secret, with a PEM certificate."),
  ]

  private static let login: [Setting] = [
    Setting(
      "auth.kubernetes.path", .text(.authPath), "Where the Kubernetes auth method is mounted, without auth/ in front."),
    Setting(
      "auth.approle.path", .text(.authPath), "Where the AppRole auth method is mounted, without auth/ in front.",
      like: "approle-eu"),
    Setting("auth.approle.roleIdFile", .text(.fileName), "The file on the secrets volume with the AppRole's role id."),
    Setting(
      "auth.approle.secretIdFile", .text(.fileName), "The file on the secrets volume with the AppRole's secret id.",
      like: "approle_secretid"),
    Setting(
      "token.expirationSeconds", .integer(600...4_294_967_296),
      "How long the projected service-account token lives; the kubelet renews it before."),
    Setting(
      "token.audience", .text(.anything), "The audience of the projected token; empty is the API server.", like: "vault"
    ),
  ]

  private static let images: [Setting] = [
    Setting(
      "image", .text(.optionalImage),
      "The image of the injected containers: it holds vault and a POSIX shell; empty is the built-in one."),
    Setting(
      "imagePullPolicy", .choice(["Always", "IfNotPresent", "Never", ""]),
      "When the images are pulled; empty leaves it to Kubernetes.", like: "Always"),
    Setting("imagePullSecrets", .list, "The names of the Secrets needed to pull the images."),
    Setting("program", .text(.nonEmpty), "The Vault program in the image; bao in the images of OpenBao.", like: "bao"),
    Setting(
      "renderer", .choice(["agent", "consul-template"]),
      "What renders the templates of dynamic secrets: the agent, or consul-template beside it.", like: "consul-template"
    ),
    Setting(
      "consulTemplate.image", .text(.image), "The image of Consul Template, for renderer consul-template.",
      like: "registry.example.com/consul-template:0.41"),
  ]

  private static let agent: [Setting] = [
    Setting(
      "agent.logLevel", .choice(["trace", "debug", "info", "warn", "error"]), "How much the agent logs.", like: "debug"),
    Setting("agent.logFormat", .choice(["json", "standard"]), "How the agent logs.", like: "json"),
    Setting(
      "agent.configuration", .choice(["base64", "text"]),
      "How the agent's configuration stands in the manifest: in base64, as the webhook writes it, or as text, which a "
        + "review can read.", like: "text"),
    Setting("agent.resources.requests.cpu", .text(.optionalQuantity), "The CPU an agent asks for.", like: "100m"),
    Setting("agent.resources.requests.memory", .text(.optionalQuantity), "The memory an agent asks for."),
    Setting("agent.resources.limits.cpu", .text(.optionalQuantity), "The CPU an agent may take.", like: "250m"),
    Setting("agent.resources.limits.memory", .text(.optionalQuantity), "The memory an agent may take."),
    Setting(
      "templates.renderInterval", .text(.duration),
      "How often secrets without a lease, such as those of the KV engine, are read again.", like: "1m"),
    Setting("templates.wait.min", .text(.duration), "How long a change waits for further ones, at least.", like: "5s"),
    Setting("templates.wait.max", .text(.duration), "How long a change waits for further ones, at most.", like: "30s"),
    Setting("templates.permissions", .text(.permissions), "The mode of the rendered files, in octal."),
  ]

  private static let sidecar: [Setting] = [
    Setting(
      "sidecars", .choice(Sidecars.allCases.map(\.rawValue)),
      "How the agent runs beside the application: as a container, as an init container that stays (native), or so "
        + "where the pod ends (auto)."),
    Setting(
      "startupSeconds", .integer(1...86_400),
      "How long a native sidecar may take until the secrets are there, before it is started again."),
    Setting("babysitter.intervalSeconds", .integer(1...86_400), "How often the babysitter of a job looks at its pod."),
    Setting(
      "babysitter.resources.requests.cpu", .text(.optionalQuantity), "The CPU the babysitter asks for.", like: "10m"),
    Setting("babysitter.resources.requests.memory", .text(.optionalQuantity), "The memory it asks for."),
    Setting("babysitter.resources.limits.cpu", .text(.optionalQuantity), "The CPU it may take.", like: "50m"),
    Setting("babysitter.resources.limits.memory", .text(.optionalQuantity), "The memory it may take."),
    Setting(
      "environmentHelper.image", .text(.anything),
      "The image of the static environment helper, for applications without a shell; empty takes a shell script.",
      like: "registry.example.com/vaultinjector-env:1.0"),
    Setting(
      "environmentHelper.resources.requests.cpu", .text(.optionalQuantity),
      "The CPU the environment helper's init container asks for.", like: "10m"),
    Setting("environmentHelper.resources.requests.memory", .text(.optionalQuantity), "The memory it asks for."),
    Setting("environmentHelper.resources.limits.cpu", .text(.optionalQuantity), "The CPU it may take.", like: "50m"),
    Setting("environmentHelper.resources.limits.memory", .text(.optionalQuantity), "The memory it may take."),
  ]

  private static let pod: [Setting] = [
    Setting(
      "entrypoints", .entrypoints,
      "What the images of containers without a command start, as CONTAINER=JSON or OBJECT/CONTAINER=JSON, for secrets "
        + "in the environment."),
    Setting(
      "imageConfigs", .imageConfigs,
      "Where it is told what images start: folders in the OCI layout, and files that hold an image's configuration; seen "
        + "from the folder of the configuration file."),
    Setting(
      "security.runAsUser", .optionalInteger(1...2_147_483_647),
      "The user the injected containers run as; off leaves it to the cluster, as OpenShift wants it."),
    Setting(
      "security.runAsGroup", .optionalInteger(0...2_147_483_647),
      "The group the injected containers run as; off leaves it to the cluster.", like: "10001"),
    Setting(
      "volumes.secretsSize", .text(.quantity), "The size of the volume in memory that the secrets are written to."),
    Setting(
      "volumes.agentSize", .text(.quantity),
      "The size of the volume in memory for the agent's own configuration and token."),
  ]
}
