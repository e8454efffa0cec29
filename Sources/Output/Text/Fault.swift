package import ManifestText

/// A failure: the finding to report, and what kind of failure it is.
package struct Fault: Error, Equatable {
  /// What kind of failure it is; how the process ends for each kind is for the commands to say.
  ///
  /// Where several things fail, the first of these tells how the run ended, whatever came first.
  package enum Kind: Int, CaseIterable, Comparable, Sendable {
    /// The command line asks for something that cannot be.
    case usage
    /// A fault of this program, not of its input.
    case internalError
    /// The output could not be written.
    case unwritable
    /// A server, or another program that is needed, cannot be had.
    case unavailable
    /// There is no such input.
    case missing
    /// An input cannot be read or is refused.
    case refused

    package static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
  }

  package let kind: Kind
  /// The input's name, to be put before the message; nil where the command line itself is at fault.
  package let input: String?
  /// The text the diagnostic's range is in; nil where it has none.
  package let source: SourceText?
  package let diagnostic: Diagnostic
  /// What is to be told beside it of the same text.
  package let others: [Diagnostic]

  package init(
    _ kind: Kind, input: String? = nil, in source: SourceText? = nil, _ diagnostic: Diagnostic,
    and others: [Diagnostic] = []
  ) {
    self.kind = kind
    self.input = source?.name ?? input
    self.source = source
    self.diagnostic = diagnostic
    self.others = others
  }

  package static func == (left: Fault, right: Fault) -> Bool {
    left.kind == right.kind && left.input == right.input && left.diagnostic == right.diagnostic
      && left.others == right.others
  }
}

extension Fault: CustomStringConvertible {
  /// The message after the input's name, and the hint on a line of its own.
  package var description: String {
    let subject = input.map { "\($0): " } ?? ""
    let hint = diagnostic.hint.map { "\n  hint: \($0)" } ?? ""
    return "\(subject)\(diagnostic.message)\(hint)"
  }
}

/// How a run ended.
package enum Ending: Equatable, Sendable {
  /// Nothing failed.
  case done
  /// Nothing failed, and there is a difference between what is and what would be.
  case differencesFound
  /// Something failed, and this is the kind that counts.
  case failed(Fault.Kind)
}
