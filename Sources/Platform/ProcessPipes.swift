internal import LibC

/// The three streams between this process and a program it runs.
///
/// All are served at once: a program that fills one pipe while the other is being read would wait for ever.
struct ProcessPipes: ~Copyable {
  private var unsent: ArraySlice<UInt8>
  private var toProgram: FileDescriptor?
  private var fromOutput: FileDescriptor?
  private var fromErrors: FileDescriptor?
  /// The program's own ends, in the order of its standard streams.
  private(set) var programStreams: [FileDescriptor] = []
  private(set) var output: [UInt8] = []
  private(set) var errors: [UInt8] = []

  /// Opens the streams; with nothing to send the program reads from `/dev/null`.
  ///
  /// Streams the program shares with this process are left to the two of them.
  init(sending input: [UInt8], sharing shared: Subprocess.SharedStreams = []) throws(SystemError) {
    unsent = input[...]
    if shared.contains(.input) {
      programStreams.append(.standardInput)
    } else if input.isEmpty {
      programStreams.append(try FileDescriptor.opening("/dev/null", O_RDONLY))
    } else {
      FileDescriptor.failedWritesAreErrors
      let pipe = try FileDescriptor.pipe()
      toProgram = pipe.writer
      programStreams.append(pipe.reader)
      try pipe.writer.stopBlocking()
    }
    for isOutput in [true, false] {
      if shared.contains(isOutput ? .output : .errors) {
        programStreams.append(isOutput ? .standardOutput : .standardError)
        continue
      }
      let pipe = try FileDescriptor.pipe()
      if isOutput { fromOutput = pipe.reader } else { fromErrors = pipe.reader }
      programStreams.append(pipe.writer)
    }
  }

  deinit {
    for stream in [toProgram, fromOutput, fromErrors] { stream?.close() }
    for stream in programStreams where !stream.isStandard { stream.close() }
  }

  /// Closes the program's ends on this side, so that its end is seen.
  mutating func closeProgramStreams() {
    for stream in programStreams where !stream.isStandard { stream.close() }
    programStreams = []
  }

  /// Sends and receives until the program has closed everything.
  mutating func pump() throws(SystemError) {
    while toProgram != nil || fromOutput != nil || fromErrors != nil { try pumpOnce() }
  }

  /// The same, where lines of standard error are handed over as they come, and no longer than the program lives: what
  /// it started may go on with its standard error for ever.
  ///
  /// - Parameters:
  ///   - line: Gets each line without its end, and what is left without one.
  ///   - hasEnded: Asked now and then once only standard error is open.
  /// - Throws: What the system answers.
  mutating func pump(
    _ line: ([UInt8]) -> Void, until hasEnded: () throws(SystemError) -> Bool
  ) throws(SystemError) {
    while toProgram != nil || fromOutput != nil {
      try pumpOnce()
      handOver(line)
    }
    var isOver = false
    while fromErrors != nil {
      // Asked before what is there is read: nothing comes from the program after its end.
      if !isOver { isOver = try hasEnded() }
      let heard = errors.count
      try pumpOnce(milliseconds: isOver ? 0 : 50)
      if isOver, errors.count == heard { break }
      handOver(line)
    }
    if !errors.isEmpty { line(errors) }
    errors = []
  }

  /// Hands over the lines that are complete, and a line at once that is longer than anyone reads.
  private mutating func handOver(_ line: ([UInt8]) -> Void) {
    var rest = errors[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      line(Array(rest[..<end]))
      rest = rest[(end + 1)...]
    }
    if rest.count > 64 << 10 {
      line(Array(rest))
      rest = []
    }
    errors = Array(rest)
  }

  /// Waits until something can be sent or received, and does that.
  private mutating func pumpOnce(milliseconds: Int32 = -1) throws(SystemError) {
    let ready = try FileDescriptor.wait(
      reading: [fromOutput, fromErrors], writing: toProgram, milliseconds: milliseconds)
    if ready[0] { try Self.receive(from: &fromOutput, into: &output) }
    if ready[1] { try Self.receive(from: &fromErrors, into: &errors) }
    if ready[2] { try send() }
  }

  /// Closes every stream that is still open; a program that goes on writing learns of it.
  mutating func close() {
    for stream in [toProgram, fromOutput, fromErrors] { stream?.close() }
    (toProgram, fromOutput, fromErrors) = (nil, nil, nil)
  }

  private static func receive(
    from stream: inout FileDescriptor?, into bytes: inout [UInt8]
  ) throws(SystemError) {
    guard let open = stream else { return }
    let chunk = try open.readAvailable(upTo: 64 << 10)
    bytes.append(contentsOf: chunk)
    if chunk.isEmpty {
      open.close()
      stream = nil
    }
  }

  private mutating func send() throws(SystemError) {
    guard let stream = toProgram else { return }
    do throws(SystemError) {
      unsent = unsent.dropFirst(try stream.writeSome(unsent))
    } catch .brokenPipe {
      // The program stopped reading, which is its business: its exit status tells whether it minded.
      unsent = []
    }
    if unsent.isEmpty {
      stream.close()
      toProgram = nil
    }
  }
}

extension FileDescriptor {
  /// True for the streams this process was started with, which it goes on using.
  fileprivate var isStandard: Bool { number <= 2 }

  /// A pair of connected streams that programs started later do not inherit.
  package static func pipe() throws(SystemError) -> (reader: FileDescriptor, writer: FileDescriptor) {
    var ends: [Int32] = [0, 0]
    guard unsafe LibC.pipe(&ends) == 0 else { throw SystemError.last }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (FileDescriptor(ends[0]), FileDescriptor(ends[1]))
  }

  /// Makes reads and writes fail with `wouldBlock` instead of waiting.
  func stopBlocking() throws(SystemError) {
    guard fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK) == 0 else { throw SystemError.last }
  }

  /// What is there to be read now, at most this much; nothing at the end.
  func readAvailable(upTo size: Int) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    let chunk = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      do throws(SystemError) {
        count = unsafe try readSome(into: UnsafeMutableRawBufferPointer(buffer))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return chunk
  }

  /// Waits until one of these streams has something to say, or so long; which ones, in order, the writer last.
  static func wait(
    reading: [FileDescriptor?], writing: FileDescriptor?, milliseconds: Int32 = -1
  ) throws(SystemError) -> [Bool] {
    // The system passes over negative numbers, so closed streams keep their place.
    var requests = reading.map { pollfd(fd: $0?.number ?? -1, events: Int16(POLLIN), revents: 0) }
    requests.append(pollfd(fd: writing?.number ?? -1, events: Int16(POLLOUT), revents: 0))
    let count = nfds_t(requests.count)
    _ = try retryingInterrupts { unsafe poll(&requests, count, milliseconds) }
    return requests.map { $0.revents != 0 }
  }
}
