package import Injection
package import ManifestText
package import Platform
internal import Workloads

/// What there is to report of one input, of a configuration file, or of the command line.
package struct ReportEntry {
  /// What came of an input's changes.
  package enum Fate: Equatable {
    /// They were looked for, and not made.
    case wouldChange
    /// They are in the file now.
    case rewritten
    /// They are those of a file that was met before, under this name.
    case sameFile(String)
  }

  /// What the input is called; nil where this is about none.
  package var name: String?
  /// The input's text; nil where it could not be had.
  package var source: SourceText?
  /// What became of each object.
  package var objects: [ObjectPlan] = []
  /// Findings about no object in particular.
  package var findings: [Diagnostic] = []
  /// True where the result differs from the input.
  package var isChanged = false
  /// True where nothing of the input may be written.
  package var isRefused = false
  /// What came of the changes, where that is not told by standard output.
  package var fate: Fate?
  /// What kind of failure it is, where that is not told by a refusal.
  var failure: Fault.Kind?

  /// An input that went through the pipeline.
  package init(_ result: DocumentPipeline.Result, of source: SourceText) {
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

  /// Adds that the file could not be rewritten.
  package mutating func fail(_ failure: WriteFailure) {
    findings.append(.notRewritten(failure))
    self.failure = .unwritable
  }

  /// True where the changes were only looked for, or could not be made: nothing of a refused input is written.
  var isPending: Bool { fate == .wouldChange || isRefused || failure != nil }

  /// A finding, and the object it is about; nil where it is about none in particular.
  struct Finding {
    let diagnostic: Diagnostic
    var object: ManifestObject?
  }

  /// Every finding: those of the objects in their order, then the others, and what a check found not to be done.
  var allFindings: [Finding] {
    let aboutObjects = objects.flatMap { plan in
      (plan.findings + plan.refusals + pending(plan)).map { Finding(diagnostic: $0, object: plan.object) }
    }
    return aboutObjects + findings.map { Finding(diagnostic: $0) }
  }

  /// What a check says of an object that would change.
  private func pending(_ plan: ObjectPlan) -> [Diagnostic] {
    guard fate == .wouldChange, let pending = plan.outcome.row.pending else { return [] }
    return [
      Diagnostic(
        rule: pending.rule, message: "\(plan.object?.displayName ?? "the document") \(pending.predicate)",
        hint: "run the same command with -i instead of --check", range: plan.offset.map(firstLine))
    ]
  }

  /// What stands on a line from an offset on.
  private func firstLine(from offset: Int) -> Range<Int> {
    guard let bytes = source?.bytes, offset < bytes.count else { return offset..<offset }
    let end = bytes[offset...].firstIndex { $0 == ASCII.lineFeed || $0 == ASCII.carriageReturn }
    return offset..<(end ?? bytes.count)
  }
}
