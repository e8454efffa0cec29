internal import ArgumentParser
internal import Injection
internal import Workloads

/// Injects manifests and prints them: the main job.
struct InjectCommand: TransformCommand {
  static let configuration = CommandConfiguration(
    commandName: "inject",
    // Where this is all that is parsed for, as `Invocation` does first, a command above it keeps the parser from looking
    // for --generate-completion-script before anything else, which takes as long as the parsing does.
    _superCommandName: ProgramName.current,
    abstract: "Inject annotated manifests (the default).")

  static var examples: String {
    """
    # Print a manifest with the Vault Agent in it
    kubectl vault-inject -f deployment.yaml

    # Rewrite all manifests of a folder in place
    kubectl vault-inject -i -R k8s

    # In CI: fail where a manifest would change
    kubectl vault-inject --check -R k8s
    """
  }

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Selection") var selection: SelectionOptions
  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions
  @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  @Flag(name: .customLong("require-injection"), help: "Fail where nothing is injected, nor was before.")
  var requiresInjection = false

  func transform(_ loaded: LoadedConfiguration, _ selection: Selection) -> any DocumentTransform {
    loaded.injector(namespace: input.namespace, selection: selection)
  }
}
