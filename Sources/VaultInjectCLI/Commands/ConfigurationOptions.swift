internal import ArgumentParser
internal import Injection

/// What the configuration is taken from, and the settings of the command line.
package struct ConfigurationOptions: ParsableArguments {
  /// The injector whose annotations are read.
  struct DialectName: ExpressibleByArgument, Sendable {
    let text: String

    init?(argument: String) {
      guard Dialects.names.contains(argument) else { return nil }
      text = argument
    }

    static var allValueStrings: [String] { Dialects.names }
    /// All of them, for the help; joined(separator:) would look its generic types up at each start.
    fileprivate static var choice: String { Dialects.names.reduce("") { $0.isEmpty ? $1 : "\($0)|\($1)" } }
    static var defaultCompletionKind: CompletionKind { .list(Dialects.names) }
  }

  @Option(
    help: ArgumentHelp(
      "A configuration file; what it sets wins over the .vault-inject.yaml of this folder or one above it.",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var config: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "One setting, such as image=… or agent.logLevel=debug; repeatable.", valueName: "path=value"))
  var set: [String] = []

  @Option(help: ArgumentHelp("Where Vault is, seen from the pods.", valueName: "url"))
  var vaultAddr: String?

  @Option(
    help: ArgumentHelp(
      "The configuration of Talend's webhook: a folder with its five files, or its ConfigMap: a manifest, or a cluster's.",
      valueName: "FOLDER|FILE|configmap/NAMESPACE/NAME"),
    completion: .file())
  var webhookConfig: String?

  @Flag(help: "Only what the webhook would do, none of the improvements.")
  var exact = false

  @Flag(help: "Refuse what only gets a warning otherwise.")
  var strict = false

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Drop the findings of a rule; repeatable, and several between commas. explain rule lists them.",
      valueName: "rule"))
  var ignore: [String] = []

  @Option(
    help: ArgumentHelp(
      "Read the annotations of one injector only, and leave pods of the others as they are.",
      valueName: DialectName.choice))
  var dialect: DialectName?

  @Option(
    help: ArgumentHelp(
      "Run the agent as a container or as a native sidecar; auto is native where the pod ends.",
      valueName: "auto|container|native"))
  var sidecars: ConfigurationRequest.Sidecars?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "What the image of a container without a command starts, for secrets in its environment, such as "
        + #"checkout=["/app"]; repeatable."#,
      valueName: "container=json"))
  var entrypoint: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Where it is told what images start, for containers without a command: a folder in the OCI layout, or a file with "
        + "an image's configuration, as crane config prints it; repeatable.",
      valueName: "[image=]path"),
    completion: .file())
  var imageConfig: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Where another kind keeps its pod template, such as example.com/Widget=spec.template; * is every element.",
      valueName: "group/kind=path"))
  var podPath: [String] = []

  /// Made by the parser.
  package init() {}

  /// The same without a parser, for those who load the configuration.
  package var request: ConfigurationRequest {
    var request = ConfigurationRequest()
    request.file = config
    request.assignments = set
    request.vaultAddress = vaultAddr
    request.webhookConfiguration = webhookConfig
    request.isExact = exact
    request.isStrict = strict
    request.ignoredRules = ignore.flatMap { $0.split(separator: ",").map(String.init) }
    request.dialect = dialect?.text
    request.sidecars = sidecars
    request.entrypoints = entrypoint
    request.imageConfigs = imageConfig
    request.podPaths = podPath
    return request
  }
}

extension ConfigurationRequest.Sidecars: ExpressibleByArgument {}
