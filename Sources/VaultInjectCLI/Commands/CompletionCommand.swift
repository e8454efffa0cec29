internal import ArgumentParser
internal import ManifestText
internal import Output

/// Prints a completion script for a shell.
struct CompletionCommand: ProgramCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion", abstract: "Print a completion script for bash, zsh or fish.",
    discussion: """
      Completion of `kubectl vault-inject` itself needs no script of ours: kubectl asks the program \
      kubectl_complete-vault_inject on PATH, a link to this one.
      """)

  static var examples: String {
    """
    # For this shell
    source <(kubectl vault-inject completion bash)

    # For every fish from now on
    kubectl vault-inject completion fish > ~/.config/fish/completions/kubectl-vault-inject.fish
    """
  }

  @Argument(help: "The shell: bash, zsh or fish.")
  var shell: CompletionScript.Shell

  func outcome() -> Ending { ProgramText.print(CompletionScript.text(for: shell)) }
}

extension CompletionScript.Shell: ExpressibleByArgument {}

/// Answers the completion scripts, and kubectl through `kubectl_complete-vault_inject`.
struct CompleteCommand: ProgramCommand {
  static let name = "__complete"

  static let configuration = CommandConfiguration(
    commandName: name, abstract: "Print what the last word can become, for completion scripts.",
    shouldDisplay: false)

  static var examples: String { "" }

  @Argument(
    parsing: .captureForPassthrough,
    help: "The words after the program's name; the last one is being completed, and may be empty.")
  var words: [String] = []

  func outcome() -> Ending {
    do throws(Diagnostic) {
      return ProgramText.print(try Completion(of: CommandTree.ofProgram()).answer(words).text)
    } catch {
      var report = Report(showsUnchanged: false)
      report.fail(.internalError, error)
      return report.finish()
    }
  }
}
