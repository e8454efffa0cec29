internal import Output
internal import ArgumentParser
internal import Injection
internal import Platform

/// Prints an application's manifests, injected, as Argo CD's config-management plugins are called.
struct ArgoCDGenerateCommand: PlannedCommand {
  static let configuration = CommandConfiguration(
    commandName: "argocd-generate", abstract: "Print an application's manifests, injected, for Argo CD.",
    discussion: """
      The generate command of the plugin in plugin/argocd. Reads the working folder: with `kubectl kustomize` where it \
      has a kustomization, with `helm template` where it has a Chart.yaml, else its manifests; YAML that is not a \
      manifest is left out. What Argo CD says in the environment counts: ARGOCD_APP_NAME, ARGOCD_APP_NAMESPACE, \
      KUBE_VERSION and KUBE_API_VERSIONS; the parameters `settings`, a map from a setting's path to its value, and \
      `recurse`; for charts `values-files`, `values`, `helm-parameters` and `release-name`; and \
      ARGOCD_ENV_VAULT_INJECT_SETTINGS, with a PATH=VALUE on each line.
      """)

  static var examples: String {
    """
    # As the generate command of a plugin of Argo CD's, in the folder of an application
    kubectl vault-inject argocd-generate

    # The same by hand, with the namespace that Argo CD would give
    ARGOCD_APP_NAMESPACE=shop kubectl vault-inject argocd-generate
    """
  }

  @OptionGroup(title: "Selection") var selection: SelectionOptions
  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions
  @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  func newReport() -> Report { Report(report.settings, showsUnchanged: false) }

  func plan(_ report: inout Report) throws(Reported) -> RunPlan {
    let application = try report.catching { () throws(Fault) in try ArgoCDApplication(Environment.nonEmpty) }
    var options = configuration
    options.set = application.settings + options.set
    let configurations = try report.load(options, cluster.access(), at: .workingFolder)
    let selection = try report.load(selection, defaultNamespace: application.namespace)
    report.account(for: self.selection.words, selection, configurations.base.kinds, isRequired: false)
    return .inputs(
      TransformPlan(
        transforms: InputTransforms(configurations) {
          $0.injector(namespace: application.namespace, selection: selection)
        },
        inputs: .manifests(application.inputs), filter: ManifestFilter(), destination: Printing(format: nil)))
  }
}
