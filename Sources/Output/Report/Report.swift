package import Injection
package import ManifestText
package import Workloads

/// The report of a run, on standard error or in a file; results are never part of it.
package struct Report: ~Copyable {
  private var console = Console()
  private var writer: any ReportWriter
  /// Where the report goes instead of standard error, which errors alone are shown on then.
  private var file: ReportFile?
  private var errors = TextReport(verbosity: .errors)
  /// Where errors go as well, for Helm to show them; nil where standard error is seen.
  private var refusal = HelmPlugin.isRunning ? HelmRefusal() : nil
  private let isQuiet: Bool
  /// True where nothing is said of a run with nothing to tell.
  private let isHook: Bool
  /// True while an object is still missed that is injected.
  private var missesInjection: Bool

  /// Whether what was selected has been met; nil where everything is meant.
  private var selection: SelectionAccount?

  /// Whether the containers that options name have been met; nil where none are named.
  private var containers: ContainerAccount?

  /// What is told once of Vault's address; nil where there can be nothing, or it was told.
  private var addressNote: AddressNote?

  /// What the run comes to.
  private var summary = RunSummary()

  /// What kind of failure there was, of several the one that counts; nil where nothing failed.
  package private(set) var failure: Fault.Kind?

  /// Begins the report as the settings have it; a file that cannot be written is the first failure.
  package init(
    _ settings: ReportSettings = ReportSettings(), showsUnchanged: Bool, requiresInjection: Bool = false,
    isHook: Bool = false
  ) {
    self.isHook = isHook
    isQuiet = settings.isQuiet
    missesInjection = requiresInjection
    writer = settings.format.writer(settings.verbosity(showsUnchanged: showsUnchanged))
    guard let path = settings.file else { return }
    do throws(OutputError) {
      file = try ReportFile(path)
    } catch {
      fail(error)
    }
  }

  /// Shows how far the work is, where somebody watches.
  package mutating func progress(_ text: @autoclosure () -> ShownText) {
    if !isQuiet { console.progress(text()) }
  }

  /// Shows a page at once, whatever the form of the report.
  package mutating func show(_ page: Page) {
    for line in page.lines { console.line(line) }
    console.flush()
  }

  /// What became of an input and of each of its objects.
  ///
  /// Entries that are not to be shown have been shown by other programs; reports for machines and in files contain them
  /// all the same.
  package mutating func add(_ entry: ReportEntry, isShown: Bool = true) {
    if missesInjection { missesInjection = !entry.objects.contains { $0.outcome.row.isInjected } }
    if !entry.isLookedThrough { selection?.note(entry.objects, of: entry.source) }
    if let source = entry.source { containers?.look(in: source) }
    addressNote?.note(entry)
    let isReported = isShown || file != nil || !(writer is TextReport)
    if isReported { summary.note(entry) }
    note(entry.isRefused ? .refused : entry.failure)
    tellHelm(entry)
    guard var target = file else {
      if isReported { writer.add(entry, to: &console) }
      return
    }
    // Held by one owner at a time, so that the text is not copied.
    file = nil
    writer.add(entry, to: &target)
    file = target
    if isShown { errors.add(entry, to: &console) }
  }

  private mutating func note(_ kind: Fault.Kind?) { failure = [failure, kind].compactMap(\.self).min() }

  private mutating func tellHelm(_ entry: ReportEntry) {
    guard var text = refusal else { return }
    refusal = nil
    errors.add(entry, to: &text)
    refusal = text
  }

  /// What a cluster has now of what was asked for.
  package mutating func add(_ account: ClusterAccount) {
    summary.note(account)
    guard var target = file else { return writer.add(account, to: &console) }
    file = nil
    writer.add(account, to: &target)
    file = target
  }

  /// A finding about an input as a whole, about a configuration file, or about the command line.
  package mutating func add(_ diagnostic: Diagnostic, in source: SourceText? = nil, name: String? = nil) {
    add(ReportEntry(diagnostic, in: source, name: name))
  }
}

