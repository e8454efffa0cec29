internal import ArgumentParser
internal import Cluster
internal import Injection
internal import Output
internal import Workloads

/// Tells what asks a webhook, and how to do without it.
struct MigrateCommand: ProgramCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate", abstract: "Tell what still needs a webhook, and in which order to do without it.",
    discussion: """
      Reads the manifests of a repository, all below the current folder with nothing named, or objects of a cluster, and \
      changes nothing: which pods ask which webhook, who injected them, what this program would add, and where the \
      webhook differs. What to do comes after that, in an order in which no pod is ever without its secrets.
      """)

  static var examples: String {
    """
    # What the manifests of a repository ask for
    kubectl vault-inject migrate

    # What runs in a cluster, and who injected it
    kubectl vault-inject migrate pods -A

    # For a script
    kubectl vault-inject migrate -R -f k8s -o json
    """
  }

  @OptionGroup(title: "Input") var input: InputOptions

  @Option(name: [.short, .long], help: "The form: a table for people, or JSON.")
  var output = MigrationFormat.table

  @OptionGroup(title: "Selection") var selection: SelectionOptions
  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions
  @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  func outcome() -> Ending {
    var report = Report(self.report.settings, showsUnchanged: false)
    guard let task = try? task(&report) else { return report.finish() }
    let (ending, text) = MigrationRun(task, report: report).all()
    guard let text else { return ending }
    let printed = ProgramText.print(text)
    return printed == .done ? ending : printed
  }

  private func task(_ report: inout Report) throws(Reported) -> MigrationTask {
    let resolver = input.repositoryResolver
    let configurations = try report.load(configuration, cluster.access(), at: resolver.place)
    let loaded = configurations.base
    let selection = try report.load(selection, defaultNamespace: input.namespace)
    report.account(for: self.selection.words, selection, loaded.kinds)
    var (inputs, words) = (TransformPlan.Inputs.manifests(resolver), words)
    if let targets = try input.liveTargets(labels: self.selection.labels, loaded.kinds, &report) {
      inputs = .cluster(LiveObjects(targets, over: try cluster.access(namespace: input.namespace).open(&report)))
      // What runs is injected where its manifests are.
      words = "-R -f FOLDER"
    }
    return MigrationTask(
      configurations: configurations, namespace: input.namespace, selection: selection, inputs: inputs, named: resolver,
      format: output, words: words, option: configuration.dialect.map { " --dialect \($0.text)" } ?? "")
  }

  /// The inputs as commands are told them.
  private var words: String {
    var words = input.filename.map { "-f \($0)" } + input.files
    if let folder = input.kustomize {
      words.append("-k \(folder)")
    } else {
      // All of a repository is read, whatever the depth.
      words = ["-R"] + (words.isEmpty ? ["-f ."] : words)
    }
    return words.joined(separator: " ")
  }
}

extension MigrationFormat: ExpressibleByArgument {}
