internal import Output
internal import Cluster
internal import ArgumentParser
internal import Platform

/// Shows what applying manifests would change in a cluster.
struct DiffCommand: ClusterCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show what applying manifests, injected, would change in a cluster.",
    discussion: """
      The server is asked what each object would be, and keeps nothing. Exits with 0 where nothing would change, with \
      1 where something would. KUBECTL_EXTERNAL_DIFF names another program to compare with.
      """)

  static var examples: String {
    """
    # Show what applying the manifests of a folder would change
    kubectl vault-inject diff -f k8s

    # The same, with what would be deleted of the set
    kubectl vault-inject diff --prune --applyset=web -n shop -f k8s

    # Show what injecting a Deployment of the cluster would change
    kubectl vault-inject diff deployment/web -n shop
    """
  }

  @OptionGroup(title: "Input") var input: InputOptions

  @OptionGroup(title: "Selection") var selection: SelectionOptions

  @Option(help: ArgumentHelp("In whose name fields would be set.", valueName: "name"))
  var fieldManager = "kubectl-vault-inject"

  @Flag(help: "Take fields over that belong to others.")
  var forceConflicts = false

  @OptionGroup var set: SetOptions

  @OptionGroup var serverSide: ServerSideOption

  @OptionGroup var concurrency: ConcurrencyOption

  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

  @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions

  @OptionGroup(title: "Report") var report: ReportOptions

  func validate() throws { try set.check(input, selection) }

  var settings: ApplySettings {
    var settings = ApplySettings()
    settings.fieldManager = fieldManager
    settings.forcesConflicts = forceConflicts
    settings.dryRun = .server
    settings.set = set.name
    return settings
  }

  func outcome(of task: ClusterTask, _ report: consuming Report) -> Ending {
    if let targets = task.targets {
      if settings.set != nil {
        report.fail(.usage, .pruningLive)
        return report.finish()
      }
      guard let connection = try? task.access.open(&report), let differences = try? differences(&report) else {
        return report.finish()
      }
      var run = LiveDiffRun(
        LiveObjects(targets, over: connection), task.transform(namespace: task.namespace), settings, to: differences,
        report: report)
      return run.all()
    }
    guard let (plan, connection) = try? task.plan(&report), let differences = try? differences(&report) else {
      return report.finish()
    }
    var run = DiffRun(plan, over: connection, to: differences, report: report)
    return run.all()
  }

  /// Where differences go: to the program of the environment, or to standard output.
  private func differences(_ report: inout Report) throws(Reported) -> any DiffOutput {
    let program = Environment.value("KUBECTL_EXTERNAL_DIFF")
    return try report.catching { () throws(Fault) in try ExternalDiff.named(by: program) } ?? PrintedDiff()
  }
}
