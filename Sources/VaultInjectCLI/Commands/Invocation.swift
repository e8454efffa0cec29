internal import Output
internal import ArgumentParser
internal import ManifestText
internal import Platform

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

  /// Reads the command; a word that should be a command and is none is told before anything else.
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

  /// Tells that the command line makes no sense, and how the process ends for it.
  private func usage(_ diagnostic: Diagnostic) -> ExitCode {
    var report = Report(showsUnchanged: false)
    report.fail(.usage, diagnostic)
    return ExitCode(report.finish())
  }

  /// The command, with the many files a repository's hook names kept from the parser, whose time grows with the square
  /// of their number.
  private func parsed() throws -> any ParsableCommand {
    let trailing = arguments.reversed().prefix { !$0.hasPrefix("-") }.count
    // The first of them may be an option's value, or a subcommand.
    let kept = arguments.count - max(0, trailing - 2)
    guard trailing > Invocation.manyFiles, !arguments.contains("--"),
      var command = try parsed(Array(arguments.prefix(kept))) as? any TransformCommand
    else { return try parsed(arguments) }
    command.input.files += arguments.dropFirst(kept)
    return command
  }

  /// Parses for the default command at once where no other is named.
  ///
  /// From the root on, the parser would go through all of its options twice to find that out, which takes as long as an
  /// injection. What is wrong, or asks for something other than a run, such as help, is parsed from there all the same.
  private func parsed(_ arguments: [String]) throws -> any ParsableCommand {
    let names = VaultInject.commandNames
    let namesCommand = arguments.contains { names.contains($0) || $0.hasPrefix("---") }
    if !namesCommand, let command = try? InjectCommand.parseAsRoot(arguments) as? InjectCommand { return command }
    return try VaultInject.parseAsRoot(arguments)
  }
}
