internal import ArgumentParser
internal import Injection
internal import ManifestText
internal import Output
internal import Workloads

/// Tells what will not work in manifests, and changes nothing.
struct LintCommand: PlannedCommand {
  /// How bad a finding has to be for the exit code to tell of it.
  enum Threshold: String, CaseIterable, ExpressibleByArgument {
    case error, warning, note, never

    var severity: Diagnostic.Severity? {
      switch self {
      case .error: .error
      case .warning: .warning
      case .note: .note
      case .never: nil
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Tell what will not work, has no effect or means something else.",
    discussion: """
      Reads what a repository holds: with nothing named, all manifests below the current folder. Helm charts and YAML \
      that is not Kubernetes are passed over. Exits with 1 where there is an error or a warning (see --error-on), and \
      with 65 where a manifest that is named, or asks for injection, cannot be read. explain rule tells more of each.
      """)

  static var examples: String {
    """
    # All manifests of a repository
    kubectl vault-inject lint

    # In CI: a report for GitLab, and failing on errors only
    kubectl vault-inject lint --error-on error --report gitlab --report-file lint.json k8s

    # Look at what can be put right, and do it
    kubectl vault-inject lint --fix --diff .
    kubectl vault-inject lint --fix .

    # What kustomize makes
    kubectl vault-inject lint -k overlays/production
    """
  }

  @OptionGroup(title: "Input") var input: InputOptions

  @Option(
    name: .customLong("error-on"),
    help: ArgumentHelp(
      "Exit with 1 where a finding is this bad, or worse.", valueName: "error|warning|note|never"))
  var threshold = Threshold.warning

  @Flag(
    help: """
      Rewrite files in place with what has one right answer: quotes around booleans, misspelt keys, annotations of the \
      workload that belong on its pods, spaces around commas. Everything else is left alone, and listed.
      """)
  var fix = false

  @Flag(help: "With --fix: write nothing, show what would change, and exit with 1 where something would.")
  var diff = false

  @OptionGroup(title: "Selection") var selection: SelectionOptions
  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions
  @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  func validate() throws {
    if diff, !fix {
      throw ValidationError(
        "--diff shows what --fix would change", hint: "add --fix; lint alone changes nothing, and lists the findings")
    }
    if fix, input.namesNothing {
      throw ValidationError(
        diff ? "--fix names no file to look at" : "--fix rewrites files, and none is named",
        hint: "name files or folders; . is all that is below the current folder: lint --fix\(diff ? " --diff" : "") .")
    }
  }

  func newReport() -> Report { Report(report.settings, showsUnchanged: false) }

  func plan(_ report: inout Report) throws(Reported) -> RunPlan {
    let inputs = input.repositoryResolver
    let configurations = try report.load(configuration, cluster.access(), at: inputs.place)
    let kinds = configurations.base.kinds
    let selection = try report.load(selection, defaultNamespace: input.namespace)
    report.explainNothing(by: configurations.base.reasonForNothing)
    report.account(for: self.selection.words, selection, kinds)
    let isWithheld = fix && !diff && report.misses(self.selection.words, in: inputs)
    return .inputs(
      TransformPlan(
        transforms: InputTransforms(configurations) { loaded in
          let linter = loaded.linter(namespace: input.namespace, selection: selection)
          return fix ? LintFix(linter) : linter
        },
        inputs: .manifests(inputs), scope: self.report.verbose > 0 ? .everyInput : .concernedInputs,
        filter: RepositoryFilter(kinds: kinds, named: inputs),
        destination: isWithheld ? Withholding() : destination))
  }

  private var destination: any Delivery {
    let verdict = LintVerdict(failingOn: threshold.severity)
    if !fix { return Linting(verdict) }
    return diff ? LintComparison(verdict) : LintRewriting(verdict)
  }
}
