internal import Injection
internal import ManifestText
internal import Output

/// One line about a pod: something its agent will do, and whether that would work.
struct PreflightCheck {
  enum Outcome {
    /// It works.
    case passed(String)
    /// It does not.
    case failed(Diagnostic)
    /// It cannot be told, for this reason.
    case untold(String)
  }

  /// What is done, such as `login at auth/kubernetes`.
  let subject: String
  let outcome: Outcome
  /// What is to be reported of something that cannot be told; nil where nothing is.
  private(set) var doubt: Rule?

  /// True where it is not known whether the pod gets its secrets as long as this is not.
  var leavesDoubt: Bool { doubt.map { $0 != .tokenLeft } ?? false }

  var failure: Diagnostic? {
    guard case .failed(let diagnostic) = outcome else { return nil }
    return diagnostic
  }

  /// What a result comes to.
  init<Success>(_ subject: String, _ result: Result<Success, Diagnostic>, _ text: (Success) -> String) {
    self.subject = subject
    switch result {
    case .success(let value): outcome = .passed(text(value))
    case .failure(let diagnostic): outcome = .failed(diagnostic)
    }
  }

  init(_ subject: String, _ outcome: Outcome, doubt: Rule? = nil) {
    (self.subject, self.outcome, self.doubt) = (subject, outcome, doubt)
  }
}

/// The checks of a pod, in the order in which its agent does things, and what they come to.
struct PreflightResult {
  /// Whether a pod would get its secrets.
  enum Verdict: CaseIterable {
    case yes, no, untold
  }

  let pod: PreflightPod
  let checks: [PreflightCheck]

  var verdict: Verdict {
    let failures = checks.compactMap(\.failure)
    if failures.contains(where: { !$0.isOfOutage }) { return .no }
    return !failures.isEmpty || checks.contains { $0.leavesDoubt } ? .untold : .yes
  }
}
