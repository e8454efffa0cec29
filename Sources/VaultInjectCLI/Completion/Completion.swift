package import ManifestText
internal import Platform

/// Answers what the last word of a command line can become.
package struct Completion {
  private let root: CommandTree
  private let values = CompletionValues()

  /// Knows this command line.
  init(of root: CommandTree) { self.root = root }

  /// Knows the command line that a description tells of, in the JSON of ArgumentParser's `--experimental-dump-help`.
  /// - Throws: A `Diagnostic` where the description of the command line cannot be read.
  package init(of description: String) throws(Diagnostic) {
    self.init(of: try CommandTree(of: description))
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
      return names.map { CompletionAnswer.Candidate($0, CommandTree.firstSentence(option.summary)) }
    }
    return CompletionAnswer(candidates).beginning(with: word)
  }

  /// A subcommand where one can stand and one fits, else what the command takes without a name.
  private func argument(_ word: String, _ cursor: CommandLineCursor) -> CompletionAnswer {
    let isHelp = cursor.command.name == "help"
    let commands = isHelp ? root.subcommands : cursor.acceptsSubcommand ? cursor.command.subcommands : []
    let candidates = commands.filter { !$0.isHidden && $0.name.hasPrefix(word) }
      .map { CompletionAnswer.Candidate($0.name, CommandTree.firstSentence($0.summary)) }
    guard let positional = cursor.positional, !isHelp else { return CompletionAnswer(candidates) }
    if !candidates.isEmpty { return CompletionAnswer(candidates, []) }
    return values.answer(positional, word, cursor)
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
