internal import ArgumentParser

/// Shows what applying manifests would change in a cluster.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show what applying manifests, injected, would change in a cluster.",
    discussion: """
      The server is asked what each object would be, and keeps nothing. Exits with 0 where nothing would change, with \
      1 where something would. KUBECTL_EXTERNAL_DIFF names another program to compare with.
      """)

  @OptionGroup(title: "Input") var input: InputOptions

  @OptionGroup(title: "Selection") var selection: SelectionOptions

  @Option(help: ArgumentHelp("In whose name fields would be set.", valueName: "name"))
  var fieldManager = "kubectl-vault-inject"

  @Flag(help: "Take fields over that belong to others.")
  var forceConflicts = false

  @OptionGroup var serverSide: ServerSideOption

  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

  @OptionGroup(title: "Cluster (only where one is asked)") var cluster: ClusterOptions

  @OptionGroup(title: "Report") var report: ReportOptions

  func run() throws {
    var settings = ApplySettings()
    settings.fieldManager = fieldManager
    settings.forcesConflicts = forceConflicts
    settings.dryRun = .server
    let session = ClusterSession(input, selection, configuration, cluster, report)
    throw session.diff(settings)
  }
}
