internal import ManifestText
internal import Workloads

extension AnnotationSchema {
  /// The annotations of Talend's injector.
  static func talend(prefix: String, applicationLabel: String, serviceLabel: String) -> AnnotationSchema {
    AnnotationSchema(
      prefix: prefix,
      rows: [
        Row("inject", default: "off", accepts: "`y`, `yes`, `true`, `on`", "Asks for injection."),
        Row("status", default: "none", accepts: "set by the injector", "`injected` once it is done."),
        Row(
          "mode", default: "`secrets`", accepts: "`secrets`, `proxy`, `job`, comma-separated, no spaces",
          "What the agent does."),
        Row("workload", default: "none", accepts: "`job`", "Deprecated: adds the mode `job`."),
        Row("auth", default: "`kubernetes`", accepts: "`kubernetes`, `approle`", "How the agent logs in."),
        Row("role", default: "label `\(applicationLabel)`", accepts: "any text", "The Vault role to log in with."),
        Row(
          "sa-token", default: "the pod's own token", accepts: "the full path of a mounted token",
          "The service-account token to log in with."),
        Row("vault-image", default: "the configuration's", accepts: "any image", "The agent's image."),
        Row(
          "secrets-type", default: "`dynamic`", accepts: "`dynamic`, `static`",
          "Whether secrets are kept up to date or fetched once, before the application starts."),
        Row(
          "secrets-injection-method", default: "`file`", accepts: "`file`, `env`",
          "Whether the application finds its secrets in files or in its environment (static secrets only)."),
        Row(
          "secrets-path", default: "`secret/<\(applicationLabel)>/<\(serviceLabel)>`",
          accepts: "Vault paths, comma-separated", "Where the secrets are in Vault."),
        Row(
          "secrets-destination", default: "`secrets.properties`", accepts: "file names, comma-separated",
          "The files the secrets are written to."),
        Row(
          "secrets-template", default: "`key=value` lines", accepts: "templates, separated by `---`",
          "What the files hold."),
        Row(
          "notify", default: "none", accepts: "commands, comma-separated",
          "What runs after each change, one command a file."),
        Row(
          "secrets-hook", default: "off", accepts: "`y`, `yes`, `true`, `on`",
          "Holds the application back until its secrets are there (dynamic secrets only)."),
        Row(
          "sidecars", default: "the configuration's", accepts: "`container`, `native`",
          "Whether the agent runs as a container or as a native sidecar; no webhook reads it."),
        Row("proxy-port", default: "`8200`", accepts: "a port", "Where the proxy listens on 127.0.0.1."),
      ],
      misnomers: [
        "agent-inject-secret-NAME": "secrets-path", "agent-inject-file-NAME": "secrets-destination",
        "agent-inject-template-NAME": "secrets-template", "agent-inject-command-NAME": "notify",
        "agent-pre-populate-only": "secrets-type", "agent-native-sidecar": "sidecars", "auth-type": "auth",
        "agent-service-account-token-volume-name": "sa-token", "agent-cache-listener-port": "proxy-port",
      ])
  }
}

/// A pod's annotations, decoded: what it asks of the injector.
struct TalendRequest {
  /// The authentication methods the injector knows.
  enum AuthMethod: String { case kubernetes, approle }

  /// How the secrets come.
  struct Secrets {
    let type: Annotations.Located?
    let method: Annotations.Located?
    let path: Annotations.Located?
    let destination: Annotations.Located?
    let template: Annotations.Located?
    let notify: Annotations.Located?
    let hook: Annotations.Located?

    /// The types the injector knows.
    enum Kind: String { case dynamic, static_ = "static" }

    /// The ways secrets reach the application.
    enum Method: String { case file, env }

    var lowercasedType: String { type.map { GoText.lowercased($0.text) } ?? Kind.dynamic.rawValue }
    var lowercasedMethod: String { method.map { GoText.lowercased($0.text) } ?? Method.file.rawValue }
    var isDynamic: Bool { lowercasedType == Kind.dynamic.rawValue }
    var isEnvironment: Bool { lowercasedMethod == Method.env.rawValue }
    var asksForHook: Bool { TalendRequest.isTruthy(hook) && isDynamic }
  }

  let modes: TalendModes
  let auth: Annotations.Located?
  let role: Annotations.Located?
  let serviceAccountToken: Annotations.Located?
  let image: Annotations.Located?
  let secrets: Secrets
  let proxyPort: Annotations.Located?

  /// The method as the injector reads it, known or not.
  var lowercasedAuth: String { auth.map { GoText.lowercased($0.text) } ?? AuthMethod.kubernetes.rawValue }

  /// - Throws: A `Diagnostic` where an annotation is no string.
  init(_ annotations: Annotations, schema: AnnotationSchema, modes: TalendModes) throws(Diagnostic) {
    func nonEmpty(_ key: String) throws(Diagnostic) -> Annotations.Located? {
      guard let value = try annotations.value(schema.fullKey(key)), !value.text.isEmpty else { return nil }
      return value
    }
    self.modes = modes
    auth = try nonEmpty("auth")
    role = try nonEmpty("role")
    serviceAccountToken = try nonEmpty("sa-token")
    image = try nonEmpty("vault-image")
    proxyPort = try nonEmpty("proxy-port")
    secrets = Secrets(
      type: try nonEmpty("secrets-type"), method: try nonEmpty("secrets-injection-method"),
      path: try nonEmpty("secrets-path"), destination: try nonEmpty("secrets-destination"),
      template: try nonEmpty("secrets-template"), notify: try nonEmpty("notify"),
      hook: try nonEmpty("secrets-hook"))
  }

  /// The words the injector takes for yes.
  static func isTruthy(_ value: Annotations.Located?) -> Bool {
    guard let value else { return false }
    return ["y", "yes", "true", "on"].contains(GoText.lowercased(value.text))
  }
}

/// What a pod asks the agent to do.
struct TalendModes: Equatable {
  var secrets = false
  var proxy = false
  var job = false
  /// Parts of the annotation the injector ignores.
  var unknown: [String] = []

  /// Reads the annotations `mode` and `workload` as the injector does: no trimming, case counts.
  init(mode: String?, workload: String?) {
    let parts = GoText.split(mode ?? "", at: ",")
    if parts == [""] {
      secrets = true
    } else {
      for part in parts { enable(part) }
      if parts == ["job"] { secrets = true }
    }
    if workload == "job" { job = true }
  }

  private mutating func enable(_ part: String) {
    switch part {
    case "secrets": secrets = true
    case "proxy": proxy = true
    case "job": job = true
    default: unknown.append(part)
    }
  }
}
