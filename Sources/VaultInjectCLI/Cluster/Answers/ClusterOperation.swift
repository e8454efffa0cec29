/// What was asked of the cluster about an object, for sentences.
package enum ClusterOperation: Sendable {
  case applied
  case compared
  case deleted
  /// Pods were tried out that are made as an object's template says.
  case verified
  /// The injection was put into the object the cluster has.
  case patched

  /// What did not happen: `Deployment/web was not applied`.
  func negated(_ subject: String) -> String {
    switch self {
    case .applied: "\(subject) was not applied"
    case .compared: "\(subject) could not be compared"
    case .deleted: "\(subject) was not deleted"
    case .verified: "the pods of \(subject) would not be accepted"
    case .patched: "\(subject) was not changed"
    }
  }

  /// What is asked for, for the command that checks permissions.
  var isCreation: Bool { self == .verified }
}
