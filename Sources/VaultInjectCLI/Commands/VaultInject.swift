internal import Output
internal import ArgumentParser

/// The whole command line.
struct VaultInject: ExplainedCommand {
  /// Names, help and subcommands.
  static let configuration = CommandConfiguration(
    commandName: ProgramName.current,
    abstract: "Adds Vault Agent containers to annotated Kubernetes manifests, and changes nothing else.",
    discussion: """
      Does to annotated pods what the Vault injector's admission webhook would do, in the manifests themselves: \
      comments, quoting and key order stay. No cluster and no network are needed.
      """,
    version: Version.text,
    subcommands: [
      InjectCommand.self, UninjectCommand.self, AnnotateCommand.self, ConvertCommand.self, ApplyCommand.self,
      DiffCommand.self, VerifyCommand.self, LintCommand.self, ExplainCommand.self, PolicyCommand.self,
      PreflightCommand.self, GuardCommand.self, MigrateCommand.self, AdmissionPolicyCommand.self, ConfigCommand.self,
      PostRenderCommand.self, ArgoCDGenerateCommand.self, VersionCommand.self, CompletionCommand.self,
      OptionsCommand.self, CompleteCommand.self,
    ],
    defaultSubcommand: InjectCommand.self)

  static var examples: String {
    """
    # Print a manifest with the Vault Agent in it
    kubectl vault-inject -f deployment.yaml

    # Inject all manifests of a folder and apply them
    kubectl vault-inject -R -f k8s | kubectl apply -f -

    # Rewrite files in place; in CI, only check them
    kubectl vault-inject -i k8s/*.yaml
    kubectl vault-inject --check -R k8s
    """
  }
}

extension VaultInject {
  /// The words that are commands where they stand first.
  static var commandNames: [String] {
    ["help"] + configuration.subcommands.compactMap { $0.configuration.commandName }
  }
}
