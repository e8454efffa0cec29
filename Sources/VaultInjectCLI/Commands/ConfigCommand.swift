internal import Output
internal import ArgumentParser
internal import Cluster
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
      discussion: """
        The nearest .vault-inject.yaml counts, from the folder of the file upward to the root of the repository; without a \
        file, from the working directory. What is printed can be used as a configuration file.
        """)

    static var examples: String {
      """
      # What is in force in this folder
      kubectl vault-inject config view

      # What is in force for a file, or for a kustomization, and in one namespace
      kubectl vault-inject config view overlays/prod/deployment.yaml
      kubectl vault-inject config view overlays/prod -n shop

      # What a webhook's configuration and an option make of it
      kubectl vault-inject config view --webhook-config configmap/vault/injector --sidecars native
      """
    }

    @Argument(
      help: "The file, or the folder of a kustomization, whose configuration is shown.", completion: .file())
    var file: String?

    @Option(
      name: [.customShort("n"), .long],
      help: "Show what is in force for objects of this namespace, where overrides say something for it.")
    var namespace: String?

    @OptionGroup(title: "Configuration") var options: ConfigurationOptions
    @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions

    func validate() throws {
      if let namespace { try NamespaceName.check(namespace, of: "--namespace") }
    }

    func outcome() -> Ending {
      ConfigCommand.print(options, cluster, of: file) { loaded in
        ConfigurationText.view(
          namespace.map(loaded.configuration) ?? loaded.configuration, webhookConfiguration: loaded.webhookConfiguration
        )
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
    _ options: ConfigurationOptions, _ cluster: ClusterOptions, of file: String? = nil,
    _ text: (LoadedConfiguration) -> String
  ) -> Ending {
    var report = Report(showsUnchanged: false)
    let configurations = try? report.load(options, cluster.access(), of: file)
    let ending = report.finish()
    return configurations.map { ProgramText.print(text($0.base)) } ?? ending
  }
}

extension Report {
  /// The configurations of a file or folder; nil stands for the working directory.
  fileprivate mutating func load(
    _ options: ConfigurationOptions, _ cluster: ClusterAccess, of file: String?
  ) throws(Reported) -> Configurations {
    if let file, InputPlace(of: file) == nil {
      fail(Fault(.missing, input: file, .missingFile(file)))
      throw Reported()
    }
    return try load(options, cluster, at: file.flatMap(InputPlace.init) ?? .workingFolder)
  }
}
