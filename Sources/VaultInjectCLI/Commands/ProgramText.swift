internal import ArgumentParser
internal import Output
internal import Platform

/// The program's own texts: its help, version, scripts and settings.
enum ProgramText {
  /// Prints a text on standard output; where it cannot be written that is reported, as a truncated script must not be
  /// taken for a whole one.
  static func print(_ text: String) -> Ending {
    var output = OutputBuffer()
    output.append(text)
    do throws(OutputError) {
      try output.write()
      return .done
    } catch {
      var report = Report(showsUnchanged: false)
      report.fail(error)
      return report.finish()
    }
  }
}

/// What the user calls this program, for help and messages.
enum ProgramName {
  /// The file kubectl looks for when one types `kubectl vault-inject`.
  private static let pluginFile = "kubectl-vault_inject"

  /// How the names of the files begin that kubectl asks for completions of a plugin.
  private static let completionPrefix = "kubectl_complete-"

  /// `kubectl vault-inject` where kubectl started the program, else the program's own name.
  static let current: String = {
    if file == pluginFile { return "kubectl vault-inject" }
    let isStartedByKubectl = Environment.value("_").map(basename) == "kubectl"
    return isStartedByKubectl ? "kubectl vault inject" : "kubectl-vault-inject"
  }()

  /// True where kubectl asks for completions of the words it passes.
  static let asksForCompletion = file.hasPrefix(completionPrefix)

  /// The name of the file that was started.
  private static let file = Environment.arguments.first.map(basename) ?? ""

  private static func basename(_ path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
  }
}

/// Prints the version.
struct VersionCommand: ProgramCommand {
  static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

  static var examples: String {
    """
    # The version of this program
    kubectl vault-inject version
    """
  }

  func outcome() -> Ending { ProgramText.print(Version.text + "\n") }
}
