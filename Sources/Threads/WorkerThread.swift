internal import CFiles

/// A thread that does one thing and ends.
struct WorkerThread {
  private let thread: cfiles_thread

  /// Starts the thread; nil where the system allows no more, so that whoever asks does the work alone.
  init?(_ body: @escaping @Sendable () -> Void) {
    let start = unsafe Unmanaged.passRetained(Start(body))
    var thread = cfiles_thread()
    let failed = unsafe cfiles_start_thread(
      &thread,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, start.toOpaque())
    guard failed == 0 else {
      unsafe start.release()
      return nil
    }
    self.thread = thread
  }

  /// Waits until the thread has ended.
  func join() { cfiles_join_thread(thread) }

  private final class Start: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}

/// The processors that this process may use.
package enum Processors {
  /// How many there are; at least one.
  package static var count: Int { max(1, Int(cfiles_processor_count())) }

  /// How many threads are worth sharing work among: one of them takes all results, and what others have done waits for it
  /// in memory.
  package static var worthSharing: Int { min(count, 8) }
}
