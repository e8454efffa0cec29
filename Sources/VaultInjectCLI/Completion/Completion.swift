package import ManifestText
internal import Platform

/// Answers what the last word of a command line can become.
package struct Completion {
  private let root: CommandTree
  private let values = CompletionValues()

  /// Knows the command line that a description tells of, in the JSON of ArgumentParser's `--experimental-dump-help`.
  /// - Throws: A `Diagnostic` where the description of the command line cannot be read.
  package init(of description: String) throws(Diagnostic) {
    root = try CommandTree(of: description)
  }

  /// The answer for these words, the last of which is being completed and may be empty.
  ///
  /// For a word such as `--output=js`, candidates are what stands after the sign.
  package func answer(_ words: [String]) -> CompletionAnswer {
    let word = words.last ?? ""
    let cursor = CommandLineCursor(root, words: words.dropLast())
    if let option = cursor.pending { return values.answer(option, word, cursor) }
    guard word.hasPrefix("-"), word != "-", !cursor.isAfterTerminator else { return argument(word, cursor) }
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2, let option = cursor.option(parts[0]) {
      return option.kind == .option ? values.answer(option, parts[1], cursor) : CompletionAnswer()
    }
    return options(word, cursor)
  }

  private func options(_ word: String, _ cursor: CommandLineCursor) -> CompletionAnswer {
    let used = cursor.given.filter { !$0.option.isRepeating }.flatMap(\.option.names)
    let candidates = cursor.options.flatMap { option -> [CompletionAnswer.Candidate] in
      guard !option.isHidden, !option.names.contains(where: used.contains) else { return [] }
      let names = option.names.filter { word.hasPrefix("--") ? $0.hasPrefix("--") : true }
      return names.map { CompletionAnswer.Candidate($0, Completion.firstSentence(option.summary)) }
    }
    return CompletionAnswer(candidates).beginning(with: word)
  }

  /// A subcommand where one can stand and one fits, else what the command takes without a name.
  private func argument(_ word: String, _ cursor: CommandLineCursor) -> CompletionAnswer {
    let isHelp = cursor.command.name == "help"
    let commands = isHelp ? root.subcommands : cursor.acceptsSubcommand ? cursor.command.subcommands : []
    let candidates = commands.filter { !$0.isHidden && $0.name.hasPrefix(word) }
      .map { CompletionAnswer.Candidate($0.name, Completion.firstSentence($0.summary)) }
    guard let positional = cursor.positional, !isHelp else { return CompletionAnswer(candidates) }
    if !candidates.isEmpty { return CompletionAnswer(candidates, []) }
    return values.answer(positional, word, cursor)
  }

  /// What is short enough to stand beside a candidate.
  static func firstSentence(_ text: String) -> String {
    let end = text.firstRange(of: ". ")?.lowerBound ?? text.firstRange(of: "; ")?.lowerBound
    let sentence = end.map { text[..<$0] } ?? text[...]
    return String(sentence.hasSuffix(".") ? sentence.dropLast() : sentence)
  }
}

/// What may stand in the place of the word that is being completed, in the words of kubectl's plugins and of the
/// scripts printed by `completion`.
package struct CompletionAnswer: Equatable, Sendable {
  /// What the shell is to do beside offering the candidates: cobra's `ShellCompDirective`.
  package struct Directive: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// The word goes on: no space after it.
    package static let noSpace = Directive(rawValue: 2)
    /// File names are no values.
    package static let noFiles = Directive(rawValue: 4)
    /// The candidates are the endings of the files that are values.
    package static let fileExtensions = Directive(rawValue: 8)
    /// Folders are the values.
    package static let folders = Directive(rawValue: 16)
  }

  /// One thing to offer.
  package struct Candidate: Equatable, Sendable {
    package let text: String
    /// What it means; empty where it explains itself.
    package let summary: String

    package init(_ text: String, _ summary: String = "") {
      self.text = text
      self.summary = summary
    }
  }

  package var candidates: [Candidate] = []
  package var directive: Directive

  package init(_ candidates: [Candidate] = [], _ directive: Directive = .noFiles) {
    self.candidates = candidates
    self.directive = directive
  }

  /// One candidate a line, its meaning after a tab, and the directive at the end.
  package var text: String {
    candidates.reduce(into: "") { text, candidate in
      text += candidate.summary.isEmpty ? "\(candidate.text)\n" : "\(candidate.text)\t\(candidate.summary)\n"
    } + ":\(directive.rawValue)\n"
  }

  /// The same, with the candidates alone that begin so.
  func beginning(with prefix: String) -> CompletionAnswer {
    guard directive.isDisjoint(with: [.fileExtensions, .folders]) else { return self }
    return CompletionAnswer(candidates.filter { $0.text.hasPrefix(prefix) }, directive)
  }
}

