/// What was asked of the cluster about an object, for sentences.
package enum ClusterOperation: Sendable {
  case applied
  case compared
  case deleted
  /// Pods were tried out that are made as an object's template says.
  case verified
  /// The injection was put into the object the cluster has.
  case patched
  /// Its creation was tried, before the one that is there is deleted.
  case replaced
  /// It was to be made again, after the one that was there had been deleted.
  case recreated

  /// What did not happen: `Deployment/web was not applied`.
  func negated(_ subject: String) -> String {
    switch self {
    case .applied: "\(subject) was not applied"
    case .compared: "\(subject) could not be compared"
    case .deleted: "\(subject) was not deleted"
    case .verified: "the pods of \(subject) would not be accepted"
    case .patched: "\(subject) was not changed"
    case .replaced: "\(subject) was not replaced, and is as it was"
    case .recreated: "\(subject) was deleted and could not be created again"
    }
  }

  /// The same where the answer says nothing about the object itself.
  func untried(_ subject: String) -> String {
    self == .verified ? "the pods of \(subject) could not be tried out" : negated(subject)
  }
}
