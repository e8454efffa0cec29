internal import ArgumentParser
internal import Injection
internal import Platform

/// Prints an application's manifests, injected, as Argo CD's config-management plugins are called.
struct ArgoCDGenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "argocd-generate", abstract: "Print an application's manifests, injected, for Argo CD.",
    discussion: """
      The generate command of the plugin in plugin/argocd. Reads the working folder: with `kubectl kustomize` where it \
      has a kustomization, with `helm template` where it has a Chart.yaml, else its manifests; YAML that is no manifest \
      is left out. What Argo CD says in the environment counts: ARGOCD_APP_NAME, ARGOCD_APP_NAMESPACE, KUBE_VERSION and \
      KUBE_API_VERSIONS; the parameters `settings`, a map from a setting's path to its value, and `recurse`; for \
      charts `values-files`, `values`, `helm-parameters` and `release-name`; and ARGOCD_ENV_VAULT_INJECT_SETTINGS, \
      with a PATH=VALUE on each line.
      """)

  @OptionGroup(title: "Selection") var selection: SelectionOptions
  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions
  @OptionGroup(title: "Cluster (only where one is asked)") var cluster: ClusterOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  func run() throws {
    var report = Report(report.settings, showsUnchanged: false)
    guard let application = application(&report) else {
      report.finish()
      throw report.failure ?? .failure
    }
    var options = configuration
    options.set = application.settings + options.set
    guard let loaded = report.load(options, cluster),
      let selection = report.load(selection, defaultNamespace: application.namespace)
    else {
      report.finish()
      throw report.failure ?? .failure
    }
    report.account(for: self.selection.words, selection, loaded.kinds)
    var run = TransformRun(
      loaded.injector(namespace: application.namespace, selection: selection), filter: ManifestFilter(),
      to: Printing(format: nil), report: report)
    throw run.all(application.inputs)
  }

  private func application(_ report: inout Report) -> ArgoCDApplication? {
    do throws(InputError) {
      return try ArgoCDApplication(Environment.nonEmpty)
    } catch {
      report.fail(error)
      return nil
    }
  }
}