extension Report {
  /// A finding that is the command's own product, which shows it: nothing of the input is refused for it.
  package mutating func addVerdict(_ diagnostic: Diagnostic, in source: SourceText) {
    add(ReportEntry(verdict: diagnostic, in: source), isShown: false)
  }

  /// Notes that a server that was needed could not be had, which has been shown.
  package mutating func noteUnavailable() { note(.unavailable) }

  /// Something that failed.
  package mutating func fail(_ kind: Fault.Kind, _ diagnostic: Diagnostic, in source: SourceText? = nil) {
    fail(Fault(kind, in: source, diagnostic))
  }

  /// Output that could not be written.
  package mutating func fail(_ error: OutputError) { fail(Fault(error)) }

  /// Something that cannot be had or done.
  package mutating func fail(_ fault: Fault, isShown: Bool = true) {
    note(fault.kind)
    var entry = ReportEntry(fault.diagnostic, in: fault.source, name: fault.input)
    entry.findings += fault.others
    add(entry, isShown: isShown)
  }

  /// The value, or reports why there is none.
  package mutating func catching<Value>(_ value: () throws(Fault) -> Value) throws(Reported) -> Value {
    do throws(Fault) {
      return try value()
    } catch {
      fail(error)
      throw Reported()
    }
  }

  /// The same for what reports by itself.
  package mutating func catching<Value>(_ value: (inout Report) throws(Fault) -> Value) throws(Reported) -> Value {
    do throws(Fault) {
      return try value(&self)
    } catch {
      fail(error)
      throw Reported()
    }
  }

  /// Reports the warnings of a configuration, and names its files at the end.
  package mutating func take(configuration findings: [FileDiagnostic], files: [String], isShown: Bool = true) {
    for entry in ReportEntry.all(of: findings) { add(entry, isShown: isShown) }
    for file in files where !writer.configurationFiles.contains(file) { writer.configurationFiles.append(file) }
  }

  /// From here on every warning refuses its object.
  package mutating func beStrict() { summary.isStrict = true }

  /// Tells at the end why, where nothing is done as there is no annotation.
  package mutating func explainNothing(by reason: ReasonForNothing?) { summary.reasonForNothing = reason }

  /// From here on inputs are objects of a cluster, which have no file.
  package mutating func nameObjects() { writer.namesObjects = true }

  /// Reports at the end where no object matched these words.
  ///
  /// That is a failure, unless they are a part of what a host does with all there is: then it is worth a warning.
  package mutating func account(
    for words: SelectionWords, _ selection: Selection, _ kinds: WorkloadKinds, isRequired: Bool = true
  ) {
    self.selection = SelectionAccount(words, selection, kinds, isRequired: isRequired)
  }

  /// Notes an object that was read, of which there is no entry.
  package mutating func noteRead(_ plan: ObjectPlan) { selection?.note([plan], of: nil, areReported: false) }

  /// Notes an input that was read, of which there is no entry.
  package mutating func noteRead(_ source: SourceText) {
    look(in: source, areReported: false)
  }

  /// Looks for what was selected in an entry that is to be added once it is known whether all of that was met.
  package mutating func look(in entry: inout ReportEntry) {
    selection?.note(entry.objects, of: entry.source)
    entry.isLookedThrough = true
  }

  private mutating func look(in source: SourceText, areReported: Bool) {
    selection?.look(in: source, areReported: areReported)
    containers?.look(in: source)
  }

  /// An input that was passed over, in which there may be objects that are selected.
  package mutating func passOver(_ source: SourceText) {
    look(in: source, areReported: true)
    summary.notePassedOver()
  }

  /// What there is to say where an object was not met that is selected.
  package var missedSelection: Diagnostic? { selection?.finding }

  /// True as long as an object is missed without which nothing is to be written.
  package var waitsForSelection: Bool { selection.map { $0.isRequired && !$0.isMet } ?? false }

