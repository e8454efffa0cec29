package import Injection
package import ManifestText
package import Platform
internal import Workloads

/// The entry of one input, of a configuration file, or of the command line.
package struct ReportEntry {
  /// What came of an input's changes.
  package enum Fate: Equatable {
    /// They were looked for, and not made.
    case wouldChange
    /// They were to be made, and are not, as something is missing that was named, or another input is refused.
    case withheld
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

  /// Findings of files that were read beside the inputs, those of one file that follow one another in one entry.
  static func all(of findings: [FileDiagnostic]) -> [ReportEntry] {
    findings.reduce(into: []) { entries, finding in
      let name = finding.source?.name
      guard name != nil, let last = entries.indices.last, entries[last].name == name else {
        return entries.append(ReportEntry(finding.diagnostic, in: finding.source, name: nil))
      }
      entries[last].findings.append(finding.diagnostic)
      entries[last].isRefused = entries[last].isRefused || finding.diagnostic.severity == .error
    }
  }

  /// A finding about an input, of which nothing is refused for that.
  init(verdict diagnostic: Diagnostic, in source: SourceText) {
    (name, self.source, findings) = (source.name, source, [diagnostic])
  }

  /// Adds that the file could not be rewritten.
  package mutating func fail(_ failure: WriteFailure) {
    findings.append(.notRewritten(failure))
    self.failure = .unwritable
  }

  /// True where the changes were only looked for, or could not be made: nothing of a refused input is written.
  var isPending: Bool { fate == .wouldChange || fate == .withheld || isRefused || failure != nil }

  /// True once the objects that are selected have been looked for in this, before it is reported.
  var isLookedThrough = false

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
        as: .error, rule: pending.rule, message: "\(plan.object?.displayName ?? "the document") \(pending.predicate)",
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

/// The texts for an outcome; every form of report reads this one table.
package struct OutcomeRow {
  /// What an outcome means for the run.
  package enum Kind {
    case change, none, refusal
    /// The object was not selected, which is not reported.
    case leftOut
  }

  /// Names that belong to a change, such as the containers it adds.
  package struct Part {
    /// The key machines find them under.
    let key: String
    /// What is in front of the names: what they are called, one or several of them, or what became of them.
    let title: String
    let names: [String]
    /// What stands between the names.
    var separator = " "

    /// Annotations, of which there may be many.
    static func annotations(_ keys: [String]) -> Part {
      var part = Part(key: "annotations", noun: "annotation", names: keys)
      part.separator = ", "
      return part
    }

    init(key: String, noun: String, names: [String]) {
      self.key = key
      self.names = names
      title = names.count == 1 ? noun : "\(noun)s"
    }

    init(key: String, verb: String, names: [String]) {
      (self.key, title, self.names) = (key, verb, names)
    }
  }

  package let kind: Kind
  /// The word for it, such as `injected`.
  let word: String
  /// The rule that tells of it; nil where nothing changes.
  var rule: Rule?
  var parts: [Part] = []
  /// What a person reads where no part has names.
  var emptyText = ""
  /// What is another value now.
  var differences: [InjectionOutcome.Changes.Difference] = []
  /// True where these are the values that go, and those that would be injected.
  var isTakenOut = false
  /// Why it came to this; nil where the word says it all.
  var reason: String?
  /// True where the object's pods are injected when the run is over.
  var isInjected = false
  /// The finding of a check that meets it before it is done: the rule's name, and the end of a sentence about the object.
  var pending: (rule: Rule, predicate: String)?
}

extension ObjectPlan.Outcome {
  /// The outcome's row.
  package var row: OutcomeRow {
    switch self {
    case .injected(let summary):
      OutcomeRow(
        kind: .change, word: "injected", rule: .injected, parts: OutcomeRow.parts(of: summary),
        emptyText: "secrets volume mounts",
        isInjected: true,
        pending: (.notInjected, "asks for injection and is not injected"))
    case .refreshed(let changes):
      OutcomeRow(
        kind: .change, word: "refreshed", rule: .refreshed, parts: OutcomeRow.parts(of: changes),
        emptyText: changes.isOfRecordOnly ? "its record" : "mounts, hooks or order", differences: changes.differences,
        isInjected: true,
        pending: (.staleInjection, "was injected with another configuration or other annotations"))
    case .uninjected(let summary, let lost):
      OutcomeRow(
        kind: .change, word: "uninjected", rule: .uninjected, parts: OutcomeRow.parts(of: summary),
        emptyText: "secrets volume mounts", differences: lost, isTakenOut: true,
        pending: (.injected, "holds an injection that is to be taken out"))
    case .converted(let keys):
      OutcomeRow(
        kind: .change, word: "converted", rule: .converted, parts: [.annotations(keys)],
        pending: (.notConverted, "has annotations that are to be converted"))
    case .annotated(let keys):
      OutcomeRow(
        kind: .change, word: "annotated", rule: .annotated, parts: [.annotations(keys)],
        pending: (.notAnnotated, "does not ask for all that it is to ask for"))
    case .fixed(let rules):
      OutcomeRow(
        kind: .change, word: "fixed", rule: .fixed, parts: [OutcomeRow.Part(key: "rules", noun: "rule", names: rules)],
        pending: (.notFixed, "has findings that lint --fix puts right"))
    case .unchanged(let reason):
      OutcomeRow(
        kind: reason == .notSelected ? .leftOut : .none, word: "unchanged", reason: reason.rawValue,
        isInjected: reason == .alreadyInjected || reason == .injectedWithoutRecord)
    case .checked: OutcomeRow(kind: .none, word: "checked")
    case .refused(let diagnostic): OutcomeRow(kind: .refusal, word: "refused", reason: diagnostic.message)
    }
  }
}

extension OutcomeRow {
  fileprivate static func parts(of summary: InjectionOutcome.Summary) -> [Part] {
    [
      Part(key: "initContainers", noun: "init container", names: summary.initContainers),
      Part(key: "containers", noun: "container", names: summary.containers),
      Part(key: "volumes", noun: "volume", names: summary.volumes),
    ]
  }

  fileprivate static func parts(of changes: InjectionOutcome.Changes) -> [Part] {
    [
      Part(key: "changed", verb: "changed", names: changes.changed),
      Part(key: "added", verb: "added", names: changes.added),
      Part(key: "removed", verb: "removed", names: changes.removed),
    ]
  }

  /// The word for it, where the change may not have been made, or not yet.
  package func word(isPending: Bool) -> String { kind == .change && isPending ? "would be \(word)" : word }

  /// What a person reads after the word, such as `containers a b, volume c`.
  package var details: String { details(withVolumes: true) }

  /// The same without the names of volumes, unless they are wanted.
  func details(withVolumes: Bool) -> String {
    let shown = parts.filter { !$0.names.isEmpty && (withVolumes || $0.key != "volumes") }
    let texts = shown.map { "\($0.title) \($0.names.joined(separator: $0.separator))" }
    return texts.isEmpty ? emptyText : texts.joined(separator: ", ")
  }
}
