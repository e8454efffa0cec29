internal import LibC

/// The number of an open file; whoever opened it closes it.
package struct FileDescriptor: Equatable, Sendable {
  /// The number the system knows the file by.
  package let number: Int32

  /// Names a file that is open already.
  package init(_ number: Int32) {
    self.number = number
  }

  package static let standardInput = FileDescriptor(0)
  package static let standardOutput = FileDescriptor(1)
  package static let standardError = FileDescriptor(2)

  /// Whether a person sits at the other end.
  package var isTerminal: Bool { isatty(number) == 1 }

  /// The width of the terminal in characters; nil where this is none or does not say.
  package var terminalWidth: Int? {
    var size = winsize()
    guard unsafe ioctl(number, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// What kind of file this is, and how long.
  package func status() throws(SystemError) -> FileStatus {
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else { throw SystemError.last }
    return FileStatus(status)
  }

  /// Opens a file, which programs started later do not inherit.
  package static func opening(_ path: String, _ flags: Int32) throws(SystemError) -> FileDescriptor {
    FileDescriptor(try retryingInterrupts { unsafe path.withSystemPath { unsafe open($0, flags | O_CLOEXEC) } })
  }

  /// Opens a file for writing, as it is, or makes it; and whether it was made.
  package static func openingForWriting(_ path: String) throws(SystemError) -> (FileDescriptor, isNew: Bool) {
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC
    do throws(SystemError) {
      return (
        FileDescriptor(
          try retryingInterrupts { unsafe path.withSystemPath { unsafe open($0, flags | O_EXCL, 0o666) } }), true
      )
    } catch {
      guard error == .exists else { throw error }
      return (
        FileDescriptor(try retryingInterrupts { unsafe path.withSystemPath { unsafe open($0, flags, 0o666) } }), false
      )
    }
  }

  /// Takes everything out of an open file; what is no file has nothing in it.
  package func empty() { _ = ftruncate(number, 0) }

  /// Takes a file's name away.
  package static func remove(_ path: String) { _ = unsafe path.withSystemPath { unsafe unlink($0) } }

  /// Gives the number back.
  package func close() {
    _ = LibC.close(number)
  }
}

/// An open file that is closed at the end of its scope.
package struct OpenFile: ~Copyable {
  package let descriptor: FileDescriptor

  /// Opens a file for reading; a folder opens too, and refuses to be read.
  package init(reading path: String) throws(SystemError) {
    descriptor = try FileDescriptor.opening(path, O_RDONLY)
  }

  deinit { descriptor.close() }
}

extension FileDescriptor {
  /// Fills the places of the standard streams that were closed when the program started.
  ///
  /// Otherwise the next file opened would take the number of a standard stream, and what is meant for the
  /// stream would land in the file. Reading and writing such a stream still fails.
  package static func reserveStandardStreams() {
    for number in Int32(0)...2 where fcntl(number, F_GETFD) < 0 {
      _ = unsafe open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY)
    }
  }
}
