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

  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

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
    var report = Report(report, showsUnchanged: mode == .print || report.verbose)
    guard let loaded = report.load(configuration) else {
      report.finish()
      throw report.failure ?? .failure
    }
    let injector = Injector(dialects: loaded.dialects, kinds: loaded.kinds, namespace: namespace)
    var run = InjectRun(injector, mode: mode, format: output, report: report)
    throw run.all(input.resolver)
  }

  private var mode: InjectRun.Mode { inPlace ? .inPlace : check ? .check : .print }
}

/// How the report is made.
struct ReportOptions: ParsableArguments {
  @Option(name: .customLong("report"), help: "The report on standard error: text or json.")
  var format = ReportFormat.text

  @Flag(name: [.short, .long], help: "No report; errors are still shown.")
  var quiet = false

  @Flag(name: [.short, .long], help: "Report objects that stay as they are with -i and --check, too.")
  var verbose = false

  /// Lines for people, as commands without these options report.
  static var textual: ReportOptions {
    var options = ReportOptions()
    (options.format, options.quiet, options.verbose) = (.text, false, false)
    return options
  }
}
