internal import ArgumentParser
internal import ManifestText
internal import Output
internal import Platform
internal import Workloads

/// What the program was started with, and the command it asks for.
struct Invocation {
  /// From this many files on, the files at the end of the line are kept from the parser.
  private static let manyFiles = 64

  private let arguments: [String]

  init(_ arguments: [String]) { self.arguments = arguments }

  /// The command line of this process; where kubectl asks for completions, the command that gives them.
  static var ofProcess: Invocation {
    let arguments = Array(Environment.arguments.dropFirst())
    return Invocation(
      ProgramName.asksForCompletion ? [CompleteCommand.name] + arguments : ApplyOptions.completed(arguments))
  }

  /// Reads the command; a word that should be a command and is not is reported before anything else.
  func command() throws -> any ParsableCommand {
    let words = CommandWords(arguments)
    if let fault = words.fault { throw usage(fault) }
    do {
      let command = try parsed()
      guard !words.namesCommand, var injecting = command as? InjectCommand else { return command }
      injecting.input.firstWordMayBeCommand = true
      return injecting
    } catch {
      guard let fault = words.faultOfFirst else { throw error }
      throw usage(fault)
    }
  }

  /// Answers what the parser ended with: the help or the version that was asked for, or what is wrong.
  func answer(to error: any Error) -> Ending {
    guard VaultInject.exitCode(for: error).isSuccess else {
      var report = Report(showsUnchanged: false)
      report.fail(.usage, fault(of: error))
      return report.finish()
    }
    let text = VaultInject.fullMessage(for: error)
    guard text.hasPrefix("OVERVIEW:"), let root = try? CommandTree.ofProgram() else {
      return ProgramText.print(text + "\n")
    }
    let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
    return ProgramText.print(HelpText(for: words, of: root).text)
  }

  /// What is wrong with the command line, as its declarations tell; else in the words of who refused it.
  private func fault(of error: any Error) -> Diagnostic {
    let message = VaultInject.message(for: error)
    do throws(Diagnostic) {
      let root = try CommandTree.ofProgram()
      let words = KubectlSpelling.separated(arguments, of: root) ?? arguments
      return UsageFault(in: words, of: root).diagnostic(otherwise: message)
    } catch {
      return error
    }
  }

  /// Reports that the command line makes no sense, and gives the exit code.
  private func usage(_ diagnostic: Diagnostic) -> ExitCode {
    var report = Report(showsUnchanged: false)
    report.fail(.usage, diagnostic)
    return ExitCode(report.finish())
  }

  /// The command, its options spelt as the parser takes them or else as kubectl does.
  private func parsed() throws -> any ParsableCommand {
    let treeOfEmptyValue = KubectlSpelling.hasEmptyValue(arguments) ? try? CommandTree.ofProgram() : nil
    // The parser takes `--in-place=` for `--in-place`.
    if let root = treeOfEmptyValue, let fault = UsageFault(in: arguments, of: root).ofSurplusValue {
      throw usage(fault)
    }
    do {
      if let root = treeOfEmptyValue, let words = KubectlSpelling.separated(arguments, of: root) {
        return try Invocation(words).parsedAsWritten()
      }
      return try parsedAsWritten()
    } catch {
      guard !VaultInject.exitCode(for: error).isSuccess, let root = try? CommandTree.ofProgram(),
        let words = KubectlSpelling.separated(arguments, of: root),
        let command = try? Invocation(words).parsedAsWritten()
      else { throw error }
      return command
    }
  }

  /// The command, with the many files a repository's hook names kept from the parser, whose time grows with the square
  /// of their number.
  private func parsedAsWritten() throws -> any ParsableCommand {
    let trailing = arguments.reversed().prefix { !$0.hasPrefix("-") }.count
    // The first of them may be an option's value, or a subcommand.
    let kept = arguments.count - max(0, trailing - 2)
    guard trailing > Invocation.manyFiles, !arguments.contains("--"),
      var command = try parsed(Array(arguments.prefix(kept))) as? any TransformCommand
    else { return try parsed(arguments) }
    command.input.files += arguments.dropFirst(kept)
    return command
  }

  /// The command, read by the parser only where the line is not an everyday one.
  private func parsed(_ arguments: [String]) throws -> any ParsableCommand {
    if let command = EverydayLine.command(arguments) { return command }
    return try Invocation.parsedByParser(arguments)
  }

  /// What the parser makes of the words, with the options spelt its way.
  ///
  /// It parses for the default command at once where no other is named. From the root on, it would go through
  /// all of its options twice to find that out. What is wrong, or asks for something other than a run, such as help, is
  /// parsed from there all the same.
  static func parsedByParser(_ arguments: [String]) throws -> any ParsableCommand {
    let names = VaultInject.commandNames
    let namesCommand = arguments.contains { names.contains($0) || $0.hasPrefix("---") }
    if !namesCommand, let command = try? InjectCommand.parseAsRoot(arguments) as? InjectCommand { return command }
    return try VaultInject.parseAsRoot(arguments)
  }
}

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

  /// The finding about a word that has to be a command and is not; nil for a command.
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
      let names = CommandWords.names(of: subcommands)
      // Where one command is meant without being named, the word may be what that takes.
      let isImplied = command.configuration.defaultSubcommand != nil && !isAboutHelp
      let isArgument = !CommandWords.mayBeCommand(word) || command == ExplainCommand.self && ExplainedName(word).isKnown
      if isImplied, isArgument || NearestName.nearest(to: word, among: names) == nil { return nil }
      let parent = index == 0 ? nil : words.prefix(index).joined(separator: " ")
      return .unknownCommand(word, of: parent, among: names)
    }
    return nil
  }

  /// What is wrong with the first word where it is not a command, and the line makes no sense for one that injects.
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
        rule: .unknownCommand, message: "the command `\(word)` stands after an option, where a file belongs",
        hint: "put it first: \(ProgramName.current) \(word) …")
    }
    let nearest = NearestName.nearest(to: word, among: commands + names).map { "did you mean \($0)?" }
    return Diagnostic(
      rule: .unknownCommand, message: "there is no command `\(word)`, and no file of that name",
      hint: CommandGuess.hint(for: word) ?? nearest ?? CommandGuess.hint(near: word)
        ?? "\(ProgramName.current) --help lists the commands")
  }

  /// A word that is not a subcommand of a command, or of none where help was asked about it.
  static func unknownCommand(_ word: String, of parent: String?, among names: [String]) -> Diagnostic {
    let nearest = NearestName.nearest(to: word, among: names)
    return Diagnostic(
      rule: .unknownCommand, message: "\(parent.map { "`\($0)` has" } ?? "there is") no command `\(word)`",
      hint: nearest.map { "did you mean \(parent.map { "\($0) " } ?? "")\($0)?" }
        ?? "it is one of \(names.joined(separator: ", "))")
  }
}

extension ValidationError {
  /// What is wrong with the options of a command, and what to do about it.
  init(_ message: String, hint: String) { self.init("\(message)\(UsageFault.hintMark)\(hint)") }
}
