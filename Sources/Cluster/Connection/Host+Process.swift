internal import Output
package import KubernetesAPI
internal import Platform

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
  /// Runs the program; what it says on standard error is shown.
  fileprivate var outcome: ProgramOutcome {
    do throws(SystemError) {
      let outcome = try ended()
      switch outcome.ending {
      case .exited(0): return .output(Secret(outcome.output))
      case .exited(let code): return .exited(code)
      case .killed(let signal): return .killed(signal)
      }
    } catch {
      return .notStarted(error.reason)
    }
  }

  /// A program that may ask the user needs the terminal as it is, for prompts without a line's end and hidden input;
  /// what any other says is text from anywhere, and is shown line by line as such.
  private func ended() throws(SystemError) -> Subprocess.Outcome {
    let subprocess = Subprocess(
      program, arguments, environment: environment.map { ($0.name, $0.value) },
      sharing: isInteractive ? [.input, .errors] : [])
    if isInteractive { return try subprocess.run() }
    return try subprocess.run { line in
      let end = line.last == UInt8(ascii: "\r") ? line.count - 1 : line.count
      FileDescriptor.standardError.show(ShownText(lines: String(decoding: line[..<end], as: UTF8.self)))
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
