package import Injection
package import ManifestText
package import Workloads

/// Everything the configuration decides about a run.
package struct LoadedConfiguration: Sendable {
  /// The settings in force, with where each comes from.
  package let configuration: Configuration
  /// What decides about injections beside the settings.
  package let options: DialectOptions
  /// The name of the one dialect to speak; nil for every dialect.
  package let dialect: String?
  /// The folder or file of the webhook's own configuration; nil where the containers are the built-in ones.
  package let webhookConfiguration: String?
  /// Which findings refuse an object, and which are ignored.
  package let policy: FindingPolicy
  /// The configuration files in force, in the order they were read.
  package let files: [String]
  /// The findings, all of them warnings.
  package let findings: [FileDiagnostic]

  /// True for what the webhook would do and nothing else.
  package var isExact: Bool { options.isExact }

  /// The dialects to speak, with their settings.
  package var dialects: [any Dialect] {
    Dialects.all.filter { dialect == nil || $0.name == dialect }.map { $0.init(configuration, options) }
  }

  /// One dialect with its settings, whether or not it is to be spoken.
  func dialect<Wanted: ConfigurableDialect>(_ type: Wanted.Type) -> Wanted { Wanted(configuration, options) }

  /// An injector with this configuration; objects that name no namespace are taken to be in this one.
  func injector(namespace: String?, selection: Selection) -> Injector {
    Injector(
      dialects: dialects, kinds: kinds, namespace: namespace, selection: selection, policy: policy)
  }

  /// What finds the faults an injector would with this configuration.
  func linter(namespace: String?, selection: Selection) -> Linter {
    Linter(injector(namespace: namespace, selection: selection))
  }

  /// What explains what such an injector does.
  func explainer(namespace: String?, selection: Selection) -> Explainer {
    Explainer(
      dialects: explainableDialects, kinds: kinds, namespace: namespace, selection: selection, policy: policy)
  }

  /// What reads what the agents of such an injector ask of Vault.
  package func accessReader(namespace: String?, selection: Selection) -> AccessReader {
    AccessReader(
      dialects: explainableDialects, kinds: kinds, namespace: namespace, selection: selection, policy: policy)
  }

  private var explainableDialects: [any ExplainableDialect] {
    Dialects.all.filter { dialect == nil || $0.name == dialect }.map { $0.init(configuration, options) }
  }

  /// The kinds that make pods.
  package var kinds: WorkloadKinds {
    WorkloadKinds(adding: configuration.podPaths.map(\.workloadKind))
  }

  /// An uninjector with this configuration.
  func uninjector(selection: Selection) -> Uninjector {
    Uninjector(dialects: dialects, kinds: kinds, selection: selection)
  }
}
