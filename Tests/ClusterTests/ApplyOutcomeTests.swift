import Testing

import Output

/// What answers make of an object: the laws of the table.
@Suite struct ApplyOutcomeTests {
  /// The states in which the account names where the object is kept.
  private let accounted = ApplyOutcome.allCases.filter { $0.isMissing || $0.mayBeGoing }

  @Test("What is said of an object that may be gone ends with a clear answer only")
  func doubt() {
    for outcome in accounted {
      for answer in [ApplyAnswer.unclear, .untold, .foundGone, .foundGoing, .foundUntouched] {
        #expect(accounted.contains(outcome.after(answer)), "\(outcome), \(answer)")
      }
      let refused = outcome.after(.refused)
      #expect(outcome == .perhapsDeleted ? refused == .failed : refused == outcome)
    }
  }

  @Test("From the moment its deletion is sent an object counts as perhaps deleted")
  func deletion() {
    for outcome in ApplyOutcome.allCases { #expect(outcome.after(.deletionSent) == .perhapsDeleted) }
    #expect(ApplyOutcome.perhapsDeleted.after(.deletionAccepted) == .lost)
    #expect(ApplyOutcome.perhapsDeleted.after(.foundGone) == .lost)
    #expect(ApplyOutcome.perhapsDeleted.after(.notThere) == .gone)
    #expect(ApplyOutcome.pending.after(.notThere) == .gone)
    #expect(ApplyOutcome.lost.after(.foundUntouched) == .perhapsDeleted)
  }

  @Test("Creating it again has one of three ends")
  func creation() {
    for outcome in ApplyOutcome.allCases where outcome.isMissing {
      #expect(outcome.after(.accepted) == .replaced)
      #expect(outcome.after(.acceptedInVain) == .deleting)
      #expect(outcome.after(.unclear) == .perhapsLost)
    }
  }

  @Test("What had no answer is not failed, and what only could not be asked about is not unknown")
  func applying() {
    #expect(ApplyOutcome.pending.after(.unclear) == .unknown)
    #expect(ApplyOutcome.pending.after(.untold) == .failed)
    #expect(ApplyOutcome.pending.after(.acceptedForNow).after(.unclear) == .unfinished)
    #expect(!ApplyOutcome.unfinished.isDone)
    #expect(ApplyOutcome.unfinished.after(.accepted) == .applied)
    for outcome in ApplyOutcome.allCases where outcome.isDone {
      for answer in [ApplyAnswer.unclear, .untold, .refused] { #expect(outcome.after(answer) == outcome) }
    }
  }
}
