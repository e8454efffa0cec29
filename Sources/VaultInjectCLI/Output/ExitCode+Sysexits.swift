package import ArgumentParser

/// How the process ends, in the numbers of `sysexits.h`, which ArgumentParser follows too.
extension ExitCode {
  /// There is a difference between what is and what would be, and nothing went wrong.
  package static let differencesFound = ExitCode(1)
  /// The command line asks for something that cannot be.
  package static let usage = ExitCode(64)
  /// An input cannot be read or is refused.
  package static let inputRefused = ExitCode(65)
  /// There is no such input.
  package static let noSuchInput = ExitCode(66)
  /// A server, or another program that is needed, cannot be had.
  package static let unavailable = ExitCode(69)
  /// A fault of this program, not of its input.
  package static let internalError = ExitCode(70)
  /// The output could not be written.
  package static let outputFailed = ExitCode(74)
}
