internal import Output
internal import Cluster
internal import ArgumentParser

/// Asks a cluster whether it would take the injected pods.
struct VerifyCommand: ClusterCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Ask a cluster whether it would take the injected pods.",
    discussion: """
      Makes a pod of each injected template and has the API server do everything but keep it: admission policies and \
      other webhooks have their say, which a trial of the Deployment alone would not show.
      """)

  static var examples: String {
    """
    # Ask whether the injected pods of a folder's manifests would be admitted
    kubectl vault-inject verify -f k8s

    # Ask the same of a Deployment of the cluster, as it would be injected
    kubectl vault-inject verify deployment/web -n shop

    # The same for one Deployment of the folder, in a namespace
    kubectl vault-inject verify -f k8s --kind Deployment --name web -n shop
    """
  }

  @OptionGroup(title: "Input") var input: InputOptions

  @OptionGroup(title: "Selection") var selection: SelectionOptions

  @OptionGroup var concurrency: ConcurrencyOption

  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

  @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions

  @OptionGroup(title: "Report") var report: ReportOptions

  var settings: ApplySettings { ApplySettings() }

  func outcome(of task: ClusterTask, _ report: consuming Report) -> Ending {
    let kinds = task.configurations.base.kinds
    if let targets = task.targets {
      guard let connection = try? task.access.open(&report) else { return report.finish() }
      var run = VerifyRun(task.settings, kinds: kinds, over: connection, report: report)
      return run.all(of: targets, task.transform(namespace: task.namespace))
    }
    guard let (plan, connection) = try? task.plan(&report) else { return report.finish() }
    var run = VerifyRun(task.settings, kinds: kinds, over: connection, report: report)
    return run.all(of: plan)
  }
}
