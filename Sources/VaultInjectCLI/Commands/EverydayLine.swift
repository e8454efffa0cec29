internal import ArgumentParser
internal import ManifestText
internal import Output

/// A command line as it is written most days, read without the parser: `-f app.yaml`, `-i -R k8s`, `--check FILES…`,
/// `lint k8s`.
///
/// The parser makes a definition of each option it might meet, which takes longer than an injection. It remains what
/// says what a command line means: a line of which any word is not told below is left to it, and so is one that is
/// wrong, so that all faults are the parser's. `EverydayLineTests` give both the same lines and compare.
struct EverydayLine {
  private var files: [String] = []
  private var input = InputOptions.notGiven
  private var output = OutputOptions.notGiven
  private var report = ReportOptions.notGiven
  /// True for the command that lints, which has options of its own in place of those about output.
  private let isLinting: Bool
  private var (fix, diff) = (false, false)
  private var threshold = LintCommand.Threshold.warning

  /// The command that injects or lints, with what the arguments of the process say, of which the first may name the
  /// command; nil where the parser has to read them.
  static func command(_ words: [String]) -> (any ParsableCommand)? {
    let isLinting = words.first == LintCommand.configuration.commandName
    let isNamed = isLinting || words.first == InjectCommand.configuration.commandName
    let words = words.dropFirst(isNamed ? 1 : 0)
    // A name of a command may stand for it in more places than the first, as the parser has it.
    let names = VaultInject.commandNames
    guard !words.contains(where: names.contains), let line = EverydayLine(words, isLinting: isLinting) else {
      return nil
    }
    return try? line.command()
  }

  private init?(_ words: ArraySlice<String>, isLinting: Bool) {
    self.isLinting = isLinting
    var words = words
    while let word = words.popFirst() {
      guard EverydayLine.isOption(word) else {
        files.append(word)
        continue
      }
      if take(flag: word) || take(letters: word) { continue }
      guard let value = words.popFirst(), !EverydayLine.isOption(value), take(value, of: word) else { return nil }
    }
  }

  private static func isOption(_ word: String) -> Bool { word.utf8.first == ASCII.dash && word != "-" }

  /// Several flags after one dash.
  private mutating func take(letters word: String) -> Bool {
    // To the parser, a dash that is one character with what follows it begins no flags; one letter is a flag itself.
    guard word.utf8.count > 2, word.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
    return word.dropFirst().allSatisfy { take(flag: "-\($0)") }
  }

  private mutating func take(flag name: String) -> Bool {
    switch name {
    case "-R", "--recursive": input.recursive = true
    case "-q", "--quiet": report.quiet = true
    case "--fix" where isLinting: fix = true
    case "--diff" where isLinting: diff = true
    case _ where isLinting: return false
    case "-i", "--in-place": output.inPlace = true
    case "--check": output.check = true
    case "--diff": output.diff = true
    case "--hook": output.hook = true
    default: return false
    }
    return true
  }

  private mutating func take(_ value: String, of name: String) -> Bool {
    switch name {
    case "-f", "--filename": input.filename.append(value)
    case "-n", "--namespace": input.namespace = value
    case "--error-on" where isLinting:
      guard let threshold = LintCommand.Threshold(rawValue: value) else { return false }
      self.threshold = threshold
    case "-o", "--output":
      guard !isLinting, let format = OutputFormat(rawValue: value) else { return false }
      output.output = format
    default: return false
    }
    return true
  }

  /// - Throws: What is wrong with the options together.
  private func command() throws -> any ParsableCommand {
    var (input, report) = (input, report)
    input.files = files
    try input.validate()
    try output.validate()
    report.color.validate()
    try report.validate()
    return isLinting ? try lint(input, report) : inject(input, report)
  }

  private func lint(_ input: InputOptions, _ report: ReportOptions) throws -> LintCommand {
    var command = LintCommand()
    (command.input, command.report) = (input, report)
    (command.selection, command.configuration, command.cluster) = (.notGiven, .notGiven, .notGiven)
    (command.fix, command.diff, command.threshold) = (fix, diff, threshold)
    try command.validate()
    return command
  }

  private func inject(_ input: InputOptions, _ report: ReportOptions) -> InjectCommand {
    var command = InjectCommand()
    (command.input, command.output, command.report) = (input, output, report)
    (command.selection, command.configuration, command.cluster) = (.notGiven, .notGiven, .notGiven)
    (command.requiresInjection, command.force, command.adopt) = (false, false, false)
    return command
  }
}

// What each group of options holds where none of them is given. The defaults in their declarations are the parser's
// alone, and an option without a value ends the program when it is asked for one.

extension InputOptions {
  fileprivate static var notGiven: InputOptions {
    var options = InputOptions()
    (options.filename, options.files) = ([], [])
    (options.recursive, options.allNamespaces) = (false, false)
    (options.kustomize, options.namespace) = (nil, nil)
    return options
  }
}

extension OutputOptions {
  fileprivate static var notGiven: OutputOptions {
    var options = OutputOptions()
    options.output = nil
    (options.inPlace, options.check, options.diff, options.hook) = (false, false, false, false)
    return options
  }
}

extension SelectionOptions {
  fileprivate static var notGiven: SelectionOptions {
    var options = SelectionOptions()
    options.labels = nil
    (options.kind, options.name, options.inNamespace) = ([], [], [])
    return options
  }
}

extension ConfigurationOptions {
  fileprivate static var notGiven: ConfigurationOptions {
    var options = ConfigurationOptions()
    (options.config, options.vaultAddr, options.webhookConfig) = (nil, nil, nil)
    (options.set, options.ignore, options.podPath) = ([], [], [])
    (options.entrypoint, options.imageConfig) = ([], [])
    (options.exact, options.strict) = (false, false)
    (options.dialect, options.sidecars) = (nil, nil)
    return options
  }
}

extension ClusterOptions {
  fileprivate static var notGiven: ClusterOptions {
    var options = ClusterOptions()
    (options.kubeconfig, options.context, options.cluster, options.user) = (nil, nil, nil, nil)
    (options.server, options.tlsServerName, options.requestTimeout) = (nil, nil, nil)
    (options.clientCertificate, options.clientKey, options.certificateAuthority) = (nil, nil, nil)
    (options.token, options.username, options.password) = (nil, nil, nil)
    (options.as, options.asUid, options.asGroup, options.asUserExtra) = (nil, nil, [], [])
    (options.insecureSkipTlsVerify, options.disableCompression) = (false, false)
    return options
  }
}

extension ReportOptions {
  fileprivate static var notGiven: ReportOptions {
    var (options, color) = (ReportOptions(), ColorOption())
    color.color = .auto
    (options.format, options.file, options.color) = (.text, nil, color)
    (options.quiet, options.verbose) = (false, 0)
    return options
  }
}
