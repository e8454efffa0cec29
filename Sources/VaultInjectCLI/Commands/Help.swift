internal import ArgumentParser
internal import ManifestText
internal import Output
internal import Platform

/// A command whose help begins with examples.
protocol ExplainedCommand: ParsableCommand {
  /// A few commands as they are typed, each after a comment; the program is called `kubectl vault-inject` in them.
  static var examples: String { get }
}

extension CommandTree {
  /// The command line of this program, which only help, completion and messages about it need to know.
  static func ofProgram() throws(Diagnostic) -> CommandTree { try CommandTree(of: VaultInject._dumpHelp()) }
}

extension HelpText {
  /// The help for the command that some words lead to.
  init(for words: some Sequence<String>, of root: CommandTree) {
    let cursor = CommandLineCursor(root, words: words)
    let type = cursor.path.dropFirst().reduce(VaultInject.self as any ParsableCommand.Type) { type, name in
      type.configuration.subcommands.first { $0.configuration.commandName == name } ?? type
    }
    let examples = (type as? any ExplainedCommand.Type)?.examples ?? ""
    self.init(path: cursor.path, command: cursor.command, examples: examples, columns: HelpText.columns)
  }

  /// How wide the lines may be where help is read.
  static var columns: Int { Page.columns(of: .standardOutput) }
}

/// Prints the options for reaching a cluster, which the help of a command leaves out.
struct OptionsCommand: ProgramCommand {
  static let configuration = CommandConfiguration(
    commandName: "options", abstract: "List the options for reaching a cluster.")

  static var examples: String {
    """
    # List the options that choose a cluster, and the variables that count
    kubectl vault-inject options
    """
  }

  func outcome() -> Ending {
    do throws(Diagnostic) {
      return ProgramText.print(HelpText.options(of: try .ofProgram(), columns: HelpText.columns))
    } catch {
      var report = Report(showsUnchanged: false)
      report.fail(.internalError, error)
      return report.finish()
    }
  }
}
