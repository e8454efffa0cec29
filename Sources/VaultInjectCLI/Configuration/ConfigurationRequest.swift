/// What a command line says about the configuration: where it is read from, and what wins over what is read.
package struct ConfigurationRequest: Sendable {
  /// How the agent runs beside the application.
  package enum Sidecars: String, CaseIterable, Sendable { case auto, container, native }

  /// A configuration file, which wins over the one found from the working directory; nil where none is named.
  package var file: String?
  /// Settings as `path=value`, each winning over those before it.
  package var assignments: [String] = []
  /// Where Vault is, seen from the pods; nil where the settings decide.
  package var vaultAddress: String?
  /// Where the webhook's own configuration is; nil where the containers are the built-in ones.
  package var webhookConfiguration: String?
  /// True for what the webhook would do and nothing else.
  package var isExact = false
  /// True where every warning refuses its object.
  package var isStrict = false
  /// The rules whose findings are dropped, beside those the settings name.
  package var ignoredRules: [String] = []
  /// The name of the one dialect to speak; nil for every dialect.
  package var dialect: String?
  /// How the agent runs; nil where the settings decide.
  package var sidecars: Sidecars?
  /// What images of containers without a command start, as `CONTAINER=JSON`.
  package var entrypoints: [String] = []
  /// Where it is told what images start, as `[IMAGE=]PATH`.
  package var imageConfigs: [String] = []
  /// Where other kinds keep their pod templates, as `group/kind=path`.
  package var podPaths: [String] = []

  /// Asks for what the working directory has, and nothing else.
  package init() {}

  /// What becomes a part of manifests, by option.
  var texts: [(option: String, texts: [String])] {
    [
      ("--set", assignments), ("--vault-addr", vaultAddress.map { [$0] } ?? []), ("--pod-path", podPaths),
      ("--entrypoint", entrypoints), ("--image-config", imageConfigs),
    ]
  }
}
