internal import Output
internal import ArgumentParser
internal import Injection
internal import ManifestText

/// Shows and exports the configuration.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Show the configuration in force, or print a file to start from.",
    subcommands: [View.self, Export.self])

  /// Prints what is in force.
  struct View: ProgramCommand {
    static let configuration = CommandConfiguration(
      commandName: "view", abstract: "Print what is in force, and where each value comes from.",
      discussion: "What is printed can be used as a configuration file.")

    @OptionGroup(title: "Configuration") var options: ConfigurationOptions
    @OptionGroup(title: "Cluster (only where one is asked)") var cluster: ClusterOptions

    func outcome() -> Ending {
      ConfigCommand.print(options, cluster) { loaded in
        ConfigurationText.view(loaded.configuration, webhookConfiguration: loaded.webhookConfiguration)
      }
    }
  }

  /// Prints a starting file.
  struct Export: ProgramCommand {
    static let configuration = CommandConfiguration(
      commandName: "export", abstract: "Print a file to start from: every setting, with comments.",
      discussion: "Built-in values are commented out; what the options and files set is in force in it.")

    @OptionGroup(title: "Configuration") var options: ConfigurationOptions
    @OptionGroup(title: "Cluster (only where one is asked)") var cluster: ClusterOptions

    func outcome() -> Ending {
      ConfigCommand.print(options, cluster) { ConfigurationText.export($0.configuration) }
    }
  }

  private static func print(
    _ options: ConfigurationOptions, _ cluster: ClusterOptions, _ text: (LoadedConfiguration) -> String
  ) -> Ending {
    var report = Report(showsUnchanged: false)
    let loaded = try? report.load(options, cluster.access())
    let ending = report.finish()
    return loaded.map { ProgramText.print(text($0)) } ?? ending
  }
}
