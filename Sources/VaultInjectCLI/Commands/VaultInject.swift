public import ArgumentParser

/// The whole command line.
public struct VaultInject: ParsableCommand {
  /// Names, help and subcommands.
  public static let configuration = CommandConfiguration(
    commandName: ProgramName.current,
    abstract: "Adds Vault Agent containers to annotated Kubernetes manifests, and changes nothing else.",
    discussion: """
      Reads manifests, does to annotated pods what the Vault injector's admission webhook would do, and prints \
      the same manifests with the containers, volumes and mounts in them. Comments, quoting, key order and every \
      untouched document stay byte for byte. No cluster and no network are needed.
      """,
    version: Version.text,
    subcommands: [InjectCommand.self, ConfigCommand.self, VersionCommand.self, CompletionCommand.self],
    defaultSubcommand: InjectCommand.self)

  /// Made by the parser.
  public init() {}
}

extension VaultInject {
  /// Runs the command line the process was started with, and ends the process.
  public static func start() -> Never {
    FileDescriptor.reserveStandardStreams()
    main()
    exit()
  }
}
