package import KubernetesAPI

extension Host {
  /// The machine this process runs on.
  ///
  /// `readsManifests` where standard input is read for manifests, so that no credential plugin can ask anything.
  package static func process(readsManifests: Bool) -> Host {
    Host(
      variable: { Environment.value($0) },
      contents: { (path) throws(FileFailure) in
        do throws(SystemError) {
          return try OpenFile.contents(of: path)
        } catch {
          throw error == .noSuchFile || error == .notADirectory ? .missing : .unreadable(error.reason)
        }
      },
      program: ProgramPath.resolved, run: { $0.outcome }, now: { WallClock.seconds },
      standardInput: readsManifests ? .taken : FileDescriptor.standardInput.isTerminal ? .terminal : .notATerminal)
  }
}

extension ProgramCall {
  /// Runs the program; what it says on standard error goes straight to the user.
  fileprivate var outcome: ProgramOutcome {
    let streams: Subprocess.SharedStreams = isInteractive ? [.input, .errors] : .errors
    let subprocess = Subprocess(
      program, arguments, environment: environment.map { ($0.name, $0.value) }, sharing: streams)
    do throws(SystemError) {
      let outcome = try subprocess.run()
      switch outcome.ending {
      case .exited(0): return .output(Secret(outcome.output))
      case .exited(let code): return .exited(code)
      case .killed(let signal): return .killed(signal)
      }
    } catch {
      return .notStarted(error.reason)
    }
  }
}

/// Programs as shells find them.
enum ProgramPath {
  /// The path of a program: its own where it is one, else in the first folder of `PATH` that has it.
  @Sendable static func resolved(_ name: String) -> String? {
    if name.contains("/") { return FileStatus.isProgram(name) ? name : nil }
    let folders = (Environment.value("PATH") ?? "").split(separator: ":")
    return folders.lazy.map { "\($0)/\(name)" }.first(where: FileStatus.isProgram)
  }
}
