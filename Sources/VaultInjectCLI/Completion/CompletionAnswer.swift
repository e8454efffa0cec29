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
