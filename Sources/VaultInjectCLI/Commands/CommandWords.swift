internal import ArgumentParser
internal import ManifestText
internal import Platform
internal import Workloads

/// The words of a command line that stand where the name of a command belongs.
struct CommandWords {
  private let words: ArraySlice<String>
  private let isAboutHelp: Bool

  /// Takes the arguments up to the first option.
  init(_ arguments: [String]) {
    isAboutHelp = arguments.first == "help"
    words = arguments.prefix { !$0.hasPrefix("-") }.dropFirst(isAboutHelp ? 1 : 0)
  }

  /// True where the first word is the name of a command.
  var namesCommand: Bool { isAboutHelp || words.first.map(VaultInject.commandNames.contains) == true }

  /// What is wrong with a word that has to be a command and is none; nil where nothing is.
  ///
  /// The first word may also be a file; what becomes of one that is neither is left to those who look for it.
  var fault: Diagnostic? {
    var command: any ParsableCommand.Type = VaultInject.self
    for (index, word) in words.enumerated() {
      let subcommands = command.configuration.subcommands
      if subcommands.isEmpty { return nil }
      if let next = subcommands.first(where: { $0.configuration.commandName == word }) {
        command = next
        continue
      }
      if index == 0, !isAboutHelp || word == "help" { return nil }
      let parent = index == 0 ? nil : words.prefix(index).joined(separator: " ")
      return .unknownCommand(word, of: parent, among: CommandWords.names(of: subcommands))
    }
    return nil
  }

  /// What is wrong with the first word where it is no command, and the line makes no sense for one that injects.
  var faultOfFirst: Diagnostic? {
    guard let word = words.first, !namesCommand, CommandWords.mayBeCommand(word),
      !WorkloadKinds().words.contains(word)
    else { return nil }
    return .unknownCommand(word)
  }

  /// The names of the commands that help shows.
  private static func names(of commands: [any ParsableCommand.Type]) -> [String] {
    commands.filter { $0.configuration.shouldDisplay }.compactMap { $0.configuration.commandName }
  }

  /// True for a word that a person may have meant for a command: no path, no pattern, no file.
  static func mayBeCommand(_ word: String) -> Bool {
    word.utf8.allSatisfy { ASCII.isLetter($0) || $0 == ASCII.dash } && word.utf8.first.map(ASCII.isLetter) == true
      && (try? FileStatus(of: word)) == nil
  }
}

extension Diagnostic {
  /// A word that stands where a command or a file belongs; `names` are others that it may stand for.
  static func unknownCommand(_ word: String, orOneOf names: [String] = []) -> Diagnostic {
    let commands = VaultInject.commandNames.filter { $0 != CompleteCommand.name }
    if commands.contains(word) {
      return Diagnostic(
        rule: "unknown-command", message: "the command `\(word)` stands after an option, where a file belongs",
        hint: "put it first: \(ProgramName.current) \(word) …")
    }
    let nearest = NearestName.nearest(to: word, among: commands + names)
    return Diagnostic(
      rule: "unknown-command", message: "there is no command `\(word)`, and no file of that name",
      hint: nearest.map { "did you mean \($0)?" } ?? "\(ProgramName.current) --help lists the commands")
  }

  /// A word that is no subcommand of a command, or of none where help was asked about it.
  static func unknownCommand(_ word: String, of parent: String?, among names: [String]) -> Diagnostic {
    let nearest = NearestName.nearest(to: word, among: names)
    return Diagnostic(
      rule: "unknown-command", message: "\(parent.map { "`\($0)` has" } ?? "there is") no command `\(word)`",
      hint: nearest.map { "did you mean \(parent.map { "\($0) " } ?? "")\($0)?" }
        ?? "it is one of \(names.joined(separator: ", "))")
  }
}
