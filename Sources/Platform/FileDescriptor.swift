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

  /// The width of the terminal in characters, which `COLUMNS` may set; nil where this is none or does not say.
  package var terminalWidth: Int? {
    guard isTerminal else { return nil }
    if let columns = Environment.value("COLUMNS").flatMap({ Int($0) }), columns > 0 { return columns }
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

  /// Takes everything out of an open file; what is not a file has nothing in it.
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

extension OpenFile {
  /// Every byte of a file: one allocation of its size, and no more calls than open, fstat, read, close.
  package static func contents(of path: String) throws(SystemError) -> [UInt8] {
    try read(path).bytes
  }

  /// Every byte of a file, and its status from before the first of them was read.
  package static func read(_ path: String) throws(SystemError) -> (bytes: [UInt8], status: FileStatus) {
    let file = try OpenFile(reading: path)
    let status = try file.descriptor.status()
    return (try file.descriptor.readToEnd(status), status)
  }

  /// The same of a file that is smaller than this; nil for any other, of which nothing is read.
  package static func read(
    _ path: String, below size: Int
  ) throws(SystemError) -> (bytes: [UInt8], status: FileStatus)? {
    let file = try OpenFile(reading: path)
    let status = try file.descriptor.status()
    return status.size < size ? (try file.descriptor.readToEnd(status), status) : nil
  }
}

extension FileDescriptor {
  /// Every byte up to the end.
  ///
  /// - Throws: `isADirectory` for a folder; what the system answers.
  package func readToEnd() throws(SystemError) -> [UInt8] { try readToEnd(status()) }

  fileprivate func readToEnd(_ status: FileStatus) throws(SystemError) -> [UInt8] {
    guard status.kind != .folder else { throw .isADirectory }
    guard status.kind == .file, status.size > 0 else { return try readStream() }
    // One byte more than the file is long: where a read leaves it empty, that was the end, and need not be asked for.
    let bytes = try readChunk(upTo: status.size + 1, endingAt: status.size)
    guard bytes.count > status.size else { return bytes }
    return try readStream(after: [bytes])
  }

  /// Reads what has no length in chunks, then joins them; each is freed as soon as it is copied.
  private func readStream(after first: [[UInt8]] = []) throws(SystemError) -> [UInt8] {
    var chunks = first
    var size = 64 << 10
    var isAtEnd = false
    // A chunk that is not full has met the end; to ask again would make a terminal wait for a second Ctrl-D.
    while !isAtEnd {
      chunks.append(try readChunk(upTo: size))
      isAtEnd = chunks[chunks.count - 1].count < size
      size = min(size * 2, 4 << 20)
    }
    if chunks.count == 1 { return chunks[0] }
    var joined: [UInt8] = []
    joined.reserveCapacity(chunks.reduce(0) { $0 + $1.count })
    for index in chunks.indices {
      joined.append(contentsOf: chunks[index])
      chunks[index] = []
    }
    return joined
  }

  /// As many bytes as there are, but not more than this; fewer only at the end, which is where a read leaves so many.
  private func readChunk(upTo size: Int, endingAt end: Int? = nil) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    let chunk = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      do throws(SystemError) {
        while count < size {
          let all = UnsafeMutableRawBufferPointer(buffer)
          let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: all[count..<size])
          let got = unsafe try readSome(into: rest)
          count += got
          if got == 0 || count == end { break }
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return chunk
  }

  /// One read, of at most a gigabyte because some systems refuse more than two; waits where nothing is there yet.
  func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    while true {
      do throws(SystemError) {
        return try retryingInterrupts { unsafe read(number, buffer.baseAddress, min(buffer.count, 1 << 30)) }
      } catch {
        guard error == .wouldBlock else { throw error }
        try wait(for: Int16(POLLIN))
      }
    }
  }

  func wait(for events: Int16) throws(SystemError) {
    var request = pollfd(fd: number, events: events, revents: 0)
    _ = try retryingInterrupts { unsafe poll(&request, 1, -1) }
  }
}

extension FileDescriptor {
  /// A reader that went away and a limit on the size of files must become errors to report, not the silent end of
  /// this process.
  ///
  /// Evaluated once, before the first byte is written.
  static let failedWritesAreErrors: Void = {
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
  }()

  /// Writes all of these bytes, however many calls that takes.
  package func write(_ bytes: ArraySlice<UInt8>) throws(SystemError) {
    Self.failedWritesAreErrors
    var rest = bytes
    while !rest.isEmpty {
      do throws(SystemError) {
        rest = rest.dropFirst(try writeSome(rest))
      } catch {
        guard error == .wouldBlock else { throw error }
        try wait(for: Int16(POLLOUT))
      }
    }
  }

  /// Writes all the bytes of an array.
  package func write(_ bytes: [UInt8]) throws(SystemError) {
    try write(bytes[...])
  }

  /// One write, which may take fewer bytes than offered.
  func writeSome(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int {
    try retryingInterrupts {
      unsafe bytes.withUnsafeBytes { buffer in
        unsafe LibC.write(number, buffer.baseAddress, min(buffer.count, 1 << 30))
      }
    }
  }
}

/// Why something could not be written.
package enum WriteFailure: Error, Equatable, Sendable {
  /// The system does not let it.
  case system(SystemError)
  /// Nobody may write the file, by its permissions.
  case readOnlyFile
  /// Nobody, or not this user, may put files into the folder.
  case readOnlyFolder
  /// The file belongs to somebody else, and a new one would not.
  case ownerNotKept
  /// Somebody else changed or replaced the file after it was read.
  case changedMeanwhile

  /// Takes the system's answers for failures of writing.
  package static func wrapping<Result>(_ call: () throws(SystemError) -> Result) throws(WriteFailure) -> Result {
    do throws(SystemError) {
      return try call()
    } catch {
      throw .system(error)
    }
  }
}
