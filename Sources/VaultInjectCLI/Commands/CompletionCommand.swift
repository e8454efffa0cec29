internal import Output
internal import ArgumentParser

/// Prints a completion script for a shell.
struct CompletionCommand: ProgramCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion", abstract: "Print a completion script for bash, zsh or fish.",
    discussion: """
      Completion of `kubectl vault-inject` itself needs no script of ours: kubectl asks the program \
      kubectl_complete-vault_inject on PATH, a link to this one.
      """)

  @Argument(help: "The shell: bash, zsh or fish.")
  var shell: CompletionScript.Shell

  func outcome() -> Ending { ProgramText.print(CompletionScript.text(for: shell)) }
}

extension CompletionScript.Shell: ExpressibleByArgument {}
