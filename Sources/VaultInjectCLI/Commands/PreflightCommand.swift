internal import ArgumentParser
internal import Cluster
internal import Injection
internal import KubernetesAPI
internal import Output
internal import Workloads

/// Tries out whether pods would get their secrets, before they are deployed.
struct PreflightCommand: ProgramCommand {
  static let configuration = CommandConfiguration(
    commandName: "preflight", abstract: "Log in to Vault as the pods would, and check each of their secrets.",
    discussion: """
      Does for each pod what its agent will do: gets a token of its service account, logs in with its role, and looks \
      whether its secrets are there and may be read. Values are not looked at, secrets that are issued by reading are \
      not read, and every token is given back. Exits with 0 where all pods would get their secrets, with 1 where some \
      would not, and with 69 where Vault or the cluster cannot be reached.
      """)

  static var examples: String {
    """
    # Would the pods of a folder's manifests get their secrets?
    kubectl vault-inject preflight -f k8s

    # A Deployment in the cluster, with Vault at another address than the pods know
    kubectl vault-inject preflight deployment/web -n shop --vault-url https://vault.example.com:8200

    # Match roles and policies with the pods, logging in as nobody
    kubectl vault-inject preflight -f k8s --as-operator
    """
  }

  @OptionGroup(title: "Input") var input: InputOptions

  @OptionGroup(title: "Selection") var selection: SelectionOptions

  @OptionGroup(title: "Vault") var vault: VaultOptions

  @Option(
    help: ArgumentHelp("How long Vault may take to answer a request, such as 30 or 1m30s.", valueName: "time"))
  var timeout = "30s"

  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

  @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions

  @OptionGroup(title: "Report") var report: ReportOptions

  func validate() throws {
    guard let milliseconds = RequestTimeout.milliseconds(timeout), milliseconds > 0 else {
      throw ValidationError(
        "--timeout takes a number of seconds, or a duration", hint: "use a time to wait such as 30, 90s or 1m30s")
    }
  }

  func outcome() -> Ending {
    var report = Report(report.settings, showsUnchanged: false)
    guard let task = try? task(&report), let pods = try? task.pods(&report) else { return report.finish() }
    var run = PreflightRun(
      pods, task.settings, over: task.access, PreflightRun.Opening(showingRequests: self.report.showsRequests),
      report: report)
    return run.all()
  }

  /// How Vault is asked.
  private func settings() throws(Fault) -> PreflightSettings {
    var settings = try vault.settings()
    settings.timeoutMilliseconds = RequestTimeout.milliseconds(timeout) ?? settings.timeoutMilliseconds
    settings.showsAll = !report.quiet
    return settings
  }

  /// What the options ask for.
  private func task(_ report: inout Report) throws(Reported) -> PreflightTask {
    let configurations = try report.load(configuration, cluster.access(), at: input.resolver.place)
    let kinds = configurations.base.kinds
    let selection = try report.load(selection, defaultNamespace: input.namespace)
    report.account(for: self.selection.words, selection, kinds)
    return PreflightTask(
      configurations: configurations, selection: selection, manifests: input.resolver,
      targets: try input.liveTargets(labels: self.selection.labels, kinds, &report),
      namespace: input.namespace,
      access: cluster.access(
        namespace: input.namespace, readsManifests: input.resolver.readsStandardInput,
        ClusterConnection.opening(showingRequests: self.report.showsRequests)),
      settings: try report.catching { () throws(Fault) in try settings() })
  }
}
