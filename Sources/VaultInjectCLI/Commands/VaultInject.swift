internal import Output
internal import ArgumentParser

/// The whole command line.
struct VaultInject: ParsableCommand {
  /// Names, help and subcommands.
  static let configuration = CommandConfiguration(
    commandName: ProgramName.current,
    abstract: "Adds Vault Agent containers to annotated Kubernetes manifests, and changes nothing else.",
    discussion: """
      Reads manifests, does to annotated pods what the Vault injector's admission webhook would do, and prints \
      the same manifests with the containers, volumes and mounts in them. Comments, quoting, key order and every \
      untouched document stay byte for byte. No cluster and no network are needed.
      """,
    version: Version.text,
    subcommands: [
      InjectCommand.self, UninjectCommand.self, ConvertCommand.self, ApplyCommand.self, DiffCommand.self,
      VerifyCommand.self, ExplainCommand.self, ConfigCommand.self, PostRenderCommand.self, ArgoCDGenerateCommand.self,
      VersionCommand.self,
      CompletionCommand.self,
      CompleteCommand.self,
    ],
    defaultSubcommand: InjectCommand.self)
}

extension VaultInject {
  /// The words that are commands where they stand first.
  static var commandNames: [String] {
    ["help"] + configuration.subcommands.compactMap { $0.configuration.commandName }
  }
}
