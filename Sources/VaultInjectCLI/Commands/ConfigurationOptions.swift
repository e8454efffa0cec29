package import ArgumentParser
internal import Injection

/// What the configuration is taken from, and the settings of the command line.
package struct ConfigurationOptions: ParsableArguments {
  /// How the agent runs beside the application.
  package enum Sidecars: String, ExpressibleByArgument, CaseIterable { case container, native }

  /// The injector whose annotations are read.
  package struct DialectName: ExpressibleByArgument, Sendable {
    package let text: String

    package init?(argument: String) {
      guard Dialects.names.contains(argument) else { return nil }
      text = argument
    }

    package static var allValueStrings: [String] { Dialects.names }
    package static var defaultCompletionKind: CompletionKind { .list(Dialects.names) }
  }

  @Option(
    help: ArgumentHelp(
      "A configuration file; what it sets wins over the .vault-inject.yaml of this folder or one above it.",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  package var config: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "One setting, such as image=… or agent.logLevel=debug; repeatable.", valueName: "path=value"))
  package var set: [String] = []

  @Option(help: ArgumentHelp("Where Vault is, seen from the pods.", valueName: "url"))
  package var vaultAddr: String?

  @Option(
    help: ArgumentHelp(
      "The configuration of Talend's webhook: a folder with its five files, or its ConfigMap: a manifest, or a cluster's.",
      valueName: "folder|file|configmap/NAMESPACE/NAME"),
    completion: .file())
  package var webhookConfig: String?

  @Flag(help: "Only what the webhook would do, none of the improvements.")
  package var exact = false

  @Flag(help: "Refuse misspelt and misplaced annotations, which only get a warning otherwise.")
  package var strict = false

  @Option(
    help: ArgumentHelp(
      "Read the annotations of one injector only, and leave pods of the other as they are.",
      valueName: Dialects.names.joined(separator: "|")))
  package var dialect: DialectName?

  @Option(
    help: ArgumentHelp("Run the agent as a container or as a native sidecar.", valueName: "container|native"))
  package var sidecars: Sidecars?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Where another kind keeps its pod template, such as example.com/Widget=spec.template; * is every element.",
      valueName: "group/kind=path"))
  package var podPath: [String] = []

  /// Made by the parser.
  package init() {}

  /// What becomes a part of manifests, by option.
  var texts: [(option: String, texts: [String])] {
    [("--set", set), ("--vault-addr", vaultAddr.map { [$0] } ?? []), ("--pod-path", podPath)]
  }
}
