internal import Output
internal import ArgumentParser

/// Prints the version.
struct VersionCommand: ProgramCommand {
  static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

  func outcome() -> Ending { ProgramText.print(Version.text + "\n") }
}
