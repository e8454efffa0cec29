internal import ManifestText

/// The configuration of one pod's agents, in HCL: only what differs from the agent's defaults.
///
/// It stands in manifests, so that no `$` in it may be taken for the start of a substitution (``HCLText``).
package struct AgentHCL: Sendable {
  private let settings: TalendSettings
  private let logging: String
  /// How to log in with the pod's service account, up to the role, and from behind it.
  private let beforeRole, afterRole: String
  /// How to log in with an AppRole.
  private let appRole: String
  private let readingAgain: String
  private let stanzaEnd: String

  package init(_ settings: TalendSettings) {
    self.settings = settings
    logging = AgentHCL.logging(settings)
    let kubernetesPath = AgentHCL.mountPath(settings.kubernetesAuthPath, usual: "kubernetes")
    beforeRole = "auto_auth {\n  method \"kubernetes\" {\n\(kubernetesPath)    config = {\n      role = "
    afterRole = """

            token_path = "\(BuiltInPaths.vaultServiceAccount)/\(BuiltInVolumes.loginToken)"
      \(AgentHCL.sink)
      """
    appRole = AgentHCL.appRole(settings)
    readingAgain = AgentHCL.readingAgain(settings)
    stanzaEnd = AgentHCL.stanzaEnd(settings)
  }

  /// The agent that stays beside the application.
  package func sidecar(_ needs: TalendNeeds) -> String {
    var text = logging
    text += autoAuth(needs.login)
    if needs.keepsFiles, settings.renderer == .agent {
      text += readingAgain
      text += templates(needs.files)
    }
    if let port = needs.proxyPort { text += proxy(port) }
    return text
  }

  /// The agent that renders the files once; where it cannot, it fails in the end, where a sidecar goes on trying.
  package func once(_ needs: TalendNeeds) -> String {
    """
    \(logging)\(autoAuth(needs.login))exit_after_auth = true
    template_config {
      exit_on_retry_failure = true
    }
    \(templates(needs.files))
    """
  }

  /// One stanza for each file, each with its line feed.
  package func templates(_ files: [TalendTemplate]) -> String {
    var text = ""
    for file in files {
      text += "template {\n  "
      text += AgentHCL.destinationMark
      text += HCLText.escaped(file.destination)
      text += "\"\n  contents = "
      text += HCLText.literal(lines: file.content ?? DefaultTemplate.text(of: file.path))
      if !file.command.isEmpty { text += "\n  command = \(HCLText.quoted(file.command))" }
      text += stanzaEnd
    }
    return text
  }

  /// What stands before the name of a file that is written.
  static let destinationMark = "destination = \"\(BuiltInPaths.secrets)/"

  private static func stanzaEnd(_ settings: TalendSettings) -> String {
    let permissions =
      settings.filePermissions == AgentDefaults.permissions
      ? "" : "\n  perms = \(HCLText.quoted(settings.filePermissions))"
    let (minimum, maximum) = (HCLText.quoted(settings.settleMinimum), HCLText.quoted(settings.settleMaximum))
    return "\(permissions)\n  wait {\n    min = \(minimum)\n    max = \(maximum)\n  }\n}\n"
  }

  // MARK: Parts

  private static func logging(_ settings: TalendSettings) -> String {
    var text = ""
    if settings.logLevel != AgentDefaults.logLevel { text += "log_level = \(HCLText.quoted(settings.logLevel))\n" }
    if settings.logFormat != AgentDefaults.logFormat { text += "log_format = \(HCLText.quoted(settings.logFormat))\n" }
    return text
  }

  private static func readingAgain(_ settings: TalendSettings) -> String {
    if settings.renderInterval == AgentDefaults.renderInterval { return "" }
    return """
      template_config {
        static_secret_render_interval = \(HCLText.quoted(settings.renderInterval))
      }

      """
  }

  private func autoAuth(_ login: TalendNeeds.Login) -> String {
    switch login {
    case .kubernetes(let role): beforeRole + HCLText.quoted(role) + afterRole
    case .appRole: appRole
    }
  }

  private static func appRole(_ settings: TalendSettings) -> String {
    func file(_ name: String) -> String { HCLText.quoted("\(BuiltInPaths.secrets)/\(name)") }
    return """
      auto_auth {
        method "approle" {
      \(mountPath(settings.approleAuthPath, usual: "approle"))    config = {
            role_id_file_path = \(file(settings.approleRoleIDFile))
            secret_id_file_path = \(file(settings.approleSecretIDFile))
            remove_secret_id_file_after_reading = false
      \(sink)
      """
  }

  /// Where the token goes, from behind the method's configuration.
  private static let sink = """
        }
      }
      sink "file" {
        config = { path = "\(BuiltInPaths.agentToken)" }
      }
    }

    """

  private static func mountPath(_ path: String, usual: String) -> String {
    path == usual ? "" : "    mount_path = \(HCLText.quoted("auth/" + path))\n"
  }

  /// The agent adds its token to requests that bring none.
  private func proxy(_ port: String) -> String {
    """
    api_proxy {
      use_auto_auth_token = true
    }
    cache {}
    listener "tcp" {
      address = "127.0.0.1:\(port)"
      tls_disable = true
    }

    """
  }
}

/// What holds in Vault's agent, and in OpenBao's, where its configuration does not say otherwise.
enum AgentDefaults {
  static let logLevel = "info"
  static let logFormat = "standard"
  static let permissions = "0644"
  static let renderInterval = "5m"
}
