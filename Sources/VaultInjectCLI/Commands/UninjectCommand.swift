internal import ArgumentParser
internal import Injection
internal import Output
internal import Workloads

/// Takes what was injected out of manifests again.
struct UninjectCommand: TransformCommand {
  static let configuration = CommandConfiguration(
    commandName: "uninject", abstract: "Take out what was injected: the manifests are what they were before.")

  static var examples: String {
    """
    # Print a manifest as it was before it was injected
    kubectl vault-inject uninject -f injected.yaml

    # Take out what was injected from all manifests of a folder
    kubectl vault-inject uninject -i -R k8s
    """
  }

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Selection") var selection: SelectionOptions
  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions
  @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  @Flag(help: "Take it out also where somebody has changed it, and say what is thrown away by that.")
  var force = false

  func reasonForNothing(_ loaded: LoadedConfiguration) -> ReasonForNothing? { ReasonForNothing("no pod is injected") }

  func transform(_ loaded: LoadedConfiguration, _ selection: Selection) -> any DocumentTransform {
    loaded.uninjector(namespace: input.namespace, selection: selection, handChanges: force ? .discarded : .kept)
  }
}
