internal import Output
internal import ArgumentParser
internal import Injection
internal import ManifestText

/// Shows and exports the configuration.
struct ConfigCommand: ExplainedCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Show the configuration in force, or print a file to start from.",
    subcommands: [View.self, Export.self])

  static var examples: String {
    """
    # See what is in force here, and where each value comes from
    kubectl vault-inject config view

    # Begin a configuration file with every setting there is
    kubectl vault-inject config export > .vault-inject.yaml
    """
  }

  /// Prints what is in force.
  struct View: ProgramCommand {
    static let configuration = CommandConfiguration(
      commandName: "view", abstract: "Print what is in force, and where each value comes from.",
      discussion: "What is printed can be used as a configuration file.")

    static var examples: String {
      """
      # What is in force in this folder
      kubectl vault-inject config view

      # What a webhook's configuration and an option make of it
      kubectl vault-inject config view --webhook-config configmap/vault/injector --sidecars native
      """
    }

    @OptionGroup(title: "Configuration") var options: ConfigurationOptions
    @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions

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

    static var examples: String {
      """
      # A file to start from
      kubectl vault-inject config export > .vault-inject.yaml

      # The same with two settings that are in force
      kubectl vault-inject config export --vault-addr https://vault.example.com --set agent.logLevel=debug
      """
    }

    @OptionGroup(title: "Configuration") var options: ConfigurationOptions
    @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions

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
