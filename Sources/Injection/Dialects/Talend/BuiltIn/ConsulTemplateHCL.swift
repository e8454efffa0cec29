internal import ManifestText

/// What Consul Template is told beside the templates.
///
/// The agent renews the token and revokes it; Consul Template only reads it, again whenever it changes. By itself it
/// does not end on the signal that Kubernetes sends, and logs warnings only.
enum ConsulTemplateHCL {
  /// Consul Template's own interval for secrets without a lease.
  private static let usualInterval = "5m"

  static func text(_ settings: TalendSettings) -> String {
    let interval =
      settings.renderInterval == usualInterval
      ? "" : "  default_lease_duration = \(HCLText.quoted(settings.renderInterval))\n"
    return """
      log_level = \(HCLText.quoted(settings.logLevel))
      kill_signal = "SIGTERM"
      vault {
        vault_agent_token_file = "\(BuiltInPaths.agentToken)"
      \(interval)}

      """
  }
}
