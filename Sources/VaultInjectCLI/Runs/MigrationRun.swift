internal import Injection
internal import ManifestText
internal import Output
internal import Workloads

/// What a run is to tell of a migration.
struct MigrationTask {
  let configurations: Configurations
  /// The namespace of objects that name none; nil where the command line has none.
  let namespace: String?
  let selection: Selection
  let inputs: TransformPlan.Inputs
  /// What is named of manifests, or would be.
  let named: InputResolver
  let format: MigrationFormat
  /// The inputs as they are written on the command line.
  let words: String
  /// What says whose pods they are, where the command line does: it holds for the commands to type as well.
  let option: String
}

/// Reads which webhooks pods ask and who injected them, and tells it when all of them have been read.
struct MigrationRun: ~Copyable {
  private let task: MigrationTask
  private let filter: RepositoryFilter
  private var account: MigrationAccount
  private var report: Report

  init(_ task: MigrationTask, report: consuming Report) {
    self.task = task
    self.report = report
    filter = RepositoryFilter(kinds: task.configurations.base.kinds, named: task.named)
    account = MigrationAccount(inputs: task.words, option: task.option)
  }

  /// The whole run: how it ended, and what is to be printed; nil where there is nothing.
  consuming func all() -> (ending: Ending, text: String?) {
    do throws(Fault) {
      var inputs = try ConfiguredInputs(task.inputs, task.configurations, &report)
      while let (source, loaded) = inputs.next(&report) {
        report.noteRead(source)
        read(source, with: loaded)
      }
    } catch {
      report.fail(error)
    }
    let isHeldBack = report.waitsForSelection
    if isHeldBack, !account.isEmpty { report.tellOfSelectionBesideRefusal() }
    report.settleSelection()
    if account.isEmpty, report.failure == nil { report.add(.nothingToMigrate) }
    let ending = report.finish()
    return (ending, isHeldBack || account.isEmpty && task.format != .json ? nil : account.text(as: task.format))
  }

  private mutating func read(_ source: SourceText, with loaded: LoadedConfiguration) {
    let reader = loaded.migrationReader(namespace: task.namespace, selection: task.selection).informed(by: source)
    let isConcerned = source.holds(reader.mayConcern)
    let lines = LineIndex(source)
    do throws(Diagnostic) {
      if filter.skips(source) || !isConcerned {
        if let remark = try filter.remark(onUnread: source, isConcerned: isConcerned) { report.add(remark, in: source) }
        return
      }
      for piece in try DocumentStream(source) {
        if filter.skips(piece, of: source) {
          if let remark = filter.remark(on: piece, of: source, unreadable: nil) { report.add(remark, in: source) }
          continue
        }
        guard let document = try document(piece, of: source), reader.mayConcern(piece.range, of: source) else {
          continue
        }
        for pod in try reader.read(document) { account.add(pod, at: lines.location(of: pod.offset)) }
        for pod in try reader.strangers(in: document) { account.add(pod) }
      }
    } catch {
      report.fail(.refused, error, in: source)
    }
  }

  /// A document that was read; nil for one that cannot be read before another program has filled it in.
  private func document(_ piece: DocumentStream.Piece, of source: SourceText) throws(Diagnostic) -> Document? {
    do throws(Diagnostic) {
      return try Document(piece, of: source)
    } catch {
      guard filter.excuses(piece, of: source, isConcerned: true) else { throw error }
      return nil
    }
  }
}

extension Diagnostic {
  fileprivate static let nothingToMigrate = Diagnostic(
    rule: .nothingToExplain, message: "there is nothing to migrate: no pod asks a webhook, or was injected",
    hint: "to see what runs in a cluster: migrate pods -A")
}
