package import ManifestText
package import Platform

/// The output could not be written: a full disk, a reader that went away.
package struct OutputError: Error, Equatable {
  /// What was being written: a path, or `standard output`.
  package let output: String
  /// Why it could not be.
  package let failure: WriteFailure

  package init(_ output: String, _ failure: WriteFailure) {
    self.output = output
    self.failure = failure
  }

  package init(_ output: String, _ error: SystemError) {
    self.init(output, .system(error))
  }

  /// What kind of failure it is.
  package var kind: Fault.Kind { .unwritable }

  /// What to tell the user.
  package var diagnostic: Diagnostic { .notWritten("\(output) could not be written", failure) }
}

extension Fault {
  /// Output could not be written.
  package init(_ error: OutputError) { self.init(error.kind, error.diagnostic) }
}

extension Diagnostic {
  /// Writing failed: what it is that did not happen, and why; what was written before that is not to be trusted.
  package static func notWritten(_ sentence: String, _ failure: WriteFailure) -> Diagnostic {
    Diagnostic(rule: "output-failed", message: "\(sentence): \(failure.reason)", hint: failure.hint)
  }

  /// A file could not be rewritten, and is as it was; its name stands before the sentence.
  static func notRewritten(_ failure: WriteFailure) -> Diagnostic {
    var diagnostic = notWritten("cannot be rewritten", failure)
    if failure == .system(.noSpaceLeft) { diagnostic.hint = "the disk is full; the file is as it was" }
    return diagnostic
  }
}

extension WriteFailure {
  fileprivate var reason: String {
    switch self {
    case .system(let error): error.reason
    case .readOnlyFile: "it is read-only"
    case .readOnlyFolder: "its folder is read-only"
    case .ownerNotKept: "it belongs to another user or group, which only root could give a new file to"
    case .changedMeanwhile: "somebody changed it since it was read"
    }
  }

  fileprivate var hint: String? {
    switch self {
    case .system(.brokenPipe): "the program that reads it ended early"
    case .system(.noSpaceLeft): "the disk is full; what was written so far is incomplete"
    case .system(.permissionDenied): "neither the file nor its folder may be read-only"
    case .system(.badDescriptor): "it was closed when the command was started"
    case .system: nil
    case .readOnlyFile: "make it writable (chmod u+w), or leave -i out to print the result"
    case .readOnlyFolder: "a new file is put there before it takes the old one's place: make the folder writable"
    case .ownerNotKept: "leave -i out, and write the result yourself"
    case .changedMeanwhile: "it was left as it is now; run the command again"
    }
  }
}
