internal import ArgumentParser
internal import Injection
internal import KubernetesAPI

/// Injects manifests and applies them to a cluster, on the server's side.
struct ApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Inject manifests and apply them to a cluster (server-side apply).",
    discussion: """
      Everything the input holds is applied, injected where it asks for it: namespaces first, then definitions, \
      service accounts, permissions, configuration, services, workloads, and the rest. Nothing is sent while any \
      input is broken or refused.
      """)

  @OptionGroup(title: "Input") var input: InputOptions

  @OptionGroup(title: "Selection") var selection: SelectionOptions

  @Option(
    name: [.short, .long], help: "Print the objects as the cluster has them: yaml or json; or their names: name.")
  var output: OutputFormat?

  @OptionGroup(title: "Applying") var options: ApplyOptions

  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

  @OptionGroup(title: "Cluster (only where one is asked)") var cluster: ClusterOptions

  @OptionGroup(title: "Report") var report: ReportOptions

  func validate() throws {
    if output == .patch { throw ValidationError("-o patch is for printing what is injected; leave `apply` out") }
  }

  func run() throws {
    let session = ClusterSession(input, selection, configuration, cluster, report)
    throw session.apply(options.settings, output)
  }
}
