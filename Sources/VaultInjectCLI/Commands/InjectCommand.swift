internal import ArgumentParser
internal import Injection
internal import Workloads

/// Injects manifests and prints them: the main job.
struct InjectCommand: TransformCommand {
  static let configuration = CommandConfiguration(
    commandName: "inject", abstract: "Inject annotated manifests (the default).")

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Selection") var selection: SelectionOptions
  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  @Flag(name: .customLong("require-injection"), help: "Fail where nothing is injected, nor was before.")
  var requiresInjection = false

  func transform(_ loaded: LoadedConfiguration, _ selection: Selection) -> any DocumentTransform {
    loaded.injector(namespace: input.namespace, selection: selection)
  }
}
