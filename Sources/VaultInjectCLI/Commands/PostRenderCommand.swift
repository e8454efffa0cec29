internal import Output
internal import ArgumentParser
internal import Injection
internal import Platform

/// Injects what Helm rendered, as Helm's post-renderers are called: from standard input to standard output.
struct PostRenderCommand: PlannedCommand {
  static let configuration = CommandConfiguration(
    commandName: HelmPlugin.command, abstract: "Inject what Helm has rendered, as its post-renderer.",
    discussion: """
      Reads standard input and prints it, injected; where there is nothing to print, a comment, because Helm takes \
      no output for a failure. Helm 4 shows nothing of a post-renderer's standard error: what it shows of a refusal is \
      a document that says why and is not an object; for the whole report, name a file in VAULT_INJECT_REPORT.
      """)

  static var examples: String {
    """
    # With Helm 3
    helm install web ./chart --post-renderer plugin/helm/vault-inject-post-renderer

    # What Helm would send
    helm template web ./chart | kubectl vault-inject post-render
    """
  }

  @Option(
    name: [.short, .long],
    help: "The namespace of objects that name none; otherwise that of HELM_NAMESPACE.")
  var namespace: String?

  @OptionGroup(title: "Selection") var selection: SelectionOptions
  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions
  @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  func validate() throws {
    if let namespace { try NamespaceName.check(namespace, of: "-n") }
  }

  func newReport() -> Report { Report(report.settings, showsUnchanged: false) }

  func plan(_ report: inout Report) throws(Reported) -> RunPlan {
    let namespace = namespace ?? Environment.nonEmpty("HELM_NAMESPACE")
    let configurations = try report.load(configuration, cluster.access(), at: .workingFolder)
    let selection = try report.load(selection, defaultNamespace: namespace)
    report.account(for: self.selection.words, selection, configurations.base.kinds, isRequired: false)
    return .inputs(
      TransformPlan(
        transforms: InputTransforms(configurations) { $0.injector(namespace: namespace, selection: selection) },
        inputs: .manifests(InputResolver(files: ["-"])),
        destination: Printing(format: nil, insteadOfNothing: "# This release has no manifests.\n")))
  }
}
