internal import Output
internal import Injection
internal import ManifestText

/// What a run as a KRM function is to do.
struct FunctionPlan {
  let list: ResourceList
  /// Loads the configuration, to which the list adds its own.
  let load: () throws(Fault) -> LoadedConfiguration
  /// The change that a configuration asks for; nil, and reported, where it cannot be told what is to be changed.
  let transform: (LoadedConfiguration, inout Report) -> (any DocumentTransform)?
}

/// Runs a command as a KRM function: the list that was read is printed, changed, with what there is to say in it.
///
/// Where something is refused, the list is printed as it was read, and the results say why. What they say is not said
/// again on standard error where the host shows them.
struct FunctionRun: ~Copyable {
  private let list: ResourceList
  private var results: FunctionResults
  private var report: Report
  /// True where standard error tells what the results do.
  private let isShown: Bool

  private init(_ list: ResourceList, report: consuming Report) {
    self.list = list
    self.report = report
    results = FunctionResults(list)
    isShown = !list.isFromKpt
  }

  /// Does what the plan says, and prints the list.
  static func all(_ plan: FunctionPlan, report: consuming Report) -> Ending {
    var run = FunctionRun(plan.list, report: report)
    let transform = run.transform(plan)
    run.printList(transform.map { run.apply($0) } ?? plan.list)
    return run.report.finish()
  }

  private mutating func transform(_ plan: FunctionPlan) -> (any DocumentTransform)? {
    do throws(Fault) {
      let loaded = try plan.load()
      report.take(configuration: loaded.findings, files: loaded.files, isShown: isShown)
      for finding in loaded.findings { results.add(finding.diagnostic) }
      return plan.transform(loaded, &report)
    } catch {
      report.fail(error, isShown: isShown)
      results.add(error.diagnostic)
      return nil
    }
  }

  /// The list with the transform done to it; as it was where anything is refused.
  private mutating func apply(_ transform: any DocumentTransform) -> ResourceList {
    var sink = DocumentRenderer(format: nil)
    let result = DocumentPipeline(transform: transform, scope: .everyInput).run(list.source, into: &sink) { _ in }
    report.add(ReportEntry(result, of: list.source), isShown: isShown)
    for object in result.objects { results.add(object, isPending: result.isRefused) }
    for finding in result.findings { results.add(finding) }
    if let finding = report.missedSelection { results.add(finding) }
    guard !result.isRefused else { return list }
    let changed = ResourceList(SourceText(name: list.source.name, bytes: sink.output.bytes))
    if changed == nil { report.fail(.internalError, .listLost) }
    return changed ?? list
  }

  private mutating func printList(_ list: ResourceList) {
    var output = OutputBuffer()
    do throws(Diagnostic) {
      output.append(try list.bytes(adding: results.values))
    } catch {
      report.fail(Fault(.refused, in: list.source, error))
      output.append(list.source.bytes)
    }
    do throws(OutputError) {
      try output.write()
    } catch {
      report.fail(error)
    }
  }
}

extension Diagnostic {
  fileprivate static let listLost = Diagnostic(
    rule: "internal", message: "internal error: what was made of the list is no list any more; it is printed as it was")
}
