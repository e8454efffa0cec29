internal import ArgumentParser
internal import Injection
internal import Workloads

/// Injects manifests and prints them: the main job.
struct InjectCommand: InjectingCommand {
  static let configuration = CommandConfiguration(
    commandName: "inject", abstract: "Inject annotated manifests (the default).")

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Selection") var selection: SelectionOptions
  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions
  @OptionGroup(title: "Cluster (only where one is asked)") var cluster: ClusterOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  @Flag(name: .customLong("require-injection"), help: "Fail where nothing is injected, nor was before.")
  var requiresInjection = false

  func transform(_ loaded: LoadedConfiguration, _ selection: Selection) -> any DocumentTransform {
    loaded.injector(namespace: input.namespace, selection: selection)
  }
}

/// The main job again, for command lines that say nothing of a cluster.
///
/// What the parser takes grows with the number of options there are, and is most of what a small run takes; this one
/// has a third fewer. It is tried first, and whatever it does not understand is read as `InjectCommand`, which is also
/// the one that help, completion and errors know of.
struct OfflineInjectCommand: InjectingCommand {
  // Having a command above it keeps the parser from looking for --generate-completion-script first.
  static let configuration = CommandConfiguration(commandName: "inject", _superCommandName: ProgramName.current)

  @OptionGroup var input: InputOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var configuration: ConfigurationOptions
  @OptionGroup var report: ReportOptions
  @Flag(name: .customLong("require-injection")) var requiresInjection = false

  var cluster: ClusterOptions { .unset }

  func transform(_ loaded: LoadedConfiguration, _ selection: Selection) -> any DocumentTransform {
    loaded.injector(namespace: input.namespace, selection: selection)
  }
}
