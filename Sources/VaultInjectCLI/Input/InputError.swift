package import ArgumentParser
package import KubernetesAPI
package import ManifestText
package import Platform

/// Why an input cannot be had: what to tell the user, and how the process ends.
package struct InputError: Error, Equatable {
  /// The input's name, to be put before the message; nil where the command line itself is at fault.
  package let input: String?
  /// The text the diagnostic's range is in; nil where it has none.
  package let source: SourceText?
  package let diagnostic: Diagnostic
  package let exitCode: ExitCode

  init(_ exitCode: ExitCode, input: String? = nil, in source: SourceText? = nil, _ diagnostic: Diagnostic) {
    self.input = source?.name ?? input
    self.source = source
    self.diagnostic = diagnostic
    self.exitCode = exitCode
  }

  package static func == (left: InputError, right: InputError) -> Bool {
    left.input == right.input && left.diagnostic == right.diagnostic
      && left.exitCode.rawValue == right.exitCode.rawValue
  }
}

extension InputError {
  /// The system refuses to let a file be read.
  package static func unreadable(_ error: SystemError, input: String) -> InputError {
    InputError(.inputRefused, input: input, .unreadable(error))
  }

  /// A URL gave no manifest, after this many attempts where asking again made sense.
  package static func notFetched(_ error: TransportError, input: String, attempts: Int) -> InputError {
    InputError(error.exitCode, input: input, .notFetched(error, attempts: attempts))
  }
}

extension InputError: CustomStringConvertible {
  /// The message after the input's name, and the hint on a line of its own.
  package var description: String {
    let subject = input.map { "\($0): " } ?? ""
    let hint = diagnostic.hint.map { "\n  hint: \($0)" } ?? ""
    return "\(subject)\(diagnostic.message)\(hint)"
  }
}
