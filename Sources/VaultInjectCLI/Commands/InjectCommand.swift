internal import ArgumentParser
internal import Injection

/// Injects manifests and prints them: the main job.
struct InjectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inject", abstract: "Inject annotated manifests (the default).")

  @OptionGroup(title: "Input") var input: InputOptions

  @Option(
    name: [.short, .long],
    help: "The namespace of objects that name none; it decides whether they are in a system namespace.")
  var namespace: String?

  @Option(name: [.short, .long], help: "Convert: yaml, json, name or patch. Formats are kept otherwise.")
  var output: OutputFormat?

  @OptionGroup(title: "Report") var report: ReportOptions

  @Flag(name: [.short, .long], help: "Rewrite the files in place.")
  var inPlace = false

  @Flag(help: "Write nothing; exit with 1 where injecting would change something.")
  var check = false

  func validate() throws {
    if inPlace, output != nil { throw ValidationError("-o converts what is printed; it does not go with -i") }
    if inPlace, check { throw ValidationError("--check writes nothing; it does not go with -i") }
  }

  func run() throws {
    let settings = TalendSettings()
    let dialect = TalendDialect(
      TalendDialect.Settings(settings, configuration: .builtIn(settings), isExact: false))
    let injector = Injector(dialects: [dialect], namespace: namespace)
    let mode: InjectRun.Mode = inPlace ? .inPlace : check ? .check : .print
    var run = InjectRun(injector: injector, mode: mode, format: output, report: report)
    throw run.all(input.resolver)
  }
}

/// How the report is made.
struct ReportOptions: ParsableArguments {
  @Option(name: .customLong("report"), help: "The report on standard error: text or json.")
  var format = ReportFormat.text

  @Flag(name: [.short, .long], help: "No report; errors are still shown.")
  var quiet = false

  @Flag(name: [.short, .long], help: "Report objects that stay as they are with -i and --check, too.")
  var verbose = false
}
