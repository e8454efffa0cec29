/// What became of one object.
enum ApplyOutcome: String, Equatable {
  /// Nobody asked yet.
  case pending = "not tried"
  /// The cluster has it as it was asked for.
  case applied
  /// It was deleted and made anew.
  case replaced
  /// It was changed where it is.
  case patched
  /// The cluster refused it, or gave no answer.
  case failed
  /// No answer came, so nobody knows.
  case unknown
  /// It was deleted, and could not be made anew.
  case lost
  /// It is being deleted, and was not gone in time to be made anew.
  case deleting

  /// True where the cluster did what was asked.
  var isDone: Bool { self == .applied || self == .replaced || self == .patched }

  /// True where something may have come of it.
  var isSettled: Bool { self != .pending && self != .failed }

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
