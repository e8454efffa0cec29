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

  @OptionGroup(title: "Input") var input: InputOptions

  @OptionGroup(title: "Selection") var selection: SelectionOptions

  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

  @OptionGroup(title: "Cluster (only where one is asked)") var cluster: ClusterOptions

  @OptionGroup(title: "Report") var report: ReportOptions

  var settings: ApplySettings { ApplySettings() }

  func outcome(of task: ClusterTask, _ report: consuming Report) -> Ending {
    guard let (plan, connection) = try? task.plan(&report) else { return report.finish() }
    var run = VerifyRun(plan, kinds: task.loaded.kinds, over: connection, report: report)
    return run.all()
  }
}
