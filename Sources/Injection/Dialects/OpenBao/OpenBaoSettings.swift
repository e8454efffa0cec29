internal import ManifestText

/// Everything an operator of OpenBao's injector sets: what HashiCorp's has, and what becomes of its annotations.
package struct OpenBaoSettings: DialectSettings {
  /// Whose annotations those with HashiCorp's prefix are.
  package enum VaultAnnotations: String, SettingContent, CaseIterable {
    /// OpenBao's where no other dialect is spoken.
    case auto
    /// OpenBao's, and they get its prefix where the webhook would give it to them.
    case rewrite
    /// OpenBao's, and they stay as they are written.
    case keep
    /// HashiCorp's.
    case ignore
  }

  package static let dialect = "openbao"

  /// Of the agents, everything that HashiCorp's injector has, under this dialect's name.
  package static let uses: [SettingUse<OpenBaoSettings>] =
    HashiCorpSettings.uses.map { $0.within(\.agents, named: AgentBrand.openBao.setting) } + [
      .own(
        "openbao.vaultAnnotations", .choice(VaultAnnotations.allCases.map(\.rawValue)), \.vaultAnnotations,
        "Whose annotations those under vault.hashicorp.com are: HashiCorp's with ignore, OpenBao's with keep or rewrite, "
          + "which with --exact gives them its prefix as the webhook would; auto is rewrite with --dialect openbao, else "
          + "ignore.",
        like: "keep")
    ]

  package var agents: HashiCorpSettings = {
    var agents = HashiCorpSettings()
    agents.image = AgentBrand.openBao.images.usual
    agents.program = "bao"
    // Where OpenBao's chart puts the server if its release and its namespace are called openbao.
    agents.vaultAddress = "http://openbao.openbao.svc:8200"
    return agents
  }()
  package var vaultAnnotations = VaultAnnotations.auto

  package init() {}

  /// What becomes of HashiCorp's annotations; nil where they are left to its own dialect.
  ///
  /// The dialect is alone where the command line asks for it and no other.
  func former(isAlone: Bool) -> AgentBrand.Former? {
    switch vaultAnnotations {
    case .auto where !isAlone, .ignore: nil
    case .auto, .rewrite: AgentBrand.Former(.hashiCorp, isRewritten: true)
    case .keep: AgentBrand.Former(.hashiCorp, isRewritten: false)
    }
  }
}
