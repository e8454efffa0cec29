internal import Output
internal import KubernetesAPI
internal import ManifestText
internal import Platform

extension Report {
  /// Says why a run was left off before its end; nothing where it was not.
  mutating func end(_ connection: ClusterConnection) {
    let wasGivenUp = connection.failure?.isCancellation == true
    if let failure = connection.failure, !wasGivenUp {
      fail(.unavailable, failure.diagnostic(connection.configuration))
    }
    if TerminationSignals.isPending || wasGivenUp { fail(.unavailable, .interruptedRequests(wasGivenUp: wasGivenUp)) }
  }
}

extension Diagnostic {
  fileprivate static func interruptedRequests(wasGivenUp: Bool) -> Diagnostic {
    Diagnostic(
      rule: "interrupted",
      message: wasGivenUp
        ? "interrupted, and some of what was under way was not answered in time"
        : "interrupted after everything that was under way had been answered",
      hint: "running the command again is safe: what is there already stays as it is")
  }
}
