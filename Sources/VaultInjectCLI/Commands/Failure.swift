package import Output
internal import ArgumentParser

/// How the process ends, in the numbers of `sysexits.h`, which ArgumentParser follows too; nothing below the commands
/// knows of exit codes.
package enum Failure: Sendable {
  /// The exit code for a kind of failure.
  package static func exitCode(of kind: Fault.Kind) -> Int32 {
    switch kind {
    case .usage: 64
    case .refused: 65
    case .missing: 66
    case .unavailable: 69
    case .internalError: 70
    case .unwritable: 74
    }
  }
}

extension ExitCode {
  /// The exit code of a run that ended like this.
  init(_ ending: Ending) {
    switch ending {
    case .done: self = .success
    case .differencesFound: self.init(1)
    case .failed(let kind): self.init(Failure.exitCode(of: kind))
    }
  }
}

/// A command that tells how its run ended, from which the exit code follows.
protocol ProgramCommand: ExplainedCommand {
  /// Does what the command is for; what failed has been reported.
  func outcome() -> Ending
}

extension ProgramCommand {
  func run() throws { throw ExitCode(outcome()) }
}
