package import ArgumentParser
package import ManifestText

/// The output could not be written: a full disk, a reader that went away.
package struct OutputError: Error, Equatable {
  /// What was being written: a path, or `standard output`.
  package let output: String
  /// What the system said.
  package let error: SystemError

  package init(_ output: String, _ error: SystemError) {
    self.output = output
    self.error = error
  }

  /// How the process ends.
  package var exitCode: ExitCode { .outputFailed }

  /// What to tell the user.
  package var diagnostic: Diagnostic { .notWritten(output, error) }
}

extension Diagnostic {
  /// Writing failed; what was written before that is not to be trusted.
  static func notWritten(_ output: String, _ error: SystemError) -> Diagnostic {
    let hint: String? =
      switch error {
      case .brokenPipe: "the program that reads it ended early"
      case .noSpaceLeft: "the disk is full; what was written so far is incomplete"
      case .permissionDenied: "neither the file nor its folder may be read-only"
      case .badDescriptor: "it was closed when the command was started"
      default: nil
      }
    return Diagnostic(
      rule: "output-failed", message: "\(output) could not be written: \(error.reason)", hint: hint)
  }
}
