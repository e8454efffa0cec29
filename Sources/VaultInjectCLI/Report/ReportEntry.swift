internal import ArgumentParser
internal import Injection
internal import ManifestText

/// What there is to report of one input, of a configuration file, or of the command line.
struct ReportEntry {
  /// What came of an input's changes.
  enum Fate: Equatable {
    /// They were looked for, and not made.
    case wouldChange
    /// They are in the file now.
    case rewritten
    /// They are those of a file that was met before, under this name.
    case sameFile(String)
  }

  /// What the input is called; nil where this is about none.
  var name: String?
  /// The input's text; nil where it could not be had.
  var source: SourceText?
  /// What became of each object.
  var objects: [ObjectPlan] = []
  /// Findings about no object in particular.
  var findings: [Diagnostic] = []
  /// True where the result differs from the input.
  var isChanged = false
  /// True where nothing of the input may be written.
  var isRefused = false
  /// What came of the changes, where that is not told by standard output.
  var fate: Fate?
  /// How the process ends for it, where that is not told by a refusal.
  var exitCode: ExitCode?

  /// An input that went through the pipeline.
  init(_ result: DocumentPipeline.Result, of source: SourceText) {
    (name, self.source) = (source.name, source)
    (objects, findings) = (result.objects, result.findings)
    isRefused = result.isRefused
    isChanged = result.isChanged && !isRefused
  }

  /// A finding about an input as a whole, or about none.
  init(_ diagnostic: Diagnostic, in source: SourceText?, name: String?) {
    self.name = source?.name ?? name
    self.source = source
    findings = [diagnostic]
    isRefused = diagnostic.severity == .error
  }

  /// Makes this the entry of a file that was met before, and reported then.
  mutating func repeats(_ first: SameFiles.File) {
    (objects, findings) = ([], [])
    (isChanged, isRefused) = (false, false)
    if first.isNews { fate = .sameFile(first.name) }
  }

  /// Adds that the file could not be rewritten.
  mutating func fail(_ failure: WriteFailure) {
    findings.append(.notRewritten(failure))
    exitCode = .outputFailed
  }

  /// Every finding: those of the objects in their order, then the others.
  var allFindings: [Diagnostic] { objects.flatMap { $0.findings + $0.refusals } + findings }
}
