package import ArgumentParser
package import ManifestText
internal import Platform

/// Answers what the last word of a command line can become.
package struct Completion {
  private let root: CommandTree
  private let values = CompletionValues()

  /// Knows the command line of a command.
  /// - Throws: A `Diagnostic` where the description of the command line cannot be read.
  package init(_ command: any ParsableCommand.Type) throws(Diagnostic) {
    root = try CommandTree(command)
  }

  /// The answer for these words, the last of which is being completed and may be empty.
  ///
  /// For a word such as `--output=js`, candidates are what stands after the sign.
  package func answer(_ words: [String]) -> CompletionAnswer {
    let word = words.last ?? ""
    let cursor = CommandLineCursor(root, words: words.dropLast())
    if let option = cursor.pending { return values.answer(option, word, cursor) }
    guard word.hasPrefix("-"), word != "-", !cursor.isBehindTerminator else { return argument(word, cursor) }
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
