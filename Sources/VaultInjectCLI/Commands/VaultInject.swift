public import ArgumentParser
internal import ManifestText
internal import Platform

/// The whole command line.
public struct VaultInject: ParsableCommand, Sendable {
  /// Names, help and subcommands.
  public static let configuration = CommandConfiguration(
    commandName: ProgramName.current,
    abstract: "Adds Vault Agent containers to annotated Kubernetes manifests, and changes nothing else.",
    discussion: """
      Reads manifests, does to annotated pods what the Vault injector's admission webhook would do, and prints \
      the same manifests with the containers, volumes and mounts in them. Comments, quoting, key order and every \
      untouched document stay byte for byte. No cluster and no network are needed.
      """,
    version: Version.text,
    subcommands: [
      InjectCommand.self, UninjectCommand.self, ConvertCommand.self, ApplyCommand.self, DiffCommand.self,
      VerifyCommand.self, ConfigCommand.self, PostRenderCommand.self, ArgoCDGenerateCommand.self, VersionCommand.self,
      CompletionCommand.self,
      CompleteCommand.self,
    ],
    defaultSubcommand: InjectCommand.self)

  /// Made by the parser.
  public init() {}
}

extension VaultInject {
  /// The words that are commands where they stand first.
  static var commandNames: [String] {
    ["help"] + configuration.subcommands.compactMap { $0.configuration.commandName }
  }

  /// Runs the command line the process was started with, and ends the process.
  public static func start() -> Never {
    FileDescriptor.reserveStandardStreams()
    do {
      let arguments = Array(Environment.arguments.dropFirst())
      var command = try parsed(
        ProgramName.asksForCompletion ? [CompleteCommand.name] + arguments : ApplyOptions.completed(arguments))
      try command.run()
      exit()
    } catch {
      // A signal that was held back while files were rewritten ends the process here.
      TerminationSignals.release()
      end(error)
    }
  }

  /// Ends the process; what is wrong with the command line repeats it, and is shown as everything else is.
  ///
  /// Where Helm 4 runs this as its plugin, the process ends in the way that makes Helm name what went wrong.
  private static func end(_ error: any Error) -> Never {
    let code = exitCode(for: error)
    // Whatever ends with a bare code has been reported, and printed for Helm.
    let text = error is ExitCode ? "" : fullMessage(for: error)
    if text.isEmpty { exit(withError: error) }
    if code.isSuccess { printAndEnd(text + "\n") }
    let shown = ShownText(lines: text)
    FileDescriptor.standardError.show(shown)
    guard HelmPlugin.isRunning else { exit(withError: code) }
    var refusal = HelmRefusal()
    refusal.line(shown)
    exit(withError: refusal.print() ? ExitCode.success : code)
  }

  /// Ends the process with what was asked of it instead of a run: its help or its version.
  private static func printAndEnd(_ text: String) -> Never {
    do { try ProgramText.print(text) } catch { exit(withError: error) }
    exit()
  }

  /// Reads the command line; a word that should be a command and is none is told before anything else.
  private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
    let words = CommandWords(arguments)
    if let fault = words.fault { throw usage(fault) }
    do {
      let command = try parsedQuickly(arguments)
      guard !words.namesCommand, var injecting = command as? any InjectingCommand else { return command }
      injecting.input.firstWordMayBeCommand = true
      return injecting
    } catch {
      guard let fault = words.faultOfFirst else { throw error }
      throw usage(fault)
    }
  }

  /// Tells that the command line makes no sense, and how the process ends for it.
  private static func usage(_ diagnostic: Diagnostic) -> ExitCode {
    var report = Report(showsUnchanged: false)
    report.fail(.usage, diagnostic)
    report.finish()
    return report.failure ?? .usage
  }

  /// Reads the command line; the many files a repository's hook names are kept from the parser, whose time grows
  /// with the square of their number.
  private static func parsedQuickly(_ arguments: [String]) throws -> any ParsableCommand {
    let trailing = arguments.reversed().prefix { !$0.hasPrefix("-") }.count
    // The first of them may be an option's value, or a subcommand.
    let kept = arguments.count - max(0, trailing - 2)
    guard trailing > 64, !arguments.contains("--"),
      var command = try parsedByName(Array(arguments.prefix(kept))) as? any TransformCommand
    else { return try parsedByName(arguments) }
    command.input.files += arguments.dropFirst(kept)
    return command
  }

  /// Asks the default command at once where no other is named.
  ///
  /// The parser would go through all of its options twice to find that out, which takes as long as an injection.
  /// Whatever is wrong is left for the parser to tell.
  private static func parsedByName(_ arguments: [String]) throws -> any ParsableCommand {
    let names = commandNames
    let namesCommand = arguments.contains { names.contains($0) || $0.hasPrefix("---") }
    if !namesCommand, let command = try? OfflineInjectCommand.parseAsRoot(arguments) as? OfflineInjectCommand {
      return command
    }
    return try parseAsRoot(arguments)
  }
}
