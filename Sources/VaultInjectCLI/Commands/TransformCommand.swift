internal import ArgumentParser
internal import Injection
internal import Workloads

/// A command that reads manifests, changes them, and puts the result where the options say.
///
/// Such a command declares the five groups of options and says which change it makes.
protocol TransformCommand: ParsableCommand {
  var input: InputOptions { get set }
  var output: OutputOptions { get }
  var selection: SelectionOptions { get }
  var configuration: ConfigurationOptions { get }
  var report: ReportOptions { get }

  /// The change to the selected objects, with the configuration in force.
  func transform(_ loaded: LoadedConfiguration, _ selection: Selection) -> any DocumentTransform
}

extension TransformCommand {
  func run() throws {
    var report = Report(report, showsUnchanged: output.prints)
    guard let loaded = report.load(configuration),
      let selection = report.load(selection, defaultNamespace: input.namespace)
    else {
      report.finish()
      throw report.failure ?? .failure
    }
    throw output.run(transform(loaded, selection), on: input.resolver, report: report)
  }
}