/// The place a command line's last word stands in: which command it belongs to, and what is expected there.
struct CommandLineCursor {
  /// The command the words so far lead to.
  private(set) var command: CommandTree
  /// The option whose value is to come; nil where none is.
  private(set) var pending: ArgumentDeclaration?
  /// How many arguments without a name there were.
  private(set) var positionalCount = 0
  /// True after `--`, where dashes mean nothing any more.
  private(set) var isAfterTerminator = false
  /// Options that were given, with their values where they have one.
  private(set) var given: [(option: ArgumentDeclaration, value: String?)] = []

  /// Follows the words before the one that is being completed.
  init(_ root: CommandTree, words: some Sequence<String>) {
    command = root
    for word in words { take(word) }
  }

  /// The options that can stand here: those of the command, and of the one that is meant without being named.
  var options: [ArgumentDeclaration] {
    let implied = command.implied?.arguments.filter { command.option($0.names.first ?? "") == nil }
    return (command.arguments + (implied ?? [])).filter { $0.kind != .positional }
  }

  /// The argument without a name that can stand here; nil where none can.
  var positional: ArgumentDeclaration? {
    let declared = (command.implied ?? command).positionals
    if positionalCount < declared.count { return declared[positionalCount] }
    return declared.last.flatMap { $0.isRepeating ? $0 : nil }
  }

  /// True where the name of a subcommand can stand.
  var acceptsSubcommand: Bool { positionalCount == 0 && !isAfterTerminator }

  /// The option with this name, dashes included.
  func option(_ name: String) -> ArgumentDeclaration? {
    command.option(name) ?? command.implied?.option(name)
  }

  /// The last value that an option of this name was given.
  func value(of name: String) -> String? { given.last { $0.option.names.contains(name) }?.value }

  private mutating func take(_ word: String) {
    if let option = pending {
      pending = nil
      given.append((option, word))
    } else if isAfterTerminator || !word.hasPrefix("-") || word == "-" {
      takeArgument(word)
    } else if word == "--" {
      isAfterTerminator = true
    } else if word.hasPrefix("--") {
      takeLong(word)
    } else {
      takeShort(word)
    }
  }

  private mutating func takeArgument(_ word: String) {
    if acceptsSubcommand, let next = command.subcommand(word) {
      command = next
    } else {
      descendIntoImplied()
      positionalCount += 1
    }
  }

  private mutating func takeLong(_ word: String) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let option = option(parts[0]) else { return }
    note(option, value: parts.count > 1 ? parts[1] : nil)
  }

  /// Letters after one dash: flags, and perhaps an option as the last of them.
  private mutating func takeShort(_ word: String) {
    for letter in word.dropFirst() {
      guard let option = option("-\(letter)") else { return }
      note(option, value: nil)
    }
  }

  private mutating func note(_ option: ArgumentDeclaration, value: String?) {
    if command.option(option.names[0]) == nil { descendIntoImplied() }
    if option.kind == .option, value == nil {
      pending = option
    } else {
      given.append((option, value))
    }
  }

  private mutating func descendIntoImplied() {
    if let implied = command.implied { command = implied }
  }
}
