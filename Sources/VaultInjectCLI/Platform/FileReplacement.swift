#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// New content for a file, written beside it and put in its place in one step.
///
/// Until `commit` the file is as it was, whatever happens; what is not committed is removed. Permissions stay
/// as they were, and a symbolic link goes on leading to its file.
package struct FileReplacement: ~Copyable {
  /// Where the new content is written.
  package let descriptor: FileDescriptor
  private let target: String
  private let temporary: String
  private var isCommitted = false

  /// Begins to replace a file.
  ///
  /// - Throws: what the system answers where the file is not there, or neither it nor its folder may be written.
  package init(of path: String) throws(SystemError) {
    let resolved = try Self.resolved(path)
    let status = try Self.writableStatus(of: resolved)
    let file = try Self.makeFile(beside: resolved)
    target = resolved
    (descriptor, temporary) = (file.descriptor, file.path)
    // Only root may give files away; everybody else owns the new file as they own what they write.
    _ = fchown(descriptor.number, status.st_uid, status.st_gid)
    _ = fchmod(descriptor.number, status.st_mode & 0o7777)
  }

  private static func resolved(_ path: String) throws(SystemError) -> String {
    guard let resolved = unsafe realpath(path, nil) else { throw SystemError.last }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// The folder's permission would do, but a file made read-only is meant to stay as it is.
  private static func writableStatus(of path: String) throws(SystemError) -> stat {
    var status = stat()
    guard unsafe stat(path, &status) == 0, unsafe access(path, W_OK) == 0 else { throw SystemError.last }
    return status
  }

  private static func makeFile(beside path: String) throws(SystemError) -> (
    descriptor: FileDescriptor, path: String
  ) {
    var name = Array("\(path).XXXXXX".utf8CString)
    let number = unsafe mkstemp(&name)
    guard number >= 0 else { throw SystemError.last }
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    return (
      FileDescriptor(number), String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    )
  }

  /// Puts the new content in the file's place.
  package consuming func commit() throws(SystemError) {
    guard unsafe rename(temporary, target) == 0 else { throw SystemError.last }
    isCommitted = true
  }

  deinit {
    descriptor.close()
    if !isCommitted { unsafe unlink(temporary) }
  }
}
