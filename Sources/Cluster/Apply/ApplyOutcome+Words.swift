internal import Output

/// What is said of an outcome.
extension ApplyOutcome {
  /// What an attempt to apply it is, for sentences.
  var attempt: ClusterOperation {
    switch self {
    case .lost, .perhapsLost: .recreated
    case .gone: .created
    default: .applied
    }
  }

  /// The word kubectl has for it, with what kind of trial it was.
  func words(_ dryRun: ApplySettings.DryRun) -> String {
    let verb = self == .applied ? "serverside-applied" : rawValue
    return switch dryRun {
    case .none: verb
    case .client: "\(verb) (dry run)"
    case .server: "\(verb) (server dry run)"
    }
  }
}
