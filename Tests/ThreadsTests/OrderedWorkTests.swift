import Synchronization
import Testing
import Threads

/// Work of several threads comes back in order, each job done once.
@Suite struct OrderedWorkTests {
  @Test(arguments: [1, 2, 3, 8]) func resultsComeInOrder(_ threads: Int) {
    let done = Mutex<[Int]>([])
    var work = OrderedWork(threads: threads) { (job: Int) in
      // Some jobs take much longer than those after them.
      let steps = job % 7 == 0 ? 200_000 : 10
      let sum = (0..<steps).reduce(job) { ($0 &+ $1) % 1_000_003 }
      done.withLock { $0.append(job) }
      return [job, sum]
    }
    var results: [Int] = []
    for job in 0..<500 {
      if work.isFull, let result = work.next() { results.append(result[0]) }
      work.give(job)
    }
    while let result = work.next() { results.append(result[0]) }
    #expect(results == Array(0..<500))
    #expect(done.withLock { $0.sorted() } == Array(0..<500))
  }

  @Test func nothingGivenIsNothingDone() {
    let work = OrderedWork(threads: 4) { (job: Int) in job }
    #expect(work.next() == nil)
  }

  @Test func memoryIsBounded() {
    var work = OrderedWork(threads: 3) { (job: Int) in job }
    var given = 0
    while !work.isFull {
      work.give(given)
      given += 1
    }
    #expect(given == 9)
  }

  @Test func whatIsLeftIsNotDone() {
    let count = Mutex(0)
    do {
      var work = OrderedWork(threads: 2) { (_: Int) in count.withLock { $0 += 1 } }
      for job in 0..<8 { work.give(job) }
    }
    // The threads have ended, whatever they came to.
    let done = count.withLock { $0 }
    #expect(done <= 8)
    #expect(count.withLock { $0 } == done)
  }

  @Test func aSingleJobNeedsNoOtherThread() {
    let names = Mutex<[Bool]>([])
    var work = OrderedWork(threads: 8) { (_: Int) in names.withLock { $0.append(true) } }
    for job in 0..<20 {
      work.give(job)
      _ = work.next()
    }
    #expect(names.withLock { $0.count } == 20)
  }

  @Test func processorsAreCounted() {
    #expect(Processors.count >= 1)
    #expect(Processors.worthSharing == min(Processors.count, 8))
  }
}
