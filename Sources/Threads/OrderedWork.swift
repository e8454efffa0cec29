internal import LibC

/// Work that several threads do, and whose results come back in the order in which the work was given.
///
///     var work = OrderedWork(threads: 2) { (job: Job) in job.result }
///     for job in jobs {
///       if work.isFull, let result = work.next() { take(result) }
///       work.give(job)
///     }
///     while let result = work.next() { take(result) }
///
/// The thread that gives the work takes part in it: before it waits for a result, it does what nobody has begun. A single
/// job is therefore done without any other thread.
package struct OrderedWork<Job: Sendable, Result: Sendable>: ~Copyable {
  private let bench: Workbench<Job, Result>
  private let limit: Int
  private let work: (Job) -> Result
  private let other: @Sendable () -> (Job) -> Result
  private var threads: [WorkerThread] = []

  /// Begins nothing yet; `threads` counts the calling one, which does jobs by `work`, and `other` makes what each other one
  /// does them by.
  package init(
    threads: Int, _ work: @escaping (Job) -> Result, other: @escaping @Sendable () -> (Job) -> Result
  ) {
    bench = Workbench()
    self.work = work
    self.other = other
    limit = threads
  }

  /// Begins nothing yet; all threads do jobs alike.
  package init(threads: Int, _ work: @escaping @Sendable (Job) -> Result) {
    self.init(threads: threads, work, other: { work })
  }

  /// True where more work would only take memory until its turn comes.
  package var isFull: Bool { bench.count >= limit * 3 }

  /// Adds a job after those that were given before.
  package mutating func give(_ job: Job) {
    let waiting = bench.add(job)
    guard waiting > 1, threads.count < limit - 1 else { return }
    let (bench, other) = (bench, other)
    if let thread = WorkerThread({ bench.workUntilClosed(by: other()) }) { threads.append(thread) }
  }

  /// What came of the oldest job; nil where there is none.
  package func next() -> Result? { bench.next(by: work) }

  deinit {
    bench.close()
    for thread in threads { thread.join() }
  }
}

/// The jobs that were given and not handed back, which threads take from and put their results on.
private final class Workbench<Job: Sendable, Result: Sendable>: @unchecked Sendable {
  private enum Slot {
    case waiting(Job)
    case begun
    case done(Result)
  }

  private let monitor = Monitor()
  // All of these are used by whoever holds the monitor.
  private var slots: [Slot] = []
  /// How many slots were handed back, and are not counted by places.
  private var removed = 0
  /// The first slot that may be waiting.
  private var firstWaiting = 0
  private var isClosed = false

  var count: Int { monitor.holding { slots.count } }

  /// Adds a job; how many are waiting now.
  func add(_ job: Job) -> Int {
    monitor.holding {
      slots.append(.waiting(job))
      monitor.wake()
      return removed + slots.count - firstWaiting
    }
  }

  func next(by work: (Job) -> Result) -> Result? {
    while true {
      switch monitor.holding(turn) {
      case .nothing: return nil
      case .result(let result): return result
      case .job(let job, let place): finish(place, work(job))
      }
    }
  }

  private enum Turn {
    case nothing
    case result(Result)
    case job(Job, at: Int)
  }

  /// What the thread that hands work back has to do now; waits where that is nothing.
  private func turn() -> Turn {
    while true {
      guard let first = slots.first else { return .nothing }
      if case .done(let result) = first {
        slots.removeFirst()
        removed += 1
        return .result(result)
      }
      if let (job, place) = takeJob() { return .job(job, at: place) }
      monitor.wait()
    }
  }

  private func takeJob() -> (Job, Int)? {
    guard firstWaiting < removed + slots.count, case .waiting(let job) = slots[firstWaiting - removed] else {
      return nil
    }
    defer { firstWaiting += 1 }
    slots[firstWaiting - removed] = .begun
    return (job, firstWaiting)
  }

  private func finish(_ place: Int, _ result: Result) {
    monitor.holding {
      slots[place - removed] = .done(result)
      if place == removed { monitor.wake() }
    }
  }

  /// Does one job after another on a thread of its own.
  func workUntilClosed(by work: (Job) -> Result) {
    while let (job, place) = monitor.holding(waitForJob) { finish(place, work(job)) }
  }

  private func waitForJob() -> (Job, Int)? {
    while !isClosed {
      if let job = takeJob() { return job }
      monitor.wait()
    }
    return nil
  }

  /// Lets the threads end as soon as what they have begun is done.
  func close() {
    monitor.holding {
      isClosed = true
      monitor.wake()
    }
  }
}

/// What one thread at a time holds, and can wait with until another one has changed something.
@safe private final class Monitor: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(change, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(change)
    unsafe pthread_mutex_destroy(mutex)
    unsafe change.deallocate()
    unsafe mutex.deallocate()
  }

  func holding<Value>(_ body: () -> Value) -> Value {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body()
  }

  /// Waits for a change; only whoever holds the monitor may, and holds it again afterwards.
  func wait() { unsafe pthread_cond_wait(change, mutex) }

  /// Wakes all who wait.
  func wake() { unsafe pthread_cond_broadcast(change) }
}
