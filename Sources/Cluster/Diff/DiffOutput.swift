package import Output
internal import ManifestText
internal import Platform

/// Where differences go.
package protocol DiffOutput {
  /// Takes an object that would change.
  mutating func add(_ object: ComparedObject) throws(Fault)

  /// Ends the output.
  mutating func finish() throws(Fault)
}

/// Differences on standard output, in unified form.
package struct PrintedDiff: DiffOutput {
  private let manner = DiffManner(for: .standardOutput)

  package init() {}

  package mutating func add(_ object: ComparedObject) throws(Fault) {
    var output = OutputBuffer()
    UnifiedDiff(from: object.live, to: object.merged)
      .append(to: &output, names: ("live/\(object.fileName)", "merged/\(object.fileName)"), manner)
    do throws(OutputError) {
      try output.write()
    } catch {
      throw Fault(error)
    }
  }

  package mutating func finish() throws(Fault) {}
}

/// Differences for the program of `KUBECTL_EXTERNAL_DIFF`, which compares two folders.
package struct ExternalDiff: DiffOutput {
  /// The variable's value: a program, and words that are handed to it first.
  private let command: [String]
  private let folders: ScratchFolders

  /// The program the environment names; nil where it names none.
  package static func named(by value: String?) throws(Fault) -> ExternalDiff? {
    // As kubectl does, takes nothing but plain words.
    let words = (value ?? "").split(separator: " ").map(String.init)
    guard !words.isEmpty else { return nil }
    do throws(SystemError) {
      return ExternalDiff(command: words, folders: try ScratchFolders(["LIVE", "MERGED"]))
    } catch {
      throw Fault(.unwritable, .notWritten("the folder for temporary files", .system(error)))
    }
  }

  package mutating func add(_ object: ComparedObject) throws(Fault) {
    do throws(SystemError) {
      if !object.live.isEmpty { try folders.write(object.live, to: object.fileName, in: 0) }
      try folders.write(object.merged, to: object.fileName, in: 1)
    } catch {
      throw Fault(.unwritable, .notWritten(object.fileName, .system(error)))
    }
  }

  package mutating func finish() throws(Fault) {
    let program = command[0]
    let outcome: Subprocess.Outcome
    do throws(SystemError) {
      outcome = try Subprocess(
        program, Array(command.dropFirst()) + folders.paths, sharing: [.input, .output, .errors]
      )
      .run()
    } catch {
      throw Fault(.unavailable, .externalDiff(program, error.reason))
    }
    switch outcome.ending {
    case .exited(0), .exited(1): return
    case .exited(let code): throw Fault(.unavailable, .externalDiff(program, "it ended with exit code \(code)"))
    case .killed(let signal): throw Fault(.unavailable, .externalDiff(program, "it was ended by signal \(signal)"))
    }
  }
}

extension Diagnostic {
  fileprivate static func externalDiff(_ program: String, _ reason: String) -> Diagnostic {
    Diagnostic(
      rule: "external-diff", message: "the program of KUBECTL_EXTERNAL_DIFF, \(program), failed: \(reason)",
      hint: "unset the variable to see the differences without it")
  }
}