  /// True where something is selected that none of some texts has, as far as they can be read.
  package func missesSelection(in sources: some Sequence<SourceText>) -> Bool {
    guard var account = selection else { return false }
    for source in sources {
      account.look(in: source, areReported: true)
      if account.isMet { return false }
    }
    return true
  }

  /// Tells what was selected and not met, where results are held back for that, and an input is refused as well: that
  /// alone would not keep those of the others back.
  package mutating func tellOfSelectionBesideRefusal() {
    if failure == .refused, let missed = missedSelection { add(missed) }
  }

  /// Tells what was selected and not met, now that every input was read; a failure, where it is needed.
  package mutating func settleSelection() {
    defer { selection = nil }
    guard let fault = missedSelection, failure == nil else { return }
    if fault.rule == .unknownKind { return fail(.usage, fault) }
    if fault.severity == .error { fail(.missing, fault) } else { add(fault) }
  }

  /// Makes sure that the report will not be written over one of the inputs.
  package mutating func check(inputs paths: some Sequence<String>) throws(Fault) {
    guard let target = file, target.isOne(of: paths) else { return }
    target.abandon()
    file = nil
    throw Fault(.usage, .reportOverInput(target.path))
  }

  /// Makes this known at the end, of the addresses which nobody chose, where pods are injected that ask Vault there; nil
  /// is a finding of a rule that is ignored.
  package mutating func expectAddress(orTell finding: @escaping ([String]) -> Diagnostic?) {
    if addressNote == nil { addressNote = AddressNote(finding) }
  }

  /// Makes known at the end which of these containers, that options name, no pod has.
  package mutating func expect(
    containers names: [String], _ kinds: WorkloadKinds, orTell finding: @escaping (String, String?) -> Diagnostic?
  ) {
    if !isHook, !names.isEmpty { containers = ContainerAccount(names, kinds, orTell: finding) }
  }

  private mutating func settleContainers() {
    let findings = containers?.findings ?? []
    containers = nil
    for finding in findings { add(finding) }
  }

  /// Tells of Vault's address now that every input was read; what was told.
  @discardableResult
  package mutating func tellOfAddress(isShown: Bool = true) -> Diagnostic? {
    guard let note = addressNote else { return nil }
    addressNote = nil
    guard let finding = note.due else { return nil }
    add(ReportEntry(finding, in: nil, name: nil), isShown: isShown)
    return finding
  }

  /// Shows what has been reported so far.
  package mutating func flush() { console.flush() }

  private var tellsSummary: Bool { summary.hasBegun && !(isHook && summary.isEmpty) }

  /// Ends the report, and tells how the run ended; `ending` is for one in which nothing failed.
  @discardableResult
  package mutating func finish(_ ending: Ending = .done) -> Ending {
    settleSelection()
    settleContainers()
    if missesInjection, failure == nil { fail(.refused, .nothingInjected) }
    tellOfAddress()
    console.endProgress()
    if var target = file {
      file = nil
      if tellsSummary { writer.add(summary, to: &target) }
      writer.finish(&target)
      do throws(OutputError) {
        try target.finish()
      } catch {
        note(error.kind)
        let entry = ReportEntry(error.diagnostic, in: nil, name: nil)
        errors.add(entry, to: &console)
        tellHelm(entry)
      }
    } else {
      if tellsSummary { writer.add(summary, to: &console) }
      writer.finish(&console)
    }
    console.flush()
    guard let failure else { return ending }
    // Where Helm is told of the failure in its own way, the process ends as if all were well.
    return refusal?.print() == true ? .done : .failed(failure)
  }
}

/// Ends a part of a run for a reason that has been reported.
package struct Reported: Error {
  package init() {}
}

extension Diagnostic {
  static let nothingInjected = Diagnostic(
    rule: .nothingInjected, message: "none of the selected objects is injected, and none was before",
    hint: "-v tells why each stays as it is; --require-injection insists on one")

  static func reportOverInput(_ path: String) -> Diagnostic {
    Diagnostic(
      rule: .usage, message: "the report would be written over \(path), which is one of the inputs",
      hint: "name another file for the report, outside of the folders that are read")
  }
}
