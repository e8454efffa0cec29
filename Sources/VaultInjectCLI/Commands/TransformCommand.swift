internal import ArgumentParser
internal import Injection
internal import Workloads

/// A command that reads manifests, changes them, and puts the result where the options say.
///
/// Such a command declares the six groups of options and says which change it makes.
protocol TransformCommand: ParsableCommand {
  var input: InputOptions { get set }
  var output: OutputOptions { get }
  var selection: SelectionOptions { get }
  var configuration: ConfigurationOptions { get }
  var cluster: ClusterOptions { get }
  var report: ReportOptions { get }

  /// True where a run in which nothing is injected, nor was before, has failed.
  var requiresInjection: Bool { get }

  /// The change to the selected objects, with the configuration in force.
  func transform(_ loaded: LoadedConfiguration, _ selection: Selection) -> any DocumentTransform
}

extension TransformCommand {
  var requiresInjection: Bool { false }

  func run() throws {
    var report = Report(report, showsUnchanged: output.prints, requiresInjection: requiresInjection)
    var manifests = input.resolver
    let standardInput = output.inPlace ? nil : manifests.takeStandardInput()
    if output.keepsForm, let list = standardInput.flatMap(ResourceList.init) {
      var function = FunctionRun(list, report: report)
      throw function.run(self)
    }
    guard report.failure == nil, let loaded = report.load(configuration, cluster),
      let selection = report.load(selection, defaultNamespace: input.namespace)
    else {
      report.finish()
      throw report.failure ?? .failure
    }
    let inputs: TransformInputs
    do throws(InputError) {
      let live = try input.liveObjects(
        labels: self.selection.labels, loaded.kinds, cluster, inPlace: output.inPlace,
        ClusterConnection.opening(self.report), &report)
      inputs = live.map(TransformInputs.cluster) ?? .manifests(manifests)
    } catch {
      report.fail(error)
      report.finish()
      throw error.exitCode
    }
    let filter = output.hook ? RepositoryFilter(dialects: loaded.dialects, kinds: loaded.kinds) : nil
    throw output.run(transform(loaded, selection), on: inputs, filter, report: report)
  }
}
