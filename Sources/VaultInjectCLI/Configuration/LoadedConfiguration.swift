package import Injection
package import ManifestText
package import Workloads

/// Everything the configuration decides about a run.
package struct LoadedConfiguration: Sendable {
  /// The settings in force, with where each comes from.
  package let configuration: Configuration
  /// What the Talend dialect injects with.
  package let talend: TalendDialect.Settings
  /// What the HashiCorp dialect injects with.
  package let hashicorp: HashiCorpDialect.Settings
  /// The one dialect to speak; nil for every dialect.
  package let dialect: ConfigurationOptions.DialectName?
  /// The folder or file of the webhook's own configuration; nil where the containers are the built-in ones.
  package let webhookConfiguration: String?
  /// True for what the webhook would do and nothing else.
  package let isExact: Bool
  /// True where annotations that no injector reads are refused.
  package let isStrict: Bool
  /// The configuration files in force, in the order they were read.
  package let files: [String]
  /// What there is to say, all of it warnings.
  package let findings: [FileDiagnostic]

  /// The settings of the Talend dialect.
  package var settings: TalendSettings { configuration.values.talend }

  /// The dialects to speak, with their settings.
  package var dialects: [any Dialect] {
    let all: [any Dialect] = [TalendDialect(talend), HashiCorpDialect(hashicorp)]
    return all.filter { dialect == nil || $0.name == dialect?.rawValue }
  }

  /// What injects with this configuration; objects that name no namespace are taken to be in this one.
  func injector(namespace: String?, selection: Selection) -> Injector {
    Injector(
      dialects: dialects, kinds: kinds, namespace: namespace, selection: selection, isStrict: isStrict)
  }

  /// The kinds that make pods.
  package var kinds: WorkloadKinds {
    WorkloadKinds(adding: configuration.values.podPaths.map(\.workloadKind))
  }

  /// What takes out again what was injected.
  func uninjector(selection: Selection) -> Uninjector {
    Uninjector(dialects: dialects, kinds: kinds, selection: selection)
  }
}
