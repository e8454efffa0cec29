internal import Output
internal import Cluster
internal import ArgumentParser
internal import Injection
internal import Workloads

/// A command that does something about a cluster, with the objects of manifests or with some of its own.
protocol ClusterCommand: ProgramCommand {
  var input: InputOptions { get }
  var selection: SelectionOptions { get }
  var configuration: ConfigurationOptions { get }
  var cluster: ClusterOptions { get }
  var report: ReportOptions { get }
  var concurrency: ConcurrencyOption { get }

  /// How objects are sent.
  var settings: ApplySettings { get }

  /// Does what the command is for.
  func outcome(of task: ClusterTask, _ report: consuming Report) -> Ending
}

extension ClusterCommand {
  func outcome() -> Ending {
    var report = Report(report.settings, showsUnchanged: false)
    guard let task = try? task(&report) else { return report.finish() }
    return outcome(of: task, report)
  }

  /// What the options ask for.
  private func task(_ report: inout Report) throws(Reported) -> ClusterTask {
    let configurations = try report.load(configuration, cluster.access(), at: input.resolver.place)
    let selection = try report.load(selection, defaultNamespace: input.namespace)
    var settings = settings
    settings.impersonation = cluster.impersonation
    if let most = concurrency.number { settings.wait?.limit(toWatches: most) }
    settings.wait?.agents = Set(configurations.base.dialects.flatMap(\.injectedNames))
    return ClusterTask(
      configurations: configurations, selection: selection, words: self.selection.words, manifests: input.resolver,
      targets: try input.liveTargets(labels: self.selection.labels, configurations.base.kinds, &report),
      namespace: input.namespace,
      access: cluster.access(
        namespace: input.namespace, readsManifests: input.resolver.readsStandardInput,
        ClusterConnection.opening(showingRequests: self.report.showsRequests, concurrency.apply)),
      settings: settings)
  }
}
