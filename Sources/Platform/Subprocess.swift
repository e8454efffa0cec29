internal import LibC

/// Another program, run to its end while everything it says is kept.
package struct Subprocess {
  /// How a program ended and what it said.
  package struct Outcome: Equatable, Sendable {
    /// The ways a program ends.
    package enum Ending: Equatable, Sendable {
      case exited(Int)
      case killed(signal: Int)
    }

    package let ending: Ending
    package let output: [UInt8]
    package let errors: [UInt8]

    /// Whether it ended of its own accord and was content.
    package var succeeded: Bool { ending == .exited(0) }
  }

  /// Streams of this process that a program uses as they are.
  package struct SharedStreams: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// It reads what the user types.
    package static let input = SharedStreams(rawValue: 1)
    /// What it says on standard error goes to the user.
    package static let errors = SharedStreams(rawValue: 2)
    /// What it says on standard output goes to whoever reads this process's.
    package static let output = SharedStreams(rawValue: 4)
  }

  /// The program's name, looked for on `PATH`, or its path.
  package let program: String
  package let arguments: [String]
  /// What it reads on standard input; nothing where this is empty.
  package let input: [UInt8]
  /// Variables it gets beside this process's own, or in place of them.
  package let environment: [(name: String, value: String)]
  /// What is not kept but goes straight through.
  package let shared: SharedStreams

  package init(
    _ program: String, _ arguments: [String], input: [UInt8] = [],
    environment: [(name: String, value: String)] = [], sharing shared: SharedStreams = []
  ) {
    self.shared = shared
    self.program = program
    self.arguments = arguments
    self.input = input
    self.environment = environment
  }

  /// Runs the program and waits for it.
  ///
  /// - Throws: `noSuchFile` where no such program is on `PATH`; what the system answers.
  package func run() throws(SystemError) -> Outcome { try run(showing: nil) }

  /// Runs the program and waits for it, and hands over each line of its standard error as soon as it is there.
  ///
  /// - Throws: As `run()`.
  package func run(showing line: @escaping ([UInt8]) -> Void) throws(SystemError) -> Outcome {
    try run(showing: Optional(line))
  }

  private func run(showing line: (([UInt8]) -> Void)?) throws(SystemError) -> Outcome {
    var pipes = try ProcessPipes(sending: input, sharing: shared)
    let process = try spawn(streams: pipes.programStreams)
    pipes.closeProgramStreams()
    let failure: SystemError?
    var early: Outcome.Ending?
    do throws(SystemError) {
      if let line {
        try pipes.pump(line) { () throws(SystemError) in
          early = try self.outcome(of: process, WNOHANG)
          return early != nil
        }
      } else {
        try pipes.pump()
      }
      failure = nil
    } catch {
      failure = error
    }
    pipes.close()
    let ending: Outcome.Ending
    if let early { ending = early } else { ending = try wait(for: process) }
    if let failure { throw failure }
    return Outcome(ending: ending, output: pipes.output, errors: pipes.errors)
  }

  private func wait(for process: pid_t) throws(SystemError) -> Outcome.Ending {
    while true { if let ending = try outcome(of: process, 0) { return ending } }
  }

  /// How the process ended; nil where it runs, and the options say not to wait.
  private func outcome(of process: pid_t, _ options: Int32) throws(SystemError) -> Outcome.Ending? {
    var status: Int32 = 0
    let found = try retryingInterrupts { unsafe waitpid(process, &status, options) }
    guard found == process else { return nil }
    let signal = status & 0x7F
    return signal == 0 ? .exited(Int(status >> 8) & 0xFF) : .killed(signal: Int(signal))
  }
}

extension Subprocess {
  #if canImport(Darwin)
    private typealias Attributes = posix_spawnattr_t?
  #else
    private typealias Attributes = posix_spawnattr_t
  #endif

  /// Starts the program with these as its standard input, output and error.
  private func spawn(streams: [FileDescriptor]) throws(SystemError) -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = unsafe posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in streams.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, stream.number, Int32(number))
    }
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    Self.restoreSignals(&attributes)

    var words = unsafe CStrings(([program] + arguments).map { FilePath.bytes(of: $0) })
    defer { unsafe words.free() }
    var settings = unsafe CStrings(variables)
    defer { unsafe settings.free() }
    var process: pid_t = 0
    let code = unsafe posix_spawnp(
      &process, program, &actions, &attributes, words.pointers, settings.pointers)
    guard code == 0 else { throw SystemError(code: code) }
    return process
  }

  /// What the program finds in its environment; what it inherits must not stand before what it is given.
  private var variables: [[UInt8]] {
    let given = environment.map { FilePath.bytes(of: "\($0.name)=\($0.value)") }
    let names = environment.map { Array("\($0.name)=".utf8) }
    return Environment.all.filter { inherited in !names.contains { inherited.starts(with: $0) } } + given
  }

  /// A program started by us must not inherit that failed writes are no signals, nor that interrupts are held back.
  private static func restoreSignals(_ attributes: inout Attributes) {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe sigaddset(&signals, SIGXFSZ)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
  }
}

/// Texts in the form C wants them: an array of pointers with nil at its end.
@unsafe
private struct CStrings {
  var pointers: [UnsafeMutablePointer<CChar>?]

  init(_ texts: [[UInt8]]) {
    unsafe pointers = texts.map { unsafe strdup($0.map(CChar.init(bitPattern:)) + [0]) } + [nil]
  }

  mutating func free() {
    for index in unsafe pointers.indices {
      unsafe LibC.free(pointers[index])
    }
  }
}
