/// What OpenBao's fork of HashiCorp's injector makes of pods that carry its annotations.
///
/// The behaviour is that of openbao-k8s, commit 833d341: HashiCorp's under other names. Annotations under HashiCorp's
/// prefix count as well where the settings say so.
package final class OpenBaoDialect: AgentDialect {
  package static let brand = AgentBrand.openBao
  package let settings: HashiCorpDialect.Settings

  /// A dialect that injects with these settings.
  package init(_ settings: HashiCorpDialect.Settings) { self.settings = settings }

  package convenience init(_ operatorSettings: OpenBaoSettings, _ options: DialectOptions) {
    self.init(
      HashiCorpDialect.Settings(
        operatorSettings.agents, .openBao, former: operatorSettings.former(isAlone: options.isAlone),
        isExact: options.isExact, choosesAddress: options.choosesAddress, images: options.images))
  }

  /// HashiCorp's dialect is not spoken where its annotations are OpenBao's.
  package static func replaces(_ other: any ConfigurableDialect.Type, with settings: OpenBaoSettings) -> Bool {
    other == HashiCorpDialect.self && settings.former(isAlone: false) != nil
  }
}
