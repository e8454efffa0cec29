internal import ArgumentParser
internal import Injection

/// A command that reads manifests, changes them, and puts the result where the options say.
///
/// Such a command declares the five groups of options and says which change it makes.
protocol TransformCommand: ParsableCommand {
  var input: InputOptions { get set }
  var output: OutputOptions { get }
  var configuration: ConfigurationOptions { get }
  var report: ReportOptions { get }

  /// The change, with the configuration in force.
  func transform(_ loaded: LoadedConfiguration) -> any DocumentTransform
}

extension TransformCommand {
  func run() throws {
    var report = Report(report, showsUnchanged: output.prints)
    guard let loaded = report.load(configuration) else {
      report.finish()
      throw report.failure ?? .failure
    }
    throw output.run(transform(loaded), on: input.resolver, report: report)
  }
}
