/// The script that makes a shell ask this program for completions.
///
/// The scripts know nothing of the command line: they hand over the words, and show what `__complete` answers.
enum CompletionScript {
  /// The shells there is a script for.
  enum Shell: String, CaseIterable { case bash, zsh, fish }

  /// The script for a shell, for all names the program is installed under.
  static func text(for shell: Shell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }
}
