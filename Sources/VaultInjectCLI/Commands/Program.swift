internal import Output
internal import ArgumentParser
internal import Platform

/// The program: runs the command that the command line names, and ends the process.
public enum Program: Sendable {
  /// Runs the command line the process was started with, and ends the process.
  public static func start() -> Never {
    FileDescriptor.reserveStandardStreams()
    let invocation = Invocation.ofProcess
    do {
      var command = try invocation.command()
      // Most commands change manifests; their run is `outcome` below.
      try command.run()
      VaultInject.exit()
    } catch {
      // A signal that was held back while files were rewritten ends the process here.
      TerminationSignals.release()
      end(error, of: invocation)
    }
  }
}

/// A command that reads manifests, changes them and delivers what they became.
protocol PlannedCommand: ProgramCommand {
  /// A new report for the command's run.
  func newReport() -> Report

  /// The plan of the run: what is read, what is changed in it, and where results go.
  /// - Throws: `Reported` where the options make no sense, or what they name cannot be had.
  func plan(_ report: inout Report) throws(Reported) -> RunPlan
}

extension PlannedCommand {
  /// The run: it is planned, and then each input is read, changed and delivered.
  func outcome() -> Ending {
    var report = newReport()
    guard let plan = try? plan(&report) else { return report.finish() }
    switch plan {
    case .function(let plan): return FunctionRun.all(plan, report: report)
    case .inputs(let plan): return deliver(plan, to: plan.destination, report: report)
    }
  }

  private func deliver(_ plan: TransformPlan, to destination: some Delivery, report: consuming Report) -> Ending {
    var run = TransformRun(plan, to: destination, report: report)
    while let input = run.next() { run.deliver(input) }
    return run.finish()
  }
}

extension Program {
  /// Ends the process; messages about the command line quote it, so they are made safe to show like all other text.
  ///
  /// Where Helm 4 runs this as its plugin, the process ends in such a way that Helm reports what went wrong.
  private static func end(_ error: any Error, of invocation: Invocation) -> Never {
    let code = VaultInject.exitCode(for: error)
    // Whatever ends with a bare code has been reported, and printed for Helm.
    let text = error is ExitCode ? "" : VaultInject.fullMessage(for: error)
    if text.isEmpty { VaultInject.exit(withError: error) }
    if code.isSuccess { VaultInject.exit(withError: ExitCode(ProgramText.print(invocation.help(text)))) }
    let shown = ShownText(lines: text)
    FileDescriptor.standardError.show(shown)
    guard HelmPlugin.isRunning else { VaultInject.exit(withError: code) }
    var refusal = HelmRefusal()
    refusal.line(shown)
    VaultInject.exit(withError: refusal.print() ? ExitCode.success : code)
  }
}
