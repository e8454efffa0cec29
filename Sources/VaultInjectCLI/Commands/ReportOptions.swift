internal import ArgumentParser
internal import Cluster
internal import Injection
internal import ManifestText
internal import Output
internal import Platform
internal import Workloads

/// How the report is made.
struct ReportOptions: ParsableArguments {
  @Option(
    name: .customLong("report"),
    help:
      "The form of the report: text, json, sarif for code scanning, github for annotations in a workflow, gitlab for code quality."
  )
  var format = ReportFormat.text

  @Option(
    name: .customLong("report-file"),
    help: ArgumentHelp(
      """
      Write the report into a file instead of standard error, where errors are still shown; the environment \
      variable VAULT_INJECT_REPORT does the same.
      """, valueName: "file"),
    completion: .file())
  var file: String?

  @Flag(name: [.short, .long], help: "No report; errors are still shown.")
  var quiet = false

  @Flag(
    name: [.short, .long],
    help:
      "Report objects that stay as they are and the volumes that are injected, too; -vv shows each request to a cluster."
  )
  var verbose: Int

  @OptionGroup var color: ColorOption

  mutating func validate() throws {
    if file == "" {
      throw ValidationError(
        "the value of --report-file is empty", hint: "a variable may be empty; leave the option out for standard error")
    }
    // Helm, for one, shows nothing of a plugin's standard error, and lets nobody add options for one run.
    if file == nil { file = Environment.nonEmpty("VAULT_INJECT_REPORT") }
  }

  /// What the options ask for.
  var settings: ReportSettings {
    ReportSettings(format: format, file: file, isQuiet: quiet, isVerbose: verbose > 0)
  }

  /// True where all there is to know of each object is asked for.
  var wantsAccount: Bool { verbose > 0 || format != .text }

  /// True where each request to a cluster is shown as well.
  var showsRequests: Bool { verbose > 1 }
}

extension ReportFormat: ExpressibleByArgument {}

/// Whether what is shown is coloured.
struct ColorOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Colour what people read; auto does so at a terminal, unless NO_COLOR, CLICOLOR=0 or TERM=dumb say otherwise.",
      valueName: "auto|always|never"))
  var color = ColorChoice.auto

  func validate() { color.takeEffect() }
}

extension ColorChoice: ExpressibleByArgument {}

/// Reads what the options name, and reports the findings.
extension Report {
  /// The configurations of what is named, of which the first is loaded; warnings are reported.
  mutating func load(
    _ options: ConfigurationOptions, _ cluster: ClusterAccess, at place: InputPlace
  ) throws(Reported) -> Configurations {
    let configurations = try Configurations(ConfigurationLoader(options.request, cluster: cluster), at: place, &self)
    let base = configurations.base
    let names = options.entrypoint.compactMap { Entrypoint.parsed($0)?.name }
    expect(containers: names, base.kinds) { base.policy.judged(.containerNotFound($0, nearest: $1)) }
    return configurations
  }

  /// The selection that the options ask for.
  mutating func load(_ options: SelectionOptions, defaultNamespace: String?) throws(Reported) -> Selection {
    do throws(Diagnostic) {
      return try options.selection(defaultNamespace: defaultNamespace)
    } catch {
      fail(.usage, error)
      throw Reported()
    }
  }
}

extension Diagnostic {
  fileprivate static func containerNotFound(_ name: String, nearest: String?) -> Diagnostic {
    Diagnostic(
      rule: .containerNotFound, message: "--entrypoint \(name)=…: no pod has a container `\(name)`",
      hint: nearest.map { "did you mean \($0)?" }
        ?? "name a container as its pod does, or with the object's name and a slash before it: web/app")
  }
}
