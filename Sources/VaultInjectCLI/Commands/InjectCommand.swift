internal import ArgumentParser
internal import Injection
internal import Output
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

  @Flag(
    help: """
      Inject again where somebody has changed what was injected, and say which change is thrown away by that.
      """)
  var force = false

  @Flag(
    help: """
      Where somebody has changed what was injected, write the settings that make it so into the configuration file; \
      together with -i.
      """)
  var adopt = false

  func validate() throws {
    if adopt, !output.inPlace {
      throw ValidationError(
        "--adopt writes into the configuration file and the manifests", hint: "add -i to rewrite them in place")
    }
  }

  func reasonForNothing(_ loaded: LoadedConfiguration) -> ReasonForNothing? { loaded.reasonForNothing }

  func transforms(
    _ configurations: Configurations, _ inputs: InputResolver, _ selection: Selection, _ report: inout Report
  ) throws(Reported) -> InputTransforms {
    guard adopt else { return InputTransforms(configurations) { transform($0, selection) } }
    let all = try report.catching { (report) throws(Fault) in try inputs.resolve(checking: &report) }
    var run = AdoptionRun(configurations, namespace: input.namespace, selection: selection)
    try run.all(all, &report)
    let adopted = run.adoptedInputs
    let configurations = try report.load(configuration, cluster.access(), at: inputs.place)
    return InputTransforms(configurations, apart: { adopted.contains($0.name) }) { loaded, isAdopted in
      isAdopted
        ? loaded.injector(namespace: input.namespace, selection: selection, handChanges: .adopted)
        : transform(loaded, selection)
    }
  }

  func transform(_ loaded: LoadedConfiguration, _ selection: Selection) -> any DocumentTransform {
    force
      ? loaded.injector(namespace: input.namespace, selection: selection, handChanges: .discarded)
      : loaded.hintingInjector(
        namespace: input.namespace, selection: selection, wantsAccount: report.wantsAccount)
  }
}
