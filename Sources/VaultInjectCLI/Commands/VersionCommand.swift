internal import ArgumentParser

/// The version of this program.
enum Version {
  static let number = "0.1.0"
  static let text = "kubectl-vault-inject \(number)"
}

/// Prints the version.
struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

  func run() throws { try ProgramText.print(Version.text + "\n") }
}
