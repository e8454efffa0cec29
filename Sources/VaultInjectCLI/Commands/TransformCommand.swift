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
    var report = Report(report.settings, showsUnchanged: output.prints, requiresInjection: requiresInjection)
    var manifests = input.resolver
    let standardInput = output.inPlace ? nil : manifests.takeStandardInput()
    if output.keepsForm, let list = standardInput.flatMap(ResourceList.init) {
      var function = FunctionRun(list, report: report)
      throw function.run { (list) throws(InputError) in
        try ConfigurationLoader(cluster: { cluster }).load(configuration, function: list)
      } _: { loaded, report in
        guard let selection = report.load(selection, defaultNamespace: input.namespace) else { return nil }
        report.account(for: self.selection.words, selection, loaded.kinds)
        return transform(loaded, selection)
      }
    }
    guard report.failure == nil, let loaded = report.load(configuration, cluster),
      let selection = report.load(selection, defaultNamespace: input.namespace)
    else {
      report.finish()
      throw report.failure ?? .failure
    }
    if output.inPlace, let unknown = selection.kinds.first(where: { !$0.isKnown(to: loaded.kinds) }) {
      report.fail(.usage, .unknownKind(unknown, loaded.kinds))
      report.finish()
      throw ExitCode.usage
    }
    if !output.hook { report.account(for: self.selection.words, selection, loaded.kinds) }
    manifests.faultOfFirstWord = input.faultOfFirstWord(
      orOneOf: loaded.kinds.words.filter { $0.first?.isLowercase == true })
    let inputs: TransformInputs
    do throws(InputError) {
      let live = try input.liveObjects(
        labels: self.selection.labels, loaded.kinds, cluster, inPlace: output.inPlace,
        ClusterConnection.opening(showingRequests: self.report.showsRequests), &report)
      inputs = live.map(TransformInputs.cluster) ?? .manifests(manifests)
    } catch {
      report.fail(error)
      report.finish()
      throw error.exitCode
    }
    throw output.run(
      transform(loaded, selection), on: inputs,
      wantsAccount: loaded.isStrict || requiresInjection || self.report.wantsAccount, kinds: loaded.kinds,
      report: report)
  }
}
