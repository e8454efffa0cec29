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

  init(format: ReportFormat, isQuiet: Bool, showsUnchanged: Bool) {
    self.format = format
    self.isQuiet = isQuiet
    self.showsUnchanged = showsUnchanged
  }

  /// Shows how far the work is, where somebody watches.
  mutating func progress(_ text: @autoclosure () -> String) {
    if !isQuiet { console.progress(text()) }
  }

  /// What became of an input and of each of its objects.
  mutating func add(_ result: InjectionPipeline.Result, of source: SourceText) {
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
