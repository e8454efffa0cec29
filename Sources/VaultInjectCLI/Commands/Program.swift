internal import Output
internal import ArgumentParser
internal import LibC
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
      end(.success)
    } catch {
      end(error as? ExitCode ?? ExitCode(invocation.answer(to: error)))
    }
  }

  /// Ends the process.
  ///
  /// All output has been written by now, or the code says that it was not; the parser's own way out would put together a
  /// help text that nobody asked for.
  private static func end(_ code: ExitCode) -> Never {
    // A signal that was held back while files were rewritten ends the process here.
    TerminationSignals.release()
    exit(code.rawValue)
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
    case .inputs(let plan): return deliver(plan, report: report)
    }
  }

  private func deliver(_ plan: TransformPlan, report: consuming Report) -> Ending {
    var run = TransformRun(plan, report: report)
    run.deliverAll()
    return run.finish()
  }
}
