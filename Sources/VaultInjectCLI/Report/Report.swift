internal import ArgumentParser
internal import Injection
internal import ManifestText
internal import Workloads

/// What the run has to say, on standard error: nothing of it is the product.
struct Report: ~Copyable {
  private var console = Console()
  private var writer: any ReportWriter
  private let isQuiet: Bool

  /// How the process ends because of what was reported; nil where nothing failed.
  ///
  /// The first failure counts.
  private(set) var failure: ExitCode?

  init(_ options: ReportOptions, showsUnchanged: Bool) {
    isQuiet = options.quiet
    writer = options.format.writer(options.verbosity(showsUnchanged: showsUnchanged))
  }

  /// Shows how far the work is, where somebody watches.
  mutating func progress(_ text: @autoclosure () -> String) {
    if !isQuiet { console.progress(text()) }
  }

  /// What became of an input and of each of its objects.
  mutating func add(_ entry: ReportEntry) {
    failure = failure ?? (entry.isRefused ? .inputRefused : entry.exitCode)
    writer.add(entry, to: &console)
  }

  /// A finding about an input as a whole, about a configuration file, or about the command line.
  mutating func add(_ diagnostic: Diagnostic, in source: SourceText? = nil, name: String? = nil) {
    writer.add(ReportEntry(diagnostic, in: source, name: name), to: &console)
  }

  /// Something that failed, and how the process ends for it.
  mutating func fail(_ code: ExitCode, _ diagnostic: Diagnostic) {
    failure = failure ?? code
    add(diagnostic)
  }

  /// An input that cannot be had.
  mutating func fail(_ error: InputError) {
    failure = failure ?? error.exitCode
    add(error.diagnostic, in: error.source, name: error.input)
  }

  /// The configuration the options name, its warnings reported; nil where it cannot be used.
  mutating func load(_ options: ConfigurationOptions) -> LoadedConfiguration? {
    do throws(InputError) {
      let loaded = try ConfigurationLoader().load(options)
      for finding in loaded.findings { add(finding.diagnostic, in: finding.source) }
      return loaded
    } catch {
      fail(error)
      return nil
    }
  }

  /// The selection the options ask for; nil where it makes no sense.
  mutating func load(_ options: SelectionOptions, defaultNamespace: String?) -> Selection? {
    do throws(Diagnostic) {
      return try options.selection(defaultNamespace: defaultNamespace)
    } catch {
      fail(.usage, error)
      return nil
    }
  }

  /// Shows what has been reported so far.
  mutating func flush() { console.flush() }

  /// Ends the report.
  mutating func finish() {
    console.endProgress()
    writer.finish(&console)
    console.flush()
  }
}
