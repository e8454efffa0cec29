internal import LibC

/// What the operating system answered to a call that failed.
package struct SystemError: Error, Equatable, Sendable {
  /// The value of `errno`.
  package let code: Int32

  /// Keeps a value of `errno`.
  package init(code: Int32) {
    self.code = code
  }

  /// The failure of the call that was made just now.
  static var last: SystemError { SystemError(code: errno) }

  package static let noSuchFile = SystemError(code: ENOENT)
  package static let notADirectory = SystemError(code: ENOTDIR)
  package static let isADirectory = SystemError(code: EISDIR)
  package static let permissionDenied = SystemError(code: EACCES)
  package static let brokenPipe = SystemError(code: EPIPE)
  package static let noSpaceLeft = SystemError(code: ENOSPC)
  static let exists = SystemError(code: EEXIST)
  static let interrupted = SystemError(code: EINTR)
  static let wouldBlock = SystemError(code: EAGAIN)
  package static let badDescriptor = SystemError(code: EBADF)

  /// The system's own words, such as `Permission denied`.
  package var reason: String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }
}

/// Repeats a call that a signal interrupted, and turns its `-1` into an error.
func retryingInterrupts<Count: SignedInteger>(_ call: () -> Count) throws(SystemError) -> Count {
  while true {
    let result = call()
    if result >= 0 { return result }
    let error = SystemError.last
    guard error == .interrupted else { throw error }
  }
}
