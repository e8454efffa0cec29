internal import CFiles
internal import LibC

/// The signals that ask the process to end: Ctrl-C, `kill`, a closed terminal.
package enum TerminationSignals {
  /// A signal that is ignored would stay pending all the same while it is held back.
  private static let numbers = [SIGINT, SIGTERM, SIGHUP].filter { cfiles_signal_is_ignored($0) == 0 }

  private static var all: sigset_t {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for signal in numbers { unsafe sigaddset(&signals, signal) }
    return signals
  }

  /// Holds the signals back: one that comes now ends the process only when they are released.
  ///
  /// The process then ends between two files and never within one, without code that runs at any moment.
  package static func hold() {
    var signals = all
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Whether a signal has come that was held back.
  package static var isPending: Bool {
    var pending = sigset_t()
    guard unsafe sigpending(&pending) == 0 else { return false }
    return numbers.contains { unsafe sigismember(&pending, $0) == 1 }
  }

  /// Lets the signals do what they always do: one that has come meanwhile ends the process here.
  package static func release() {
    var signals = all
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}
