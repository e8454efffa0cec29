internal import ArgumentParser
internal import Injection
internal import Workloads

/// Takes what was injected out of manifests again.
struct UninjectCommand: TransformCommand {
  static let configuration = CommandConfiguration(
    commandName: "uninject", abstract: "Take out what was injected: the manifests are what they were before.")

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Selection") var selection: SelectionOptions
  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions
  @OptionGroup(title: "Cluster (only where one is asked)") var cluster: ClusterOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  func transform(_ loaded: LoadedConfiguration, _ selection: Selection) -> any DocumentTransform {
    loaded.uninjector(selection: selection)
  }
}
