/// How often a request has been sent, and whether it is worth sending again.
///
/// client-go's rules: an answer 429 or 5xx is followed by another attempt only where `Retry-After` says when, ten
/// times at most; a lost connection only for reads, here once.
struct RequestAttempt: Equatable {
  /// How often an answer may put the request off.
  static let mostDelays = 10

  private(set) var delays = 0
  private(set) var lostConnections = 0
  /// The moment before which it is not sent, on a clock of milliseconds.
  private(set) var notBefore = 0

  /// The next attempt after an answer; nil where the answer is to be taken as it is.
  func next(afterStatus status: Int, retryAfter: String?, now: Int) -> RequestAttempt? {
    guard status == 429 || (500..<600).contains(status), delays < RequestAttempt.mostDelays,
      let seconds = retryAfter.flatMap({ Int($0) }), (0...86_400).contains(seconds)
    else { return nil }
    var next = self
    next.delays += 1
    next.notBefore = now + seconds * 1000
    return next
  }

  /// The next attempt after a failure; nil where the failure is to be told.
  func next(after error: TransportError, ofRead isRead: Bool) -> RequestAttempt? {
    guard isRead, error.code == .transferFailed, lostConnections == 0 else { return nil }
    var next = self
    next.lostConnections += 1
    return next
  }
}
