/// What reading a kubeconfig needs of the machine: variables, files, programs, the time.
///
/// A value of closures, so that this module starts no program and reads no file by itself, and tests need neither.
public struct Host: Sendable {
  /// Why a file cannot be read.
  public enum FileFailure: Error, Equatable, Sendable {
    /// There is no such file.
    case missing
    /// The system's own words, such as `Permission denied`.
    case unreadable(String)
  }

  /// Who holds standard input.
  public enum StandardInput: Equatable, Sendable {
    /// A person at a terminal, who may be asked.
    case terminal
    /// A file, a pipe or nothing.
    case notATerminal
    /// Manifests are read from it, so that nobody else can.
    case taken
  }

  /// The value of an environment variable; nil where it is not set.
  public var variable: @Sendable (String) -> String?
  /// Every byte of a file.
  public var contents: @Sendable (String) throws(FileFailure) -> [UInt8]
  /// The path of a program that is named as a shell would name it; nil where there is none.
  public var program: @Sendable (String) -> String?
  /// Runs a program to its end.
  public var run: @Sendable (ProgramCall) -> ProgramOutcome
  /// The time, in seconds since 1970 began.
  public var now: @Sendable () -> Int
  /// Who holds standard input.
  public var standardInput: StandardInput

  /// Puts a host together.
  public init(
    variable: @escaping @Sendable (String) -> String?,
    contents: @escaping @Sendable (String) throws(FileFailure) -> [UInt8],
    program: @escaping @Sendable (String) -> String?, run: @escaping @Sendable (ProgramCall) -> ProgramOutcome,
    now: @escaping @Sendable () -> Int, standardInput: StandardInput
  ) {
    self.variable = variable
    self.contents = contents
    self.program = program
    self.run = run
    self.now = now
    self.standardInput = standardInput
  }

  /// A variable's value; nil where it is not set or empty.
  func nonEmptyVariable(_ name: String) -> String? { variable(name).flatMap { $0.isEmpty ? nil : $0 } }
}

/// A program to be run whose standard output is wanted; what it says on standard error goes to the user.
public struct ProgramCall: Equatable, Sendable {
  /// The program's path.
  public let program: String
  /// Its arguments.
  public let arguments: [String]
  /// Variables it gets beside this process's own, or in place of them, in order.
  public let environment: [Variable]
  /// True where it reads what the user types.
  public let isInteractive: Bool

  /// Puts a call together.
  public init(program: String, arguments: [String], environment: [Variable], isInteractive: Bool) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.isInteractive = isInteractive
  }

  /// One variable of a program's environment.
  public struct Variable: Equatable, Sendable {
    /// The name.
    public let name: String
    /// The value, which may be secret.
    public let value: String

    /// Pairs a name with a value.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }
}

/// How a program ended.
public enum ProgramOutcome: Equatable, Sendable {
  /// It ended well, and said this.
  case output(Secret)
  /// It ended with a code other than 0.
  case exited(Int)
  /// A signal ended it.
  case killed(Int)
  /// It could not be started; the system's own words.
  case notStarted(String)
}
