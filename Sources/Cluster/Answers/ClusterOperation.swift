/// What the cluster was asked to do with an object, for use in sentences.
package enum ClusterOperation: Sendable {
  case applied
  /// It was applied without the fields that the answer names.
  case appliedWithout
  case compared
  case deleted
  /// Pods made from an object's template were tried out.
  case verified
  /// The injection was put into the object the cluster has.
  case patched
  /// Its creation was tried, before the one that is there is deleted.
  case replaced
  /// It was to be created again after the old one had been deleted.
  case recreated
  /// It was to be created again after it was found to be gone.
  case created

  /// True where only a clear refusal means that nothing was done: the operation loses the object, or it was lost
  /// before.
  var isDelicate: Bool { self == .deleted || self == .recreated || self == .created }

  /// What did not happen: `Deployment/web was not applied`.
  ///
  /// `isDoubtful` where it may have happened all the same.
  func negated(_ subject: String, isDoubtful: Bool = false) -> String {
    if isDoubtful, let doubt = doubted(subject) { return doubt }
    return switch self {
    case .applied: "\(subject) was not applied"
    case .appliedWithout: "\(subject) was applied without it"
    case .compared: "\(subject) could not be compared"
    case .deleted: "\(subject) was not deleted"
    case .verified: "the pods of \(subject) would not be accepted"
    case .patched: "\(subject) was not changed"
    case .replaced: "\(subject) was not replaced, and is as it was"
    case .recreated: "\(subject) was deleted and could not be created again"
    case .created: "\(subject) is gone and could not be created again"
    }
  }

  /// The change that may not have happened; nil where the operation changes nothing.
  private func doubted(_ subject: String) -> String? {
    switch self {
    case .applied: "\(subject) may not have been applied"
    case .deleted: "\(subject) may have been deleted"
    case .patched: "\(subject) may not have been changed"
    case .recreated: "\(subject) was deleted and may not have been created again"
    case .created: "\(subject) is gone and may not have been created again"
    case .appliedWithout, .compared, .verified, .replaced: nil
    }
  }

  /// The same where the answer says nothing about the object itself.
  func untried(_ subject: String, isDoubtful: Bool = false) -> String {
    self == .verified ? "the pods of \(subject) could not be tried out" : negated(subject, isDoubtful: isDoubtful)
  }
}
