internal import ArgumentParser
internal import Injection
internal import ManifestText

/// Shows and exports the configuration.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Show the configuration in force, or print a file to start from.",
    subcommands: [View.self, Export.self])

  /// Prints what is in force.
  struct View: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "view", abstract: "Print what is in force, and where each value comes from.")

    @OptionGroup(title: "Configuration") var options: ConfigurationOptions

    func run() throws {
      var report = Report(ReportOptions.textual, showsUnchanged: false)
      guard let loaded = report.load(options) else { throw report.failure ?? .failure }
      report.finish()
      try ConfigCommand.write(loaded.configuration.viewText)
    }
  }

  /// Prints a starting file.
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export", abstract: "Print every setting with its default, as a file to start from.")

    func run() throws { try ConfigCommand.write(Configuration.exportText) }
  }

  private static func write(_ text: String) throws {
    var output = OutputBuffer()
    output.append(text)
    do throws(OutputError) {
      try output.write()
    } catch {
      var report = Report(ReportOptions.textual, showsUnchanged: false)
      report.fail(error.exitCode, error.diagnostic)
      report.finish()
      throw error.exitCode
    }
  }
}
