/// What became of one object, or what is known of it up to now.
///
/// Answers move it as ``after(_:)`` says, and nothing else does.
package enum ApplyOutcome: String, Equatable, CaseIterable, Sendable {
  /// Nobody asked yet.
  case pending = "not tried"
  /// The cluster has it as it was asked for.
  case applied
  /// The cluster has it, and others still own fields of it that are to be taken over.
  case unfinished
  /// It was deleted and created again.
  case replaced
  /// It was changed where it is.
  case patched
  /// The cluster refused it, or could not be asked.
  case failed
  /// It was sent and no answer came, so nobody knows.
  case unknown
  /// Its deletion was sent and had no clear answer, so nobody knows whether it is there.
  case perhapsDeleted = "perhaps deleted"
  /// It was deleted, and is not there again.
  case lost
  /// It was gone when it was to be deleted, and is not there again.
  case gone
  /// It was gone, and its creation had no clear answer, so nobody knows whether it is there again.
  case perhapsLost = "perhaps lost"
  /// It is being deleted, and was not gone in time to be created again.
  case deleting

  /// True where the cluster did what was asked.
  package var isDone: Bool { self == .applied || self == .replaced || self == .patched }

  /// True where something may have come of it.
  package var isSettled: Bool { self != .pending && self != .failed }

  /// True where it has to be created.
  package var isMissing: Bool { self == .lost || self == .gone || self == .perhapsLost }

  /// True where it is about to be gone, or perhaps is.
  package var mayBeGoing: Bool { self == .perhapsDeleted || self == .deleting }
}

/// What one answer, or its absence, says of an object.
package enum ApplyAnswer: CaseIterable, Sendable {
  // To applying and creating it:
  /// The cluster has it as it was asked for.
  case accepted
  /// The cluster has it, and fields of it are yet to be taken over.
  case acceptedForNow
  /// The cluster has it, and not all of it is as it was asked for.
  case acceptedInPart
  /// The cluster took it, and is deleting it.
  case acceptedInVain
  /// A trial, after which it could be deleted and created again.
  case replaceable

  // To deleting it, and to asking whether it is gone:
  /// The deletion is about to be sent.
  case deletionSent
  /// The cluster deletes it.
  case deletionAccepted
  /// It was not there to be deleted.
  case notThere
  /// It is gone since its deletion was sent.
  case foundGone
  /// It is being deleted.
  case foundGoing
  /// It is there as it was before.
  case foundUntouched

  // To any request:
  /// What was asked for was not done.
  case refused
  /// What was asked for may have been done.
  case unclear
  /// Nothing was asked for but to be told something.
  case untold
}

extension ApplyOutcome {
  /// What an answer makes of an object.
  package func after(_ answer: ApplyAnswer) -> ApplyOutcome {
    switch (self, answer) {
    // Deleting. Until an answer is clear, the object may be gone.
    case (_, .deletionSent): .perhapsDeleted
    case (.perhapsDeleted, .deletionAccepted), (.perhapsDeleted, .foundGone): .lost
    case (.perhapsDeleted, .refused): .failed
    case (.pending, .notThere), (.perhapsDeleted, .notThere): .gone
    case (.perhapsDeleted, .foundGoing), (.lost, .foundGoing): .deleting
    case (.lost, .foundUntouched): .perhapsDeleted

    // Creating again.
    case (_, .accepted) where isMissing: .replaced
    case (_, .acceptedInVain) where isMissing: .deleting
    case (_, .unclear) where isMissing: .perhapsLost

    // Applying.
    case (_, .accepted): .applied
    case (_, .acceptedForNow): .unfinished
    case (_, .acceptedInPart), (_, .acceptedInVain): .failed
    case (_, .replaceable): .replaced
    case (.pending, .refused), (.pending, .untold), (.unfinished, .refused): .failed
    case (.pending, .unclear): .unknown

    // Whatever else comes says nothing new.
    case (_, .deletionAccepted), (_, .notThere), (_, .foundGone), (_, .foundGoing), (_, .foundUntouched): self
    case (_, .refused), (_, .unclear), (_, .untold): self
    }
  }
}
