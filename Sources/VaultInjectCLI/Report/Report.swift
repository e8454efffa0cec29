internal import ArgumentParser
internal import Injection
internal import ManifestText

/// The form of the report on standard error.
package enum ReportFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
  /// Lines for people.
  case text
  /// One JSON object for machines.
  case json
}

/// What the run has to say, on standard error: nothing of it is the product.
struct Report: ~Copyable {
  private var console = Console()
  private let format: ReportFormat
  private let isQuiet: Bool
  /// True where objects that stay as they are have lines too.
  private let showsUnchanged: Bool
  private var inputs: [Value] = []

  /// How the process ends because of what was reported; nil where nothing failed.
  ///
  /// The first failure counts.
  private(set) var failure: ExitCode?

  init(_ options: ReportOptions, showsUnchanged: Bool) {
    format = options.format
    isQuiet = options.quiet
    self.showsUnchanged = showsUnchanged
  }

  /// Shows how far the work is, where somebody watches.
  mutating func progress(_ text: @autoclosure () -> String) {
    if !isQuiet { console.progress(text()) }
  }

  /// What became of an input and of each of its objects.
  mutating func add(_ result: InjectionPipeline.Result, of source: SourceText) {
    if result.output == nil { failure = failure ?? .inputRefused }
    if format == .json {
      inputs.append(JSONReport.input(result, of: source))
    } else {
      addLines(result, of: source)
    }
  }

  /// A finding about an input as a whole, about a configuration file, or about the command line.
  mutating func add(_ diagnostic: Diagnostic, in source: SourceText? = nil, name: String? = nil) {
    if format == .json {
      inputs.append(JSONReport.failure(diagnostic, in: source, name: name))
    } else if diagnostic.severity == .error || !isQuiet {
      show(diagnostic, in: source, name: name)
    }
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

  /// A remark that belongs to no input.
  mutating func note(_ text: String) {
    if format == .text, !isQuiet { console.line(text) }
  }

  /// Ends the report.
  mutating func finish() {
    console.endProgress()
    guard format == .json else { return console.flush() }
    console.line(String(decoding: JSONWriter.compact(["inputs": .array(inputs)], spaced: true), as: UTF8.self))
    console.flush()
  }

  private mutating func addLines(_ result: InjectionPipeline.Result, of source: SourceText) {
    var lines = LineCounter(source)
    for plan in result.objects {
      let isShown = !isQuiet && (showsUnchanged || plan.isNews)
      if isShown {
        let line = lines.line(of: plan.offset ?? 0)
        console.line("\(source.name):\(line): \(ObjectText(plan: plan).line(console))")
      }
      for diagnostic in plan.findings where !isQuiet { show(diagnostic, in: source) }
      for diagnostic in plan.refusals { show(diagnostic, in: source) }
    }
    for diagnostic in result.findings where diagnostic.severity == .error || !isQuiet {
      show(diagnostic, in: source)
    }
  }

  private mutating func show(_ diagnostic: Diagnostic, in source: SourceText?, name: String? = nil) {
    for line in DiagnosticText(diagnostic: diagnostic, source: source, name: name).lines(console) {
      console.line(line)
    }
  }
}

extension ObjectPlan {
  /// True where something happened, or should have.
  fileprivate var isNews: Bool {
    if case .unchanged = outcome { false } else { true }
  }
}
