internal import ArgumentParser
internal import Platform

/// The program: what the command line asks for, done, and how the process ends for it.
public enum Program: Sendable {
  /// Runs the command line the process was started with, and ends the process.
  public static func start() -> Never {
    FileDescriptor.reserveStandardStreams()
    do {
      var command = try Invocation.ofProcess.command()
      try command.run()
      VaultInject.exit()
    } catch {
      // A signal that was held back while files were rewritten ends the process here.
      TerminationSignals.release()
      end(error)
    }
  }

  /// Ends the process; what is wrong with the command line repeats it, and is shown as everything else is.
  ///
  /// Where Helm 4 runs this as its plugin, the process ends in the way that makes Helm name what went wrong.
  private static func end(_ error: any Error) -> Never {
    let code = VaultInject.exitCode(for: error)
    // Whatever ends with a bare code has been reported, and printed for Helm.
    let text = error is ExitCode ? "" : VaultInject.fullMessage(for: error)
    if text.isEmpty { VaultInject.exit(withError: error) }
    if code.isSuccess { printAndEnd(text + "\n") }
    let shown = ShownText(lines: text)
    FileDescriptor.standardError.show(shown)
    guard HelmPlugin.isRunning else { VaultInject.exit(withError: code) }
    var refusal = HelmRefusal()
    refusal.line(shown)
    VaultInject.exit(withError: refusal.print() ? ExitCode.success : code)
  }

  /// Ends the process with what was asked of it instead of a run: its help or its version.
  private static func printAndEnd(_ text: String) -> Never {
    do { try ProgramText.print(text) } catch { VaultInject.exit(withError: error) }
    VaultInject.exit()
  }
}
