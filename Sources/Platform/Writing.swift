internal import LibC

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
