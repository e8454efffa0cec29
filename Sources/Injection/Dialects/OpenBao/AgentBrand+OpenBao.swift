internal import ManifestText

extension AgentBrand {
  /// OpenBao's fork of HashiCorp's injector, openbao-k8s: everything in which it differs.
  static let openBao: AgentBrand = AgentBrand(
    Words(dialect: OpenBaoSettings.dialect, injector: "OpenBao's injector", server: "Openbao"),
    name: "openbao", prefix: "openbao.org", variables: "BAO_",
    // The webhook's own path has the word twice.
    tokenDomain: "openbao.openbao.org",
    // The number of HashiCorp's image, of which OpenBao has none; releases begin with 2.
    images: Images(usual: "openbao/openbao:2.7.2", webhooks: "openbao/openbao:1.16.1"),
    hasProgramInBin: false, tokenVariable: "BAO_TOKEN", vocabulary: { openBaoVocabulary })

  private static let openBaoVocabulary: Vocabulary = Vocabulary(
    of: .openBao, without: [HashiCorpTable.leaseRenewalThreshold.row])
}
